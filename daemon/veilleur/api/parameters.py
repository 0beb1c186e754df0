"""The parameters that operations share, each described once."""

from __future__ import annotations

from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import Depends, Path, Query
from pydantic import AfterValidator

from veilleur.api.context import Context
from veilleur.model.kinds import OutcomeKind
from veilleur.model.listing import CountBy
from veilleur.query import expression
from veilleur.query.reading import read_query

MOST_ROWS: Final = 500
_USUAL_ROWS: Final = 50
_CURSOR_PATTERN: Final = "^([0-9a-f]{1,15}|[0-7][0-9a-f]{15})$"
_MENTION_PATTERN: Final = "^[0-9a-f]{32}$"
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
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="The most rows to answer with.")]
Cursor = Annotated[
    str | None,
    Query(pattern=_CURSOR_PATTERN, description="The `next_cursor` of the page before."),
]
OutcomeFilter = Annotated[OutcomeKind | None, Query(description="Only notifications with this outcome.")]
CountedBy = Annotated[CountBy, Query(description="What mentions are counted by.")]
MentionKey = Annotated[str, Path(pattern=_MENTION_PATTERN, description="A mention's id.")]
NotificationKey = Annotated[int, Path(ge=1, le=_MOST_ID, description="The id of a raw notification's row.")]

FIRST_ROWS: Final[Limit] = _USUAL_ROWS


def _asked(context: Context, text: _QueryText = "", zone: _ZoneName = _USUAL_ZONE) -> expression.Query:
    return read_query(text, now=context.clock(), zone=ZoneInfo(zone))


AskedQuery = Annotated[expression.Query, Depends(_asked)]
