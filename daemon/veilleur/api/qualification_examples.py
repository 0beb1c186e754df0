"""What the operations on qualifications, rules and the watch plan answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from veilleur.model.identity import MentionId
from veilleur.model.plan import HASHTAG_SIGHT, PlanEntry, PlanKind, PlanStanding, alerts_query, tag_url
from veilleur.model.qualification import (
    JournalEntry,
    Qualification,
    QualificationAct,
    QualificationChange,
    Qualifier,
    Said,
    Tone,
)
from veilleur.model.rules import QualificationRule
from veilleur.model.wire import act_fields, journal_fields, plan_fields, qualification_fields, rule_fields

_AT: Final = datetime(2026, 11, 14, 9, 30, tzinfo=UTC)
_MENTION_ID: Final = MentionId("01a1d4b66300dc42696bc4c85786cb07")
_LEA: Final = Qualifier("lea")
_ENTRY: Final = {"kind": "hashtag", "target": "#pouletrose"}


def qualification_examples() -> dict[str, Any]:
    """Return the answer of each operation, by operation id."""
    act = act_fields(_act())
    said = Qualification(tone=Tone.NEGATIVE, tone_by=_LEA, tags=("rumeur",))
    return {
        "qualify_mention": {"qualification": qualification_fields(said), "act": act},
        "qualify_mentions": {"mention_count": 1, "act": act},
        "read_mention_journal": {"entries": [journal_fields(_entry())]},
        "list_qualification_acts": {"acts": [act], "next_cursor": None},
        "undo_qualification_act": {"mention_count": 1},
        "list_rules": {"rules": [rule_fields(_rule())]},
        "make_rule": rule_fields(_rule()),
        "remove_rule": rule_fields(_rule()),
        "apply_rule": {"mention_count": 1, "act": None},
        "read_plan": {"plan": [plan_fields(_standing())], "about_hashtags": HASHTAG_SIGHT},
        "save_plan": {"added": 1, "changed": 0},
        "remove_entries": {"removed": 1},
    }


def qualification_bodies() -> dict[str, Any]:
    """Return the body of each operation that takes one, by operation id."""
    change = {"tone": Tone.NEGATIVE.value, "add_tags": ["rumeur"]}
    return {
        "qualify_mention": change,
        "make_rule": {"words": ["plastique", "arnaque*"], "tone": Tone.NEGATIVE.value, "add_tags": ["rumeur"]},
        "apply_rule": {"dry_run": True},
        "save_plan": {"entries": [_ENTRY]},
        "remove_entries": {"entries": [_ENTRY]},
        "qualify_mentions": {"query": "plastique since:2026-11-01", "change": change, "dry_run": True},
    }


def _act() -> QualificationAct:
    change = QualificationChange(tone=Tone.NEGATIVE, add_tags=("rumeur",))
    return QualificationAct(id=1, done_at=_AT, done_by=_LEA, change=change, query="plastique", mention_count=1)


def _rule() -> QualificationRule:
    return QualificationRule(
        name="rumeur",
        project="default",
        query="",
        words=("plastique", "arnaque*"),
        change=QualificationChange(tone=Tone.NEGATIVE, add_tags=("rumeur",)),
        may_read_private=False,
        created_by="lea",
        created_at=_AT,
    )


def _standing() -> PlanStanding:
    return PlanStanding(
        entry=PlanEntry(kind=PlanKind.HASHTAG, target="#pouletrose", platform="tiktok"),
        last_at=_AT,
        silence=None,
        tag_url=tag_url("#pouletrose"),
        alerts_query=alerts_query("#pouletrose"),
    )


def _entry() -> JournalEntry:
    return JournalEntry(
        act_id=1,
        mention_id=_MENTION_ID,
        said_at=_AT,
        said_by=_LEA,
        field=Said.TONE,
        tag=None,
        before=None,
        after=Tone.NEGATIVE.value,
        undone_at=None,
    )
