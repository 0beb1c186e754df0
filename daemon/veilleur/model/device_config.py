"""The configuration of a device as people change it: the first one, and one with an app or a choice changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from veilleur.model.errors import ConfigError
from veilleur.model.spoken import N_
from veilleur_bridge.envelope import SourceKind
from veilleur_bridge.wire.config import (
    AppRule,
    AutoClear,
    ClearMode,
    DeviceConfig,
    NoiseRule,
    RedactionChoice,
    Selection,
    SelectionMode,
)

MOST_ACTIVE: Final = 50
_MESSENGERS_FROM: Final = 20
_TIKTOK: Final = ("com.zhiliaoapp.musically", "com.ss.android.ugc.trill")
_MESSENGERS: Final = ("com.whatsapp", "com.whatsapp.w4b")
_FEED: Final = "feed"
_FLAGS: Final = {"on": True, "off": False}
_NOT_LISTED: Final = N_("%(package)s is not on the list of apps (on it: %(listed)s)")
_NO_CHOICE: Final = N_("%(key)s is no choice of a device: there are %(choices)s")
_CHOOSE_ONE: Final = N_("choose one: all, only some, or all but some")
_NO_WAY_TO_CLEAR: Final = N_(
    "“%(text)s” is no way to clear: never, always, or from how many active notifications on (1 to %(most)s)"
)
_NEITHER: Final = N_("“%(text)s” is neither on nor off")
_WHOLE_NUMBER: Final = N_("%(key)s takes a whole number from %(least)s to %(most)s")


class StoredConfig(Struct, frozen=True):
    """One revision of a device's configuration."""

    config: DeviceConfig
    created_at: datetime


def first_config(source_kind: str | None) -> DeviceConfig:
    """Return what a new device is asked: TikTok and WhatsApp, numbers taken out; of a feed device, its feeds."""
    return DeviceConfig(
        revision=1,
        apps=(AppRule(package=_FEED),) if source_kind == SourceKind.FEED else _watched_apps(),
        pictures=False,
        auto_clear=AutoClear(ClearMode.NEVER),
        noise=NoiseRule(ongoing=True, media=True, progress=True),
        redaction=RedactionChoice(otp=True, card=True, iban=True),
        status_interval_s=60,
        canary_interval_s=900,
        opening_reminder_days=7,
    )


def with_app(config: DeviceConfig, rule: AppRule) -> DeviceConfig:
    """Return the configuration with this rule for its app; what the rule leaves open stays as it was."""
    known = rule_of(config, rule.package)
    if known is None:
        return with_rule(config, rule)
    news = {
        name: value
        for name in ("channels", "chats", "pictures", "auto_clear")
        if (value := getattr(rule, name)) is not None
    }
    return with_rule(config, replace(known, **news))


def with_rule(config: DeviceConfig, rule: AppRule) -> DeviceConfig:
    """Return the configuration with exactly this rule for its app."""
    known = rule_of(config, rule.package)
    if known is None:
        return replace(config, apps=(*config.apps, rule))
    return replace(config, apps=tuple(rule if app is known else app for app in config.apps))


def without_app(config: DeviceConfig, package: str) -> DeviceConfig:
    """Return the configuration without an app; raises ConfigError where it is not on the list."""
    if rule_of(config, package) is None:
        listed = ", ".join(app.package for app in config.apps) or "–"
        raise ConfigError(_NOT_LISTED, package=package, listed=listed)
    return replace(config, apps=tuple(app for app in config.apps if app.package != package))


def rule_of(config: DeviceConfig, package: str) -> AppRule | None:
    """Return an app's rule, None where it is not captured."""
    return next((app for app in config.apps if app.package == package), None)


def with_choice(config: DeviceConfig, key: str, value: str) -> DeviceConfig:
    """Return the configuration with one choice changed; raises ConfigError naming the keys and what each takes."""
    choose = CHOICES.get(key)
    if choose is None:
        raise ConfigError(_NO_CHOICE, key=key, choices=", ".join(CHOICES))
    return choose(config, value)


