"""What changes from one configuration of a device to the next, and what that means for what is seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from veilleur.model.device_config import rule_of
from veilleur_bridge.wire.config import AppRule, AutoClear, ClearMode, DeviceConfig, Selection, SelectionMode

_NO_MORE: Final = "no longer captured: what it shows is only counted, and never leaves the tablet. What is stored stays"
_CAPTURED: Final = "captured from now on; what it showed before was not"
_FEWER: Final = "what is not chosen is only counted, and never leaves the tablet"
_MEANINGS: Final[Mapping[str, str]] = {
    "pictures": "thumbnails are kept where on: they may show people",
    "auto_clear": "a cleared notification no longer tells that the app withdrew it; too many active ones are shed",
    "noise.ongoing": "where on, ongoing notifications are dropped and only counted",
    "noise.media": "where on, media players are dropped and only counted",
    "noise.progress": "where on, progress bars are dropped and only counted",
    "redaction.otp": "where off, one-time codes leave the tablet (the server takes them out all the same)",
    "redaction.card": "where off, card numbers leave the tablet (the server takes them out all the same)",
    "redaction.iban": "where off, IBANs leave the tablet (the server takes them out all the same)",
    "redaction.code_words": "digits beside these words are taken for one-time codes",
    "redaction.not_code_words": "digits beside these words are not taken for one-time codes",
    "spool_cap_bytes": "from here on the tablet drops its oldest, and coverage says so",
    "status_interval_s": "after three of these without a status the tablet is taken for silent",
    "canary_interval_s": "after two and a half of these without a canary the listener is taken for dead",
    "opening_reminder_days": "after so many days somebody is asked to open the watched apps",
}


class Change(Struct, frozen=True):
    """One thing that changes: how it was, how it will be, and what that means."""

    name: str
    before: str | None
    after: str | None
    meaning: str


def changes(before: DeviceConfig, after: DeviceConfig) -> Iterator[Change]:
    """Yield what differs, apps first; revision and date are no change."""
    for app in before.apps:
        rule = rule_of(after, app.package)
        if rule is None:
            yield Change(app.package, app_words(app), None, _NO_MORE)
        elif rule != app:
            yield Change(app.package, app_words(app), app_words(rule), _FEWER)
    for app in after.apps:
        if rule_of(before, app.package) is None:
            yield Change(app.package, None, app_words(app), _CAPTURED)
    were, will = choices(before), choices(after)
    for name, meaning in _MEANINGS.items():
        if were[name] != will[name]:
            yield Change(name, were[name], will[name], meaning)


def app_words(rule: AppRule) -> str:
    """Return what is captured of an app, in words."""
    said = [_selection_words(rule.channels, "channel"), _selection_words(rule.chats, "chat")]
    if rule.auto_clear is not None:
        said.append(_clear_words(rule.auto_clear))
    if rule.pictures is not None:
        said.append("with pictures" if rule.pictures else "without pictures")
    return ", ".join(said)


def choices(config: DeviceConfig) -> dict[str, str]:
    """Return every choice beside the apps by its key, as it would be typed."""
    said: dict[str, str] = {}
    for name in _MEANINGS:
        outer, _, inner = name.partition(".")
        value = getattr(config, outer)
        if inner:
            value = None if value is None else getattr(value, inner)
        said[name] = _typed(value)
    return said


def _typed(value: object) -> str:
    match value:
        case None:
            return "unset"
        case bool():
            return "on" if value else "off"
        case AutoClear():
            return _clear_words(value)
        case tuple():
            return ", ".join(value)
        case _:
            return str(value)


def _selection_words(selection: Selection | None, what: str) -> str:
    listed = "" if selection is None else ", ".join(f"“{one}”" for one in selection.listed or ())
    match None if selection is None else selection.mode:
        case SelectionMode.ONLY:
            return f"only the {what}s {listed or '(none)'}"
        case SelectionMode.EXCEPT:
            return f"every {what} but {listed or 'none'}"
        case _:
            return f"every {what}"


def _clear_words(rule: AutoClear) -> str:
    apart = "".join(f" ({channel}: {mode})" for channel, mode in sorted((rule.channels or {}).items()))
    match rule.mode:
        case ClearMode.ALWAYS:
            return f"cleared at once{apart}"
        case ClearMode.FROM_COUNT:
            return f"cleared from {rule.from_count or 1} active on{apart}"
        case ClearMode.NEVER:
            return f"never cleared{apart}"
