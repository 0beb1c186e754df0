"""The shapes of watches, of what comes in for them and of back-tests, as they are sent and answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from veilleur.api.answer_parts import Answer
from veilleur.api.answers import Completeness, Mention
from veilleur.api.parameters import known_zone
from veilleur.model.condition import ConditionKind
from veilleur.model.kinds import ChangeKind
from veilleur.model.watch import LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_ZONE, NAME_PATTERN
from veilleur.query.reading import MAX_QUERY_LENGTH


class WatchShape(BaseModel):
    """A watch as it should be."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    query: Annotated[str, Field(max_length=MAX_QUERY_LENGTH)]
    """As for a search; its relative times slide."""
    zone: Annotated[str, Field(max_length=LONGEST_ZONE), AfterValidator(known_zone)] = "UTC"
    """The time zone in which its days begin."""
    description: Annotated[str, Field(min_length=1, max_length=LONGEST_DESCRIPTION)] | None = None
    name: Annotated[str, Field(max_length=LONGEST_NAME, pattern=NAME_PATTERN)] | None = None
    """Another name than the one it has."""


class Watch(Answer):
    """A query that is kept under a name."""

    id: int
    name: str
    project: str
    query: str
    zone: str
    description: str | None
    version: int
    """What it asks was written so many times."""
    made_by: str
    created_at: datetime
    changed_by: str
    """Who wrote this version."""
    changed_at: datetime
    archived_by: str | None
    archived_at: datetime | None
    """Null while it watches."""


class Unread(Answer):
    """How many mentions this token has not seen in it."""

    count: int
    is_more: bool
    """There are more than `count`, which stops at 1,000."""


class WatchOverview(Answer):
    """A watch, and what is new in it."""

    watch: Watch
    problem: str | None
    """Why this release cannot read its query."""
    unread: Unread


class WatchList(Answer):
    """A page of the project's watches by name."""

    watches: list[WatchOverview]
    next_cursor: str | None
    completeness: Completeness


class WatchVersion(Answer):
    """What a watch was called and asked, until the next version."""

    version: int
    name: str
    query: str
    zone: str
    description: str | None
    changed_by: str
    changed_at: datetime


class WatchHistory(Answer):
    """The newest version first."""

    versions: list[WatchVersion]
    next_cursor: str | None


class NewMentions(Answer):
    """Mentions that this token has not seen in a watch, in the order in which they came."""

    mentions: list[Mention]
    next_cursor: str
    """The place after them: `after=` this goes on, and `POST …/seen?through=` this tells that they were seen."""
    has_more: bool
    completeness: Completeness


class Condition(Answer):
    """When somebody would have been told."""

    kind: ConditionKind
    at_least: int
    window_minutes: int
    cool_down_minutes: int


class Telling(Answer):
    """One time at which somebody would have been told, and why."""

    at: datetime
    evidence_count: int
    first_mention_id: str | None
    last_mention_id: str | None


class Backtest(Answer):
    """What a condition would have told."""

    condition: Condition
    since_at: datetime
    until_at: datetime
    match_count: int
    """So many mentions were held against it."""
    telling_count: int
    omitted: int
    """So many of the earliest are not listed."""
    tellings: list[Telling]
    counted_since_at: datetime | None
    """Null: tried on every match. Else there were more than 50,000, and the newest were tried, from that instant on."""
    completeness: Completeness
    """What was not seen in that time: silence then may be none."""


class Change(Answer):
    """What happened to a mention."""

    op: ChangeKind
    mention_id: str
    project: str
    is_replayed: bool
    """By playing a log or reading it anew."""
    is_said: bool
    """By what people or rules say of it, and by nothing that came."""
    mention: Mention | None
    """As it stands now; null where it is erased."""


class ChangePage(Answer):
    """Changes in the order of arrival."""

    changes: list[Change]
    next_cursor: str
    """Goes on after these, also where there are no more yet."""
    has_more: bool
    completeness: Completeness
    """What was never seen is in no change either."""
