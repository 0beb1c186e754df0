"""The parameters that operations share, each described once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import Depends, Path, Query, Request
from msgspec.structs import replace
from pydantic import AfterValidator

from veilleur.api.context import Context, context_of
from veilleur.api.problems import ParameterError, Problem, ProblemKind, Refusal
from veilleur.model.coverage import CoverageCause, CoverageFilter
from veilleur.model.errors import QueryError
from veilleur.model.kinds import OutcomeKind
from veilleur.model.listing import LogOrder, Order
from veilleur.query import expression
from veilleur.query.fields import FIELDS
from veilleur.query.reading import read_query
from veilleur.query.window import read_window
from veilleur_bridge.wire.members import MAX_PACKAGE_LENGTH

MOST_ROWS: Final = 500
_USUAL_ROWS: Final = 50
_CURSOR_PATTERN: Final = "^([0-9a-f]{1,15}|[0-7][0-9a-f]{15})$"
_MENTION_PATTERN: Final = "^[0-9a-f]{32}$"
_DEVICE_PATTERN: Final = "^[a-z0-9-]{1,64}$"
_MOST_ID: Final = 2**63 - 1
_QUERY_HELP: Final = (
    'Words in body or target, "phrases", prefixes (`grèv*`), `#tag` and `@handle`, joined by `AND` (or side by side), '
    f"`OR`, `NOT` and parentheses, and the fields {' '.join(f'`{name}:`' for name in FIELDS)}. "
    "`docs/reference/query-language.md` describes each. Empty: every mention."
)


class Language(StrEnum):
    """A language that queries are explained in."""

    ENGLISH = "en"
    FRENCH = "fr"


_ZONE_HELP: Final = "Input should be the IANA name of a time zone, such as Europe/Paris"
_USUAL_ZONE: Final = "UTC"


def known_zone(name: str) -> str:
    """Return the name of a time zone; raises ValueError where it is none."""
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
            "joined": {"summary": "Either of two, without a third", "value": "(grèv* OR retard) NOT #humour"},
            "actor": {"summary": "One actor, until a day", "value": "from:@solene.raconte.vb until:2026-11-13"},
        },
    ),
]
_ZoneName = Annotated[
    str,
    AfterValidator(known_zone),
    Query(
        alias="zone",
        description="The time zone in which days begin, those of `since:` and `until:` too.",
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
LogFrom = Annotated[LogOrder, Query(description="Whether the latest or the oldest stored comes first.")]
CoverageCursor = Annotated[
    str | None,
    Query(pattern="^[0-9a-f]{1,15}-[0-9a-f]{1,15}$", description="The `next_cursor` of the page before."),
]
RowsToSkip = Annotated[
    str | None, Query(alias="cursor", pattern="^[0-9a-f]{1,8}$", description="The `next_cursor` of the page before.")
]
DeadLetterKey = Annotated[int, Path(ge=1, le=_MOST_ID, description="A dead letter's id.")]
PackageFilter = Annotated[
    str | None,
    Query(alias="package", min_length=1, max_length=MAX_PACKAGE_LENGTH, description="Only this app's."),
]
PhraseLanguage = Annotated[Language, Query(alias="lang", description="The language of the answer.")]
OutcomeFilter = Annotated[OutcomeKind | None, Query(description="Only notifications with this outcome.")]
OrderedBy = Annotated[
    Order,
    Query(
        description="`newest` first, in pages; or by `relevance` (bm25): one page, of the newest 10,000 that match. "
        "SQLite weighs words by the whole index for who may read all of it, PostgreSQL by what it ranks."
    ),
]
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


@dataclass(frozen=True)
class Question:
    """A query as it was asked, and when; it is read where it is first needed, in the thread that answers."""

    text: str
    zone: ZoneInfo
    asked_at: datetime

    @cached_property
    def query(self) -> expression.Query:
        """What the text asks for; raises QueryError."""
        return read_query(self.text, now=self.asked_at, zone=self.zone)


async def _question(request: Request, text: _QueryText = "", zone: _ZoneName = _USUAL_ZONE) -> Question:
    return Question(text, ZoneInfo(zone), context_of(request).clock())


AskedQuestion = Annotated[Question, Depends(_question)]


def _asked_days(context: Context, since: _SinceText = None, zone: _ZoneName = _USUAL_ZONE) -> CoverageFilter:
    return _read_end(context, "since", since, zone)


def _asked_window(
    context: Context, since: _SinceText = None, until: _UntilText = None, zone: _ZoneName = _USUAL_ZONE
) -> CoverageFilter:
    since_at = _read_end(context, "since", since, zone).since_at
    return CoverageFilter(since_at=since_at, until_at=_read_end(context, "until", until, zone).until_at)


def _read_end(context: Context, name: str, text: str | None, zone: str) -> CoverageFilter:
    try:
        return read_window(**{name: text}, now=context.clock(), zone=ZoneInfo(zone))
    except QueryError as error:
        wrong = ParameterError(name, f"Input should be {error.expected}")
        detail = f"{name}: {wrong.reason}"
        raise Refusal(Problem(kind=ProblemKind.WRONG_PARAMETER, detail=detail, errors=(wrong,))) from None


AskedWindow = Annotated[CoverageFilter, Depends(_asked_window)]


def _asked_coverage(window: AskedWindow, device: _Device = None, cause: _Cause = None) -> CoverageFilter:
    return replace(window, device=device, cause=cause)


AskedDays = Annotated[CoverageFilter, Depends(_asked_days)]
AskedCoverage = Annotated[CoverageFilter, Depends(_asked_coverage)]
