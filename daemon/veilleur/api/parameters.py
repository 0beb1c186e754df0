"""The parameters that operations share, each described once."""

from __future__ import annotations

from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import Depends, Path, Query
from msgspec.structs import replace
from pydantic import AfterValidator

from veilleur.api.context import Context
from veilleur.api.problems import ParameterError, Problem, ProblemKind, Refusal
from veilleur.model.coverage import CoverageCause, CoverageFilter
from veilleur.model.errors import QueryError
from veilleur.model.kinds import OutcomeKind
from veilleur.model.listing import CountBy
from veilleur.query import expression
from veilleur.query.reading import read_query
from veilleur.query.window import read_window

MOST_ROWS: Final = 500
_USUAL_ROWS: Final = 50
_CURSOR_PATTERN: Final = "^([0-9a-f]{1,15}|[0-7][0-9a-f]{15})$"
_MENTION_PATTERN: Final = "^[0-9a-f]{32}$"
_DEVICE_PATTERN: Final = "^[a-z0-9-]{1,64}$"
_MOST_ID: Final = 2**63 - 1
_QUERY_HELP: Final = (
    'Words and "phrases" that must all stand in body or target, and the fields `platform:` `kind:` `from:` `since:` '
    "`until:` and `#tag`. Empty: every mention."
)


_ZONE_HELP: Final = "Input should be the IANA name of a time zone, such as Europe/Paris"
_USUAL_ZONE: Final = "UTC"


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(_ZONE_HELP) from None
    return name


_QueryText = Annotated[
    str,
    Query(
        alias="q",
        description=_QUERY_HELP,
        openapi_examples={
            "words": {"summary": "A word and a hashtag", "value": "plastique #pouletrose"},
            "fields": {"summary": "Comments on TikTok in one week", "value": "platform:tiktok kind:comment since:7d"},
            "actor": {"summary": "One actor, until a day", "value": "from:@solene.raconte.vb until:2026-11-13"},
        },
    ),
]
_ZoneName = Annotated[
    str,
    AfterValidator(_known_zone),
    Query(
        alias="zone",
        description="The time zone in which the days of `since:` and `until:` begin.",
        openapi_examples={"paris": {"value": "Europe/Paris"}},
    ),
]
_INSTANT: Final = r"^[0-9A-Za-z:+.-]{1,40}$"
_SinceText = Annotated[
    str | None,
    Query(
        alias="since",
        pattern=_INSTANT,
        description="What lasted into the time from here on: `7d`, `24h`, `2026-11-20`, `2026-11-20T18:00`.",
        openapi_examples={"week": {"value": "7d"}},
    ),
]
_UntilText = Annotated[
    str | None,
    Query(alias="until", pattern=_INSTANT, description="What began before this: as `since`; a day is meant whole."),
]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="The most rows to answer with.")]
Cursor = Annotated[
    str | None,
    Query(pattern=_CURSOR_PATTERN, description="The `next_cursor` of the page before."),
]
OutcomeFilter = Annotated[OutcomeKind | None, Query(description="Only notifications with this outcome.")]
CountedBy = Annotated[CountBy, Query(description="What mentions are counted by.")]
MentionKey = Annotated[str, Path(pattern=_MENTION_PATTERN, description="A mention's id.")]
NotificationKey = Annotated[int, Path(ge=1, le=_MOST_ID, description="The id of a raw notification's row.")]

CoverageRows = Annotated[int, Query(ge=1, le=MOST_ROWS, description="The most intervals to answer with.")]
_Device = Annotated[str | None, Query(pattern=_DEVICE_PATTERN, description="Only this device.")]
_Cause = Annotated[CoverageCause | None, Query(description="Only what was not seen for this cause.")]
OpenFilter = Annotated[
    bool | None, Query(description="True: only what is wrong now. False: only what is over. Left out: both.")
]
DeviceName = Annotated[
    str,
    Path(
        pattern=_DEVICE_PATTERN,
        description="A device's name.",
        openapi_examples={"device": {"value": "salle-1"}},
    ),
]

FIRST_ROWS: Final[Limit] = _USUAL_ROWS


def _asked(context: Context, text: _QueryText = "", zone: _ZoneName = _USUAL_ZONE) -> expression.Query:
    return read_query(text, now=context.clock(), zone=ZoneInfo(zone))


def _asked_window(
    context: Context, since: _SinceText = None, until: _UntilText = None, zone: _ZoneName = _USUAL_ZONE
) -> CoverageFilter:
    now = context.clock()
    read = {}
    for name, text in (("since", since), ("until", until)):
        try:
            read[name] = read_window(**{name: text}, now=now, zone=ZoneInfo(zone))
        except QueryError as error:
            wrong = ParameterError(name, f"Input should be {error.expected}")
            detail = f"{name}: {wrong.reason}"
            raise Refusal(Problem(kind=ProblemKind.WRONG_PARAMETER, detail=detail, errors=(wrong,))) from None
    return CoverageFilter(since_at=read["since"].since_at, until_at=read["until"].until_at)


def _asked_coverage(
    window: Annotated[CoverageFilter, Depends(_asked_window)], device: _Device = None, cause: _Cause = None
) -> CoverageFilter:
    return replace(window, device=device, cause=cause)


AskedCoverage = Annotated[CoverageFilter, Depends(_asked_coverage)]
AskedQuery = Annotated[expression.Query, Depends(_asked)]
