"""Tries a condition on the past of a query: how often it would have told somebody, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from veilleur.dashboard.context import PageContext, Pages
from veilleur.dashboard.page_route import PageRoute
from veilleur.dashboard.stream_page import QueryText, wrong_query
from veilleur.dashboard.visits import Member, SignedInMember
from veilleur.model.condition import LONGEST_MINUTES, MOST_IN_WINDOW, Condition, ConditionKind
from veilleur.model.coverage import CoverageFilter
from veilleur.model.errors import QueryError
from veilleur.store.coverage import completeness
from veilleur.watches.backtest import Trial, backtest

TRIED_DAYS: Final[Sequence[int]] = (7, 30, 90)
_USUAL_DAYS: Final = 30
_SHOWN_TELLINGS: Final = 50

_Kind = Annotated[ConditionKind, Query(alias="condition")]
_AtLeast = Annotated[int, Query(ge=1, le=MOST_IN_WINDOW)]
_Minutes = Annotated[int, Query(ge=1, le=LONGEST_MINUTES)]
_CoolDown = Annotated[int, Query(ge=0, le=LONGEST_MINUTES)]
_Days = Annotated[int, Query(ge=1, le=max(TRIED_DAYS))]


def backtest_router() -> APIRouter:
    """Return the route of a trial."""
    router = APIRouter(include_in_schema=False, route_class=PageRoute)
    router.add_api_route("/backtest", show_backtest, methods=["GET"])
    return router


def show_backtest(  # noqa: PLR0913, PLR0917 - the fields of a form
    pages: Pages,
    member: SignedInMember,
    text: QueryText = "",
    kind: _Kind = ConditionKind.EVERY,
    at_least: _AtLeast = 1,
    window_minutes: _Minutes = 60,
    cool_down_minutes: _CoolDown = 0,
    days: _Days = _USUAL_DAYS,
) -> Response:
    """Answer with when somebody would have been told, the newest first; or with what is wrong with the query."""
    condition = Condition(
        kind=kind, at_least=at_least, window_minutes=window_minutes, cool_down_minutes=cool_down_minutes
    )
    return tried(pages, member, text, condition, timedelta(days=days), zone=member.visitor.zone.key)


def tried(  # noqa: PLR0913 - what is tried, for whom, on how long
    pages: PageContext, member: Member, text: str, condition: Condition, span: timedelta, *, zone: str
) -> Response:
    """Answer with when a condition on a query would have told somebody within a span up to now."""
    now = pages.clock()
    since_at = now - span
    trial = Trial(query=text, zone=zone, condition=condition, since_at=since_at, until_at=now)
    try:
        result = backtest(pages.database, member.person.scope, trial, now=now, limit=_SHOWN_TELLINGS)
    except QueryError as error:
        wrong = wrong_query(text, error, member.visitor.language)
        return pages.show("parts/wrong.html", member.visitor, status=HTTPStatus.OK, wrong=wrong)
    unseen = completeness(pages.database, member.person.scope, CoverageFilter(since_at=since_at, until_at=now))
    return pages.show("parts/backtest.html", member.visitor, result=result, days=span.days, unseen=unseen)
