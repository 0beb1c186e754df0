"""The shapes of what is said of mentions, as it is sent and answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from veilleur.api.answer_parts import Answer, Qualification, Qualifier
from veilleur.model.qualification import LONGEST_NOTE, LONGEST_TAG, MOST_TAGS, Clearable, Said, Tone
from veilleur.query.reading import MAX_QUERY_LENGTH

MOST_IDS = 500

_Tag = Annotated[str, Field(min_length=1, max_length=LONGEST_TAG + 1)]
Tags = Annotated[list[_Tag], Field(max_length=MOST_TAGS)]
_MentionId = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]


class ChangeShape(BaseModel):
    """What to say; what is left out stays as it is."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    tone: Tone | None = None
    add_tags: Tags = []
    """Each one word, with or without `#`."""
    remove_tags: Tags = []
    is_off_topic: bool | None = None
    is_treated: bool | None = None
    note: Annotated[str, Field(min_length=1, max_length=LONGEST_NOTE)] | None = None
    """In place of the note that it has."""
    clear: Annotated[list[Clearable], Field(max_length=len(Clearable))] = []
    """What to take back without anything in its place."""


class BulkChangeShape(BaseModel):
    """What to say of many mentions: those of `mention_ids`, or all that a query shows now."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    change: ChangeShape
    mention_ids: Annotated[list[_MentionId], Field(min_length=1, max_length=MOST_IDS)] | None = None
    query: Annotated[str, Field(max_length=MAX_QUERY_LENGTH)] | None = None
    """A query, where no ids are given; empty: every mention."""
    zone: Annotated[str, Field(max_length=64)] = "UTC"
    """The time zone in which the days of the query begin."""
    dry_run: bool = False
    """Only count: nothing is changed."""


class QualificationAct(Answer):
    """One call that said something, of one mention or many."""

    id: int
    done_at: datetime
    done_by: Qualifier
    change: dict[str, object]
    """What was said: the fields that were sent."""
    query: str | None
    """Of which query's mentions, where it was a query's."""
    mention_count: int
    """Of how many mentions it changed what stands."""
    undone_at: datetime | None
    undone_by: str | None


class QualifiedMention(Answer):
    """What stands of a mention now."""

    qualification: Qualification | None
    act: QualificationAct | None
    """Null: it stood already."""


class QualifiedMentions(Answer):
    """What was done, or would be."""

    mention_count: int
    """How many mentions were asked for that this token may see."""
    act: QualificationAct | None
    """Null for a dry run, and where nothing changed."""


class QualificationActs(Answer):
    """The latest first."""

    acts: list[QualificationAct]
    next_cursor: str | None
    """`cursor` for the next page; null on the last."""


class JournalEntry(Answer):
    """One thing that an act changed of a mention."""

    act_id: int
    mention_id: str
    """The member of the fold that it was said of."""
    said_at: datetime
    said_by: Qualifier
    field: Said
    tag: str | None
    """Which tag it is about."""
    before: str | None
    """Null: nothing was said."""
    after: str | None
    undone_at: datetime | None


class MentionJournal(Answer):
    """The latest first, 1,000 at most."""

    entries: list[JournalEntry]


class UndoneAct(Answer):
    """What an undone act was about."""

    mention_count: int
    """On how many mentions what stood before stands again; what somebody said since stays."""
