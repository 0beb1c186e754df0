"""Writes answers: the same bytes as the CLI's JSON, and what every list carries."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from http import HTTPStatus
from typing import Any, Final

from fastapi import Response
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from veilleur.model.coverage import Completeness
from veilleur.model.wire import completeness_fields, dump_line

_SAFE_METHODS: Final = frozenset({"GET", "HEAD"})
_OF_NOT_MODIFIED: Final = ("ETag", "Cache-Control", "Last-Modified")
"""What an answer that is not sent says all the same (RFC 9110, 15.4.5)."""


class ConditionalAnswer(Response):
    """An answer that a reader who holds it already need not be sent again.

    The tag is made of the answer itself: what an answer says also moves with the clock, coverage, campaigns and
    people's decisions, so that no counter of the store could stand for it.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        tag = f'W/"{blake2b(bytes(self.body), digest_size=12).hexdigest()}"'
        self.headers["ETag"] = tag
        if scope["method"] in _SAFE_METHODS and _holds(Headers(scope=scope).getlist("if-none-match"), tag):
            kept = {name: self.headers[name] for name in _OF_NOT_MODIFIED if name in self.headers}
            await Response(status_code=HTTPStatus.NOT_MODIFIED, headers=kept)(scope, receive, send)
            return
        await super().__call__(scope, receive, send)


def json_answer(fields: object, status: int = 200) -> Response:
    """Return the answer that holds these fields; a success may be asked for on condition (If-None-Match)."""
    kind = ConditionalAnswer if status == HTTPStatus.OK else Response
    return kind(dump_line(fields), status, media_type="application/json")


def listing_fields(name: str, rows: Sequence[dict[str, Any]], completeness: Completeness) -> dict[str, Any]:
    """Return a list's rows under `name`, with what it could not see."""
    return {name: rows, "completeness": completeness_fields(completeness)}


def page_fields(
    name: str, rows: Sequence[dict[str, Any]], next_cursor: str | None, completeness: Completeness
) -> dict[str, Any]:
    """Return one page of a list."""
    return listing_fields(name, rows, completeness) | {"next_cursor": next_cursor}


def _holds(held: Sequence[str], tag: str) -> bool:
    """Return whether an If-None-Match names this tag: weak and strong are one there (RFC 9110, 13.1.2)."""
    tags = {one.strip().removeprefix("W/") for line in held for one in line.split(",")}
    return "*" in tags or tag.removeprefix("W/") in tags
