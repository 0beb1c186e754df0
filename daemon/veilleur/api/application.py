"""Puts the API together: operations, problem details, the boundary around them, and their description."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI

from veilleur.api.boundary import HttpBoundary
from veilleur.api.context import ApiContext
from veilleur.api.coverage import coverage_router
from veilleur.api.description import DescribedApi
from veilleur.api.device_configs import device_config_router
from veilleur.api.devices import device_router
from veilleur.api.docs_page import add_docs_page
from veilleur.api.drift import drift_router
from veilleur.api.health import health_router
from veilleur.api.hosts import LOOPBACK_NAMES, KnownHosts
from veilleur.api.mentions import mention_router
from veilleur.api.notifications import notification_router
from veilleur.api.problems import answer_with_problems
from veilleur.model.readiness import Readiness
from veilleur.store.database import Database


def create_api(
    database: Database,
    *,
    clock: Callable[[], datetime],
    readiness: Callable[[], Readiness],
    version: str,
    host_names: frozenset[str] = LOOPBACK_NAMES,
) -> FastAPI:
    """Return the ASGI application that serves the API; pages may be added to it as further routers.

    `clock` gives aware UTC instants. `readiness` is asked at each look, in a worker thread. Every token is
    looked up at every request, so that a revocation holds from the next one on. A request may name one of
    `host_names` as its host, or the address that it came to.
    """
    app = DescribedApi(version)
    app.state.context = ApiContext(database, clock, readiness, version)
    app.add_middleware(KnownHosts, names=host_names)
    app.add_middleware(HttpBoundary)
    answer_with_problems(app)
    for router in (
        mention_router,
        notification_router,
        device_router,
        device_config_router,
        coverage_router,
        drift_router,
    ):
        app.include_router(router(), prefix="/api/v1")
    app.include_router(health_router())
    add_docs_page(app)
    return app
