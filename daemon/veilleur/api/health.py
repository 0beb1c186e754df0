"""Whether the daemon lives and is ready: for supervisors and for `make up`, without a token."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Response
from msgspec import to_builtins

from veilleur.api import answers
from veilleur.api.context import Context
from veilleur.api.writing import json_answer


def health_router() -> APIRouter:
    """Return the two operations that need no token."""
    router = APIRouter(tags=["health"])
    router.add_api_route(
        "/healthz", read_health, summary="Tell that the process answers", response_model=answers.Health
    )
    not_ready = {"model": answers.Readiness, "description": "Not every part works."}
    router.add_api_route(
        "/readyz",
        read_readiness,
        summary="Tell whether every part works",
        response_model=answers.Readiness,
        responses={503: not_ready},
    )
    for path, read in (("/healthz", read_health), ("/readyz", read_readiness)):
        router.add_api_route(path, read, methods=["HEAD"], include_in_schema=False)
    return router


async def read_health(context: Context) -> Response:
    """Answer as soon as the process serves requests, whatever its parts do."""
    return json_answer({"is_alive": True, "version": context.version})


def read_readiness(context: Context) -> Response:
    """Answer 200 when every part works, else 503, with the state of each part."""
    readiness = context.readiness()
    status = HTTPStatus.OK if readiness.is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    return json_answer(to_builtins(readiness), status)
