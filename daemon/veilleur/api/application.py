"""Puts the API together: operations, problem details, the boundary around them, and their description."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Final

from fastapi import APIRouter, FastAPI

from veilleur.api.alert_rules import alert_rule_router
from veilleur.api.alerts import alert_router
from veilleur.api.boundary import HttpBoundary
from veilleur.api.campaigns import campaign_router
from veilleur.api.changes import change_router
from veilleur.api.context import ApiContext
from veilleur.api.counts import count_router
from veilleur.api.coverage import coverage_router
from veilleur.api.deliveries import delivery_router
from veilleur.api.description import DescribedApi
from veilleur.api.device_configs import device_config_router
from veilleur.api.devices import device_router
from veilleur.api.docs_page import add_docs_page
from veilleur.api.drift import drift_router
from veilleur.api.exports import export_router
from veilleur.api.feed_documents import feed_document_router
from veilleur.api.feeds import feed_router
from veilleur.api.handing_over import Elsewhere, HandingOver
from veilleur.api.health import health_router
from veilleur.api.hosts import LOOPBACK_NAMES, KnownHosts
from veilleur.api.kept_answers import KeptAnswers
from veilleur.api.mentions import mention_router
from veilleur.api.notifications import notification_router
from veilleur.api.plan import plan_router
from veilleur.api.problems import answer_with_problems
from veilleur.api.projects import project_router
from veilleur.api.qualifications import qualification_router
from veilleur.api.receivers import receiver_router
from veilleur.api.report_schedules import report_schedule_router
from veilleur.api.reports import report_router
from veilleur.api.rules import rule_router
from veilleur.api.stream import stream_router
from veilleur.api.trends import trend_router
from veilleur.api.watches import watch_router
from veilleur.delivery.keeping import Outgoing
from veilleur.model.readiness import Readiness
from veilleur.store.database import Database

_ROUTERS: Final = (
    export_router,
    mention_router,
    count_router,
    notification_router,
    device_router,
    device_config_router,
    coverage_router,
    campaign_router,
    qualification_router,
    rule_router,
    plan_router,
    watch_router,
    report_router,
    report_schedule_router,
    feed_router,
    alert_rule_router,
    alert_router,
    trend_router,
    change_router,
    stream_router,
    receiver_router,
    delivery_router,
    drift_router,
    project_router,
)


def create_api(  # noqa: PLR0913 - what the application stands on
    database: Database,
    *,
    clock: Callable[[], datetime],
    readiness: Callable[[], Readiness],
    version: str,
    host_names: frozenset[str] = LOOPBACK_NAMES,
    outgoing: Outgoing | None = None,
    is_stopping: Callable[[], bool] = lambda: False,
    elsewhere: Elsewhere | None = None,
) -> FastAPI:
    """Return the ASGI application that serves the API; pages may be added to it as further routers.

    `clock` gives aware UTC instants. `readiness` is asked at each look, in a worker thread. Every token is
    looked up at every request, unless nothing at all was committed since it was: a revocation holds from the next one
    on. A request may name one of `host_names` as its host, or the address that it came to. Where there is an
    `elsewhere`, reads of mentions are handed to it first.
    """
    app = DescribedApi(version)
    app.state.context = ApiContext(database, clock, readiness, version, outgoing, is_stopping)
    if elsewhere is not None:
        app.add_middleware(HandingOver, elsewhere=elsewhere)
    app.add_middleware(KeptAnswers, state=database.state, clock=clock)
    app.add_middleware(KnownHosts, names=host_names)
    app.add_middleware(HttpBoundary)
    answer_with_problems(app)
    for router in _operations():
        app.include_router(router, prefix="/api/v1")
    app.include_router(feed_document_router())
    app.include_router(health_router())
    add_docs_page(app)
    return app


@cache
def _operations() -> tuple[APIRouter, ...]:
    """Return the routers, made once: they cost more than all else of an application and hold nothing of it."""
    return tuple(router() for router in _ROUTERS)
