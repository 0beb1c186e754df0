"""What people and rules say of a mention: tone, tags, off-topic, treated, note (DESIGN §4)."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from typing import Final

from msgspec import Struct

from veilleur.model.errors import QualificationError
from veilleur.model.identity import MentionId
from veilleur.model.spoken import N_

LONGEST_TAG: Final = 50
LONGEST_NOTE: Final = 2_000
MOST_TAGS: Final = 50
"""As many tags one call may add, and as many it may take away."""
MOST_QUALIFIED: Final = 100_000
"""As many mentions one call may qualify."""
# A tag is one word of a query: no space, comma, quotation mark or parenthesis, and nothing that no text can hold.
_TAG: Final = re.compile(rf"[^\W_][^\s,\"“”()*:\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]{{0,{LONGEST_TAG - 1}}}")
_UNWRITABLE: Final = re.compile("[\0\ud800-\udfff]")


class Tone(StrEnum):
    """How a mention speaks of its subject."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"
    MIXED = "mixed"


class Said(StrEnum):
    """What can be said of a mention, each by itself."""

    TONE = "tone"
    TAG = "tag"
    OFF_TOPIC = "off_topic"
    TREATED = "treated"
    NOTE = "note"


class Clearable(StrEnum):
    """What can be taken back without anything in its place."""

    TONE = "tone"
    NOTE = "note"


class Speaker(StrEnum):
    """Whose acts are asked for."""

    PEOPLE = "people"
    RULES = "rules"


class Qualifier(Struct, frozen=True, gc=False):
    """Who said something: a person (an account, a token's name, or `cli`), or a rule by its name."""

    name: str
    is_rule: bool = False


class Qualification(Struct, frozen=True, kw_only=True, gc=False):
    """What stands of a mention, said of it or of any other member of its fold.

    `tone_by` is who or what said the tone; `treated_by` and `treated_at` are known together.
    """

    tone: Tone | None = None
    tone_by: Qualifier | None = None
    tags: tuple[str, ...] = ()
    is_off_topic: bool = False
    treated_by: str | None = None
    treated_at: datetime | None = None
    note: str | None = None


class QualificationChange(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What to say of mentions; None leaves a field as it is."""

    tone: Tone | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    is_off_topic: bool | None = None
    is_treated: bool | None = None
    note: str | None = None
    clear: tuple[Clearable, ...] = ()


class QualificationAct(Struct, frozen=True, kw_only=True):
    """One call that said something, of one mention or many (`mention_count`: as many as it changed)."""

    id: int
    done_at: datetime
    done_by: Qualifier
    change: QualificationChange
    query: str | None
    mention_count: int
    undone_at: datetime | None = None
    undone_by: str | None = None


class QualifiedMany(Struct, frozen=True):
    """How many mentions were meant; `act` is None where nothing was changed."""

    mention_count: int
    act: QualificationAct | None


class JournalEntry(Struct, frozen=True, kw_only=True):
    """One thing that an act changed of a mention; None is nothing said. `tag` names the tag that it is of."""

    act_id: int
    mention_id: MentionId
    said_at: datetime
    said_by: Qualifier
    field: Said
    tag: str | None
    before: str | None
    after: str | None
    undone_at: datetime | None


_MANY_TAGS: Final = N_("at most %(most)s tags at once")
_A_NOTE: Final = N_("a note has from 1 to %(most)s characters that a text can hold")
_SAY_SOMETHING: Final = N_("say something: a tone, a tag, off-topic, treated or a note")
_CLEAR_OR_GIVE: Final = N_("either clear the tone or the note, or give another")
_A_TAG: Final = N_("a tag is one word of 1 to %(most)s letters, digits or signs such as - and &: not “%(text)s”")


def checked_change(change: QualificationChange) -> QualificationChange:
    """Return the change, its tags without `#`; raises QualificationError where it says nothing, or what none can."""
    added, removed = (tuple(map(_tag, tags)) for tags in (change.add_tags, change.remove_tags))
    if max(len(added), len(removed)) > MOST_TAGS:
        raise QualificationError(_MANY_TAGS, most=MOST_TAGS)
    if change.note is not None and (not 0 < len(change.note) <= LONGEST_NOTE or _UNWRITABLE.search(change.note)):
        raise QualificationError(_A_NOTE, most=f"{LONGEST_NOTE:,}")
    said = (change.tone, change.note, change.is_off_topic, change.is_treated)
    if all(one is None for one in said) and not (added or removed or change.clear):
        raise QualificationError(_SAY_SOMETHING)
    if (Clearable.TONE in change.clear and change.tone) or (Clearable.NOTE in change.clear and change.note):
        raise QualificationError(_CLEAR_OR_GIVE)
    return QualificationChange(
        tone=change.tone,
        add_tags=added,
        remove_tags=removed,
        is_off_topic=change.is_off_topic,
        is_treated=change.is_treated,
        note=change.note,
        clear=change.clear,
    )


def _tag(text: str) -> str:
    tag = text.strip().removeprefix("#")
    if _TAG.fullmatch(tag) is None:
        raise QualificationError(_A_TAG, most=LONGEST_TAG, text=text[:60])
    return tag
