"""Golden cases: a notification beside what it must become, one JSON object a line in `tests/cases/APP/`.

`is` holds `ignored:REASON`, `quarantined:REASON`, or the mentions with every field that is not absent;
`deleted` the messages that the notification marks as such.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.daemon.parsers.parser_parts import envelope_of
from veilleur.model.outcome import Amendment, Draft, Ignored, Outcome, Parsed, Quarantined
from veilleur_bridge.envelope import Envelope

CASES = Path(__file__).parents[2] / "cases"
Json = dict[str, Any]


class GoldenCase(NamedTuple):
    """One line of a golden file."""

    name: str
    app: str
    envelope: Envelope
    expected: Json


def golden_cases() -> Iterator[GoldenCase]:
    """Yield every case of every file."""
    for path in sorted(CASES.glob("*/*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row: Json = json.loads(line)
            envelope = envelope_of(row["package"], row["notification"], locale=row["locale"])
            expected: Json = {name: row[name] for name in ("is", "deleted") if name in row}
            yield GoldenCase(f"{path.parent.name}/{path.stem}: {row['case']}", path.parent.name, envelope, expected)


def outcome_as_json(outcome: Outcome) -> Json:
    """Return an outcome as golden files write it."""
    if isinstance(outcome, Ignored):
        return {"is": f"ignored:{outcome.reason}"}
    if isinstance(outcome, Quarantined):
        return {"is": f"quarantined:{outcome.reason}"}
    written: Json = {"is": [_mention(draft) for draft in outcome.mentions]}
    if outcome.amendments:
        written["deleted"] = [_amendment(amendment) for amendment in outcome.amendments]
    return written


def patterns_of(outcome: Outcome) -> set[str]:
    """Return the catalogue entries that an outcome's mentions were read with."""
    return {draft.pattern for draft in outcome.mentions} if isinstance(outcome, Parsed) else set()


def _mention(draft: Draft) -> Json:
    actor, conversation, media = draft.actor, draft.conversation, draft.media
    fields: Json = {
        "platform": draft.platform,
        "kind": draft.kind,
        "visibility": draft.visibility,
        "actor": actor and actor.name,
        "handle": actor and actor.handle,
        "phone": actor and actor.phone,
        "others": actor and actor.others_count,
        "conversation": conversation and conversation.id,
        "titled": conversation and conversation.title,
        "is_group": conversation and conversation.is_group,
        "target": draft.target,
        "body": draft.body,
        "media": media and media.kind,
        "seconds": media and media.duration_s,
        "count": draft.count,
        "hashtags": list(draft.hashtags) or None,
        "at_ms": draft.occurred_at_ms,
        "approximate": draft.is_time_approximate or None,
        "open": draft.open and draft.open.url,
        "folds": draft.folds or None,
        "pattern": draft.pattern,
        "confidence": draft.confidence,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _amendment(amendment: Amendment) -> Json:
    return {"conversation": amendment.conversation_key, "sender": amendment.sender, "at_ms": amendment.at_ms}
