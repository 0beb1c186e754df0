"""The config: what the daemon asks of a device (contract: config.v1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from veilleur_bridge.encoding import write_message
from veilleur_bridge.wire.members import MAX_PACKAGE_LENGTH, Members, choices_of, read_members

LEAST_SPOOL_CAP_BYTES: Final = 1024 * 1024
MAX_INT64: Final = 2**63 - 1


class SelectionMode(StrEnum):
    """What a list of channels or chats means."""

    ALL = "all"
    ONLY = "only"
    EXCEPT = "except"


class ClearMode(StrEnum):
    """When a captured notification is cleared from the tablet."""

    NEVER = "never"
    ALWAYS = "always"
    FROM_COUNT = "from_count"


@dataclass(frozen=True, slots=True)
class Selection:
    """All, only those listed, or all except those listed."""

    mode: SelectionMode
    listed: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class AutoClear:
    """When an app's notifications are cleared: `from_count` only from so many active ones; `channels` differ."""

    mode: ClearMode
    from_count: int | None = None
    channels: dict[str, ClearMode] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppRule:
    """One app of the allow-list; without `channels` and `chats` all of it, without the others as the outer ones say."""

    package: str
    channels: Selection | None = None
    chats: Selection | None = None
    pictures: bool | None = None
    auto_clear: AutoClear | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseRule:
    """What is dropped and only counted; each true when absent."""

    ongoing: bool | None = None
    media: bool | None = None
    progress: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactionChoice:
    """Which numbers are taken out of words before the spool, each when absent, and further words of the rules."""

    otp: bool | None = None
    card: bool | None = None
    iban: bool | None = None
    code_words: tuple[str, ...] | None = None
    not_code_words: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceConfig:
    """One revision of a device's config; no apps means the canary alone."""

    revision: int
    apps: tuple[AppRule, ...]
    issued_at: datetime | None = None
    pictures: bool | None = None
    auto_clear: AutoClear | None = None
    noise: NoiseRule | None = None
    redaction: RedactionChoice | None = None
    spool_cap_bytes: int | None = None
    status_interval_s: int | None = None
    canary_interval_s: int | None = None
    opening_reminder_days: int | None = None


def read_config(payload: bytes) -> DeviceConfig | None:
    """Return the config, or None where anything in it is missing or wrong: half a config could capture too much."""
    members = read_members(payload)
    return None if members is None else _config(members)


def config_faults(payload: bytes) -> tuple[str, ...]:
    """Return the names of the members for which a config is not read, for the person who wrote it."""
    members = read_members(payload)
    if members is None:
        return ()
    members.require("revision", "apps")
    _config(members)
    return tuple(dict.fromkeys(members.wrong))


def _config(members: Members) -> DeviceConfig | None:
    revision, rules = members.integer("revision", least=1), members.each("apps")
    apps = [_app_rule(rule) for rule in rules or ()]
    if revision is None or rules is None:
        return None
    config = DeviceConfig(
        revision=revision,
        apps=tuple(app for app in apps if app is not None),
        issued_at=members.instant("issued_at"),
        pictures=members.flag("pictures"),
        auto_clear=_auto_clear(members),
        noise=_noise(members.inner("noise")),
        redaction=_redaction(members.inner("redaction")),
        spool_cap_bytes=members.integer("spool_cap_bytes", least=LEAST_SPOOL_CAP_BYTES, most=MAX_INT64),
        status_interval_s=members.integer("status_interval_s", least=5, most=3600),
        canary_interval_s=members.integer("canary_interval_s", least=60, most=86400),
        opening_reminder_days=members.integer("opening_reminder_days", least=1, most=90),
    )
    return None if members.wrong else config


def write_config(config: DeviceConfig) -> bytes:
    """Return the config as the wire has it."""
    return write_message(config)


def _app_rule(members: Members) -> AppRule | None:
    members.require("package")
    package = members.text("package", longest=MAX_PACKAGE_LENGTH)
    if package is None:
        return None
    return AppRule(
        package=package,
        channels=_selection(members.inner("channels")),
        chats=_selection(members.inner("chats")),
        pictures=members.flag("pictures"),
        auto_clear=_auto_clear(members),
    )


def _selection(members: Members | None) -> Selection | None:
    if members is None:
        return None
    members.require("mode")
    mode = members.choice("mode", SelectionMode)
    return None if mode is None else Selection(mode, members.texts("listed"))


def _auto_clear(outer: Members) -> AutoClear | None:
    members = outer.inner("auto_clear")
    if members is None:
        return None
    members.require("mode")
    mode = members.choice("mode", ClearMode)
    if mode is None:
        return None
    return AutoClear(
        mode, members.integer("from_count", least=1, most=50), choices_of(members.inner("channels"), ClearMode)
    )


def _noise(members: Members | None) -> NoiseRule | None:
    if members is None:
        return None
    return NoiseRule(ongoing=members.flag("ongoing"), media=members.flag("media"), progress=members.flag("progress"))


def _redaction(members: Members | None) -> RedactionChoice | None:
    if members is None:
        return None
    return RedactionChoice(
        otp=members.flag("otp"),
        card=members.flag("card"),
        iban=members.flag("iban"),
        code_words=members.texts("code_words"),
        not_code_words=members.texts("not_code_words"),
    )
