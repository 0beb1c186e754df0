"""The form of an alert rule: its fields as a draft, and a draft as its fields."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

from veilleur.model.alert import AlertRuleDraft, AlertTrigger, Digest, QuietHours
from veilleur.model.condition import LONGEST_MINUTES
from veilleur.model.delivery import Severity
from veilleur.model.errors import AlertRuleError
from veilleur.wording import refusals

_Choice = TypeVar("_Choice", bound=StrEnum)

TOLD: Final = "receiver:"
"""What the name of a receiver's box begins with."""
_HOUR_MINUTES: Final = 60
_USUAL: Final = AlertRuleDraft(trigger=AlertTrigger.EVERY, cool_down_minutes=_HOUR_MINUTES, at_least=5)
EMPTY_FIELDS: Final = {"first": "", "quiet_from": "", "quiet_until": ""}
_NUMBERS: Final = ("at_least", "window_minutes", "cool_down_minutes", "group_minutes")


def draft_of(fields: Mapping[str, str], zone: str) -> AlertRuleDraft:
    """Return what a form asks for; raises AlertRuleError for a number or an hour that is none."""
    return AlertRuleDraft(
        trigger=_one_of(AlertTrigger, fields.get("trigger"), _USUAL.trigger),
        watch=fields.get("watch") or None,
        words=tuple(word for part in fields.get("words", "").split(",") if (word := part.strip())),
        severity=_one_of(Severity, fields.get("severity"), _USUAL.severity),
        digest=_one_of(Digest, fields.get("digest"), _USUAL.digest),
        digest_minute=_minute(fields.get("digest_at") or "08:00"),
        quiet=_quiet(fields),
        zone=zone,
        receivers=tuple(name.removeprefix(TOLD) for name in fields if name.startswith(TOLD)),
        escalate_minutes=_number(fields, "escalate_minutes", 0) or None,
        at_least=_number(fields, "at_least", _USUAL.at_least),
        window_minutes=_number(fields, "window_minutes", _USUAL.window_minutes),
        cool_down_minutes=_number(fields, "cool_down_minutes", _USUAL.cool_down_minutes),
        group_minutes=_number(fields, "group_minutes", _USUAL.group_minutes),
    )


def fields_of(name: str, draft: AlertRuleDraft) -> dict[str, str]:
    """Return the form that would ask for this."""
    numbers = {one: str(getattr(draft, one)) for one in _NUMBERS}
    quiet = draft.quiet
    hours = {} if quiet is None else {"quiet_from": _hour(quiet.from_minute), "quiet_until": _hour(quiet.until_minute)}
    told = {f"{TOLD}{receiver}": "on" for receiver in draft.receivers}
    return {
        "name": name,
        "trigger": draft.trigger.value,
        "watch": draft.watch or "",
        "words": ", ".join(draft.words),
        "severity": draft.severity.value,
        "digest": draft.digest.value,
        "digest_at": _hour(draft.digest_minute),
        "escalate_minutes": str(draft.escalate_minutes or ""),
        **numbers,
        **hours,
        **told,
    }


def usual_fields(watch: str) -> dict[str, str]:
    """Return the form of a new rule on a watch."""
    return fields_of("", _USUAL) | {"watch": watch}


def _one_of(kind: type[_Choice], value: str | None, usual: _Choice) -> _Choice:
    return kind(value) if value in set(kind) else usual


def _number(fields: Mapping[str, str], name: str, usual: int) -> int:
    text = fields.get(name, "").strip()
    if text and not (text.isdecimal() and int(text) <= LONGEST_MINUTES):
        raise AlertRuleError(refusals.NO_NUMBER, text=text[:20])
    return int(text) if text else usual


def _quiet(fields: Mapping[str, str]) -> QuietHours | None:
    begins, ends = fields.get("quiet_from", ""), fields.get("quiet_until", "")
    return QuietHours(_minute(begins), _minute(ends)) if begins and ends else None


def _minute(text: str) -> int:
    hours, _, minutes = text.partition(":")
    if not (hours.isdecimal() and minutes.isdecimal()):
        raise AlertRuleError(refusals.NO_HOUR_TEXT, text=text[:20])
    return int(hours) * _HOUR_MINUTES + int(minutes)


def _hour(minute: int) -> str:
    return f"{minute // _HOUR_MINUTES:02}:{minute % _HOUR_MINUTES:02}"