def selection(only: tuple[str, ...], without: tuple[str, ...], *, every: bool) -> Selection | None:
    """Return which channels or chats are meant; None where nothing is said. Raises ConfigError where two things are."""
    if sum(map(bool, (only, without, every))) > 1:
        raise ConfigError(_CHOOSE_ONE)
    if every:
        return Selection(SelectionMode.ALL)
    if only:
        return Selection(SelectionMode.ONLY, only)
    return Selection(SelectionMode.EXCEPT, without) if without else None


def auto_clear(text: str) -> AutoClear:
    """Return what `never`, `always` or a number of active notifications means; raises ConfigError."""
    match text:
        case ClearMode.NEVER | ClearMode.ALWAYS:
            return AutoClear(ClearMode(text))
        case _ if text.isdecimal() and 1 <= int(text) <= MOST_ACTIVE:
            return AutoClear(ClearMode.FROM_COUNT, int(text))
        case _:
            raise ConfigError(_NO_WAY_TO_CLEAR, text=text, most=MOST_ACTIVE)


def _watched_apps() -> tuple[AppRule, ...]:
    at_once, late = AutoClear(ClearMode.ALWAYS), AutoClear(ClearMode.FROM_COUNT, _MESSENGERS_FROM)
    tiktok = (AppRule(package=package, auto_clear=at_once) for package in _TIKTOK)
    return (*tiktok, *(AppRule(package=package, auto_clear=late) for package in _MESSENGERS))


def _flag(text: str) -> bool:
    if text not in _FLAGS:
        raise ConfigError(_NEITHER, text=text)
    return _FLAGS[text]


def _number(key: str, least: int, most: int) -> Callable[[DeviceConfig, str], DeviceConfig]:
    def choose(config: DeviceConfig, text: str) -> DeviceConfig:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ConfigError(_WHOLE_NUMBER, key=key, least=least, most=most)
        news: dict[str, Any] = {key: int(text)}
        return replace(config, **news)

    return choose


def _noise(name: str) -> Callable[[DeviceConfig, str], DeviceConfig]:
    def choose(config: DeviceConfig, text: str) -> DeviceConfig:
        return replace(config, noise=replace(config.noise or NoiseRule(), **{name: _flag(text)}))

    return choose


def _redaction(name: str) -> Callable[[DeviceConfig, str], DeviceConfig]:
    def choose(config: DeviceConfig, text: str) -> DeviceConfig:
        news: dict[str, Any] = {name: _flag(text)}
        return replace(config, redaction=replace(config.redaction or RedactionChoice(), **news))

    return choose


def _words(name: str) -> Callable[[DeviceConfig, str], DeviceConfig]:
    def choose(config: DeviceConfig, text: str) -> DeviceConfig:
        words = tuple(word for part in text.split(",") if (word := part.strip()))
        news: dict[str, Any] = {name: words or None}
        return replace(config, redaction=replace(config.redaction or RedactionChoice(), **news))

    return choose


CHOICES: Final[Mapping[str, Callable[[DeviceConfig, str], DeviceConfig]]] = {
    "pictures": lambda config, text: replace(config, pictures=_flag(text)),
    "auto_clear": lambda config, text: replace(config, auto_clear=auto_clear(text)),
    "noise.ongoing": _noise("ongoing"),
    "noise.media": _noise("media"),
    "noise.progress": _noise("progress"),
    "redaction.otp": _redaction("otp"),
    "redaction.card": _redaction("card"),
    "redaction.iban": _redaction("iban"),
    "redaction.code_words": _words("code_words"),
    "redaction.not_code_words": _words("not_code_words"),
    "spool_cap_bytes": _number("spool_cap_bytes", 1024 * 1024, 2**63 - 1),
    "status_interval_s": _number("status_interval_s", 5, 3600),
    "canary_interval_s": _number("canary_interval_s", 60, 86400),
    "opening_reminder_days": _number("opening_reminder_days", 1, 90),
}
"""What can be chosen beside the list of apps, by its key; the words of lists are separated by commas."""
