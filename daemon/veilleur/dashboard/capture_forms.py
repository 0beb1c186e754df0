"""The forms of what a device captures: what is ticked as a rule of an app, or as choices for all apps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Final

from veilleur.dashboard.forms import Fields
from veilleur.model.device_config import auto_clear, with_choice
from veilleur_bridge.wire.config import AppRule, AutoClear, ClearMode, DeviceConfig, Selection, SelectionMode

TICKED_CHOICES: Final = (
    "redaction.otp",
    "redaction.card",
    "redaction.iban",
    "noise.ongoing",
    "noise.media",
    "noise.progress",
    "pictures",
)
_WRITTEN_CHOICES: Final = ("redaction.code_words", "redaction.not_code_words")
_ON: Final = "on"
_APART: Final = "clear:"
_PICTURES: Final[Mapping[str, bool]] = {_ON: True, "off": False}


class Place(StrEnum):
    """What a rule of an app chooses among; the value is the field's name."""

    CHANNELS = "channels"
    CHATS = "chats"


class NothingChosen(Exception):
    """`only these` without any: the app would be on the list and never captured."""


def app_rule(package: str, fields: Fields, usual: AutoClear | None) -> AppRule:
    """Return the rule that a form asks for.

    A channel that is cleared otherwise needs an app that says how the others are: where the form leaves it to `usual`,
    what holds for all apps, the rule says it itself. Raises NothingChosen, and ConfigError for a number that cannot be.
    """
    cleared, apart = _cleared(fields), _cleared_apart(fields)
    if apart:
        cleared = replace(cleared or usual or AutoClear(ClearMode.NEVER), channels=apart)
        if cleared.from_count is None and ClearMode.FROM_COUNT in apart.values():
            cleared = replace(cleared, from_count=auto_clear(fields.get("from_count", "")).from_count)
    return AppRule(
        package=package,
        channels=_selection(fields, Place.CHANNELS),
        chats=_selection(fields, Place.CHATS),
        pictures=_PICTURES.get(fields.get("pictures", "")),
        auto_clear=cleared,
    )


def chosen_config(config: DeviceConfig, fields: Fields) -> DeviceConfig:
    """Return the configuration with what holds for all apps as a form asks for it; raises ConfigError."""
    for key in TICKED_CHOICES:
        config = with_choice(config, key, _ON if key in fields else "off")
    for key in _WRITTEN_CHOICES:
        config = with_choice(config, key, fields.get(key, ""))
    cleared = _cleared(fields)
    return config if cleared is None else replace(config, auto_clear=cleared)


def ticked_choices(config: DeviceConfig) -> frozenset[str]:
    """Return which of the ticked choices hold; what is left out is taken out and dropped, and no picture is kept."""
    held = {"pictures"} if config.pictures else set()
    for group, choices in (("redaction", config.redaction), ("noise", config.noise)):
        names = (key.partition(".")[2] for key in TICKED_CHOICES if key.startswith(f"{group}."))
        held |= {f"{group}.{name}" for name in names if choices is None or getattr(choices, name) is not False}
    return frozenset(held)


def _selection(fields: Fields, place: Place) -> Selection | None:
    prefix = f"{place}:"
    ticked = [name.removeprefix(prefix) for name in fields if name.startswith(prefix)]
    written = (line.strip() for line in fields.get(f"more_{place}", "").splitlines())
    listed = tuple(dict.fromkeys([*ticked, *filter(None, written)]))
    match fields.get(place):
        case SelectionMode.ONLY if not listed:
            raise NothingChosen
        case SelectionMode.ONLY:
            return Selection(SelectionMode.ONLY, listed)
        case SelectionMode.EXCEPT if listed:
            return Selection(SelectionMode.EXCEPT, listed)
        case _:
            return None


def _cleared_apart(fields: Fields) -> dict[str, ClearMode]:
    """Return the channels that are cleared otherwise than their app: those chosen for, and one given by its id."""
    ways = {name.removeprefix(_APART): way for name, way in fields.items() if name.startswith(_APART)}
    ways[fields.get("clear_channel", "").strip()] = fields.get("clear_channel_way", "")
    return {channel: ClearMode(way) for channel, way in ways.items() if channel and way in set(ClearMode)}


def _cleared(fields: Fields) -> AutoClear | None:
    """Return how notifications are cleared; None where the form leaves that to what holds for all apps."""
    match fields.get("clear"):
        case ClearMode.FROM_COUNT:
            return auto_clear(fields.get("from_count", ""))
        case ClearMode.NEVER | ClearMode.ALWAYS as mode:
            return auto_clear(mode)
        case _:
            return None
