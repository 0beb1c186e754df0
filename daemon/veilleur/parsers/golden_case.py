"""How a golden case writes what a notification must become: by the project's own tests, and by apps of a user's own."""

from __future__ import annotations

from typing import Any

from veilleur.model.outcome import Amendment, Draft, Ignored, Outcome, Quarantined, UndatedThread
from veilleur_bridge.envelope import Envelope

Json = dict[str, Any]


def case_of(name: str, envelope: Envelope, outcome: Outcome) -> Json:
    """Return the line of a golden file: a notification's words beside what was read in them."""
    notification = envelope.notification
    words = {field: getattr(notification, field) for field in ("title", "text", "channel")}
    shown = {field: value for field, value in words.items() if value is not None}
    about = {"case": name, "package": envelope.app.package, "locale": envelope.locale, "notification": shown}
    return about | outcome_as_json(outcome)


def outcome_as_json(outcome: Outcome) -> Json:
    """Return an outcome as golden files write it."""
    if isinstance(outcome, Ignored):
        written: Json = {"is": f"ignored:{outcome.reason}"}
        return written | _undated("candidates", outcome.candidates)
    if isinstance(outcome, Quarantined):
        return {"is": f"quarantined:{outcome.reason}"}
    written = {"is": [_mention(draft) for draft in outcome.mentions]}
    if outcome.amendments:
        written["deleted"] = [_amendment(amendment) for amendment in outcome.amendments]
    return written | _undated("undated", outcome.undated)


def _undated(name: str, thread: UndatedThread | None) -> Json:
    """Return what each line says, nothing of one that makes no mention."""
    if thread is None:
        return {}
    return {name: ["deleted" if line.is_deleted else line.draft and _mention(line.draft) for line in thread.lines]}


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
