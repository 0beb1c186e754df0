"""Puts the pages together: what they work with, and the routes of each."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Final

from fastapi import APIRouter, FastAPI

from veilleur.dashboard.alerts_page import alerts_router
from veilleur.dashboard.attempts import FailedSignIns
from veilleur.dashboard.backtest_part import backtest_router
from veilleur.dashboard.bulk_page import bulk_router
from veilleur.dashboard.capture_page import capture_router
from veilleur.dashboard.communities_page import communities_router
from veilleur.dashboard.completions_page import completions_router
from veilleur.dashboard.context import PageContext
from veilleur.dashboard.conversations_page import conversations_router
from veilleur.dashboard.coverage_page import coverage_router
from veilleur.dashboard.devices_page import devices_router
from veilleur.dashboard.export_page import export_router
from veilleur.dashboard.first_run_page import first_run_router
from veilleur.dashboard.live import live_router
from veilleur.dashboard.mention_page import mention_router
from veilleur.dashboard.operations import Operations
from veilleur.dashboard.pairing_page import pairing_router
from veilleur.dashboard.people_page import people_router
from veilleur.dashboard.plan_page import plan_router
from veilleur.dashboard.preferences import preferences_router
from veilleur.dashboard.projects_page import projects_router
from veilleur.dashboard.qualifying_page import qualifying_router
from veilleur.dashboard.receivers_page import receivers_router
from veilleur.dashboard.rendering import Templates
from veilleur.dashboard.report_additions_page import report_additions_router
from veilleur.dashboard.reports_page import reports_router
from veilleur.dashboard.rules_page import rules_router
from veilleur.dashboard.signing_in import sign_in_router
from veilleur.dashboard.state_page import state_router
from veilleur.dashboard.static_files import StaticFiles
from veilleur.dashboard.stream_page import stream_router
from veilleur.dashboard.timeline_part import timeline_router
from veilleur.dashboard.tokens_page import tokens_router
from veilleur.dashboard.topic_page import topic_router
from veilleur.dashboard.trends_page import trends_router
from veilleur.dashboard.wall_page import wall_router
from veilleur.dashboard.watch_feeds_page import watch_feeds_router
from veilleur.dashboard.watches_page import watches_router
from veilleur.delivery.keeping import Outgoing
from veilleur.model.readiness import Readiness
from veilleur.store.database import Database

ROUTERS: Final = (
    stream_router,
    timeline_router,
    completions_router,
    live_router,
    mention_router,
    topic_router,
    trends_router,
    communities_router,
    qualifying_router,
    bulk_router,
    watches_router,
    watch_feeds_router,
    report_additions_router,
    reports_router,
    backtest_router,
    export_router,
    plan_router,
    alerts_router,
    rules_router,
    receivers_router,
    people_router,
    projects_router,
    tokens_router,
    wall_router,
    conversations_router,
    devices_router,
    capture_router,
    state_router,
    coverage_router,
    first_run_router,
    sign_in_router,
    preferences_router,
    pairing_router,
)
"""What makes the routes of each page."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


def install_pages(  # noqa: PLR0913 - what the pages show, by name
    app: FastAPI,
    database: Database,
    *,
    readiness: Callable[[], Readiness],
    operations: Operations,
    version: str,
    program: str = "veilleur",
    clock: Callable[[], datetime] = _utc_now,
    elapsed_s: Callable[[], float] = time.monotonic,
    is_stopping: Callable[[], bool] = lambda: False,
    outgoing: Outgoing | None = None,
) -> None:
    """Add the pages to an application; `program` is what a person would type here.

    `clock` gives aware UTC instants, `elapsed_s` measures how long ago somebody failed to sign in; pages
    that follow the stream let go once `is_stopping`.
    """
    statics = _statics()
    templates = Templates(statics, version=version, program=program)
    app.state.pages = PageContext(
        database, clock, readiness, operations, templates, FailedSignIns(elapsed_s), is_stopping, outgoing
    )
    app.include_router(statics.router())
    for router in _pages():
        app.include_router(router)


@cache
def _pages() -> tuple[APIRouter, ...]:
    """Return the routers, made once: they hold nothing of an application."""
    return tuple(router() for router in ROUTERS)


@cache
def _statics() -> StaticFiles:
    """Return the files, read and packed once."""
    return StaticFiles()
