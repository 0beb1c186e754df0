"""What a config lets through, and the reason told for everything else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from veilleur_bridge.capture_policy import CapturePolicy
from veilleur_bridge.captured import Captured, DropReason
from veilleur_bridge.envelope import AppInfo, EventKind, Notification, Picture
from veilleur_bridge.wire.config import AppRule, DeviceConfig, NoiseRule, Selection, SelectionMode

SHOP = "com.whatsapp.w4b"
GROUP = {"shortcut_id": "120363@g.us", "conversation_title": "Clients (Lyon)", "title": "Clients (Lyon): Nadia"}


def captured(package: str = SHOP, **shown: Any) -> Captured:
    return Captured(
        event=EventKind.POSTED,
        captured_at=datetime(2026, 11, 22, tzinfo=UTC),
        app=AppInfo(package),
        notification=Notification(**{"key": "0|1", "title": "Nadia Exemple", "text": "Bonjour"} | shown),
    )


def policy(noise: NoiseRule | None = None, **rule: Any) -> CapturePolicy:
    return CapturePolicy(DeviceConfig(revision=1, apps=(AppRule(package=SHOP, **rule),), noise=noise))


def chosen(mode: SelectionMode, *listed: str) -> Selection:
    return Selection(mode, listed)


def test_before_the_first_config_the_canary_alone_is_captured() -> None:
    assert CapturePolicy(None).reason_to_drop(captured()) is DropReason.NO_CONFIG
    assert CapturePolicy(None).reason_to_drop(captured("veilleur.companion")) is None


def test_an_app_that_is_not_listed_is_dropped() -> None:
    assert policy().reason_to_drop(captured()) is None
    assert policy().reason_to_drop(captured("org.bank")) is DropReason.APP
    assert policy().reason_to_drop(captured("veilleur.companion", ongoing=True)) is None


@pytest.mark.parametrize(
    ("mode", "channel", "reason"),
    [
        (SelectionMode.ALL, None, None),
        (SelectionMode.ONLY, "posts", None),
        (SelectionMode.ONLY, "live", DropReason.CHANNEL),
        (SelectionMode.ONLY, None, DropReason.CHANNEL),
        (SelectionMode.EXCEPT, "posts", DropReason.CHANNEL),
        (SelectionMode.EXCEPT, "live", None),
        (SelectionMode.EXCEPT, None, None),
    ],
)
def test_channels_are_chosen_by_id(mode: SelectionMode, channel: str | None, reason: DropReason | None) -> None:
    assert policy(channels=chosen(mode, "posts")).reason_to_drop(captured(channel=channel)) is reason


@pytest.mark.parametrize("name", ["120363@g.us", "clients (LYON)"])
def test_a_chat_is_named_by_shortcut_or_title_in_any_case(name: str) -> None:
    assert policy(chats=chosen(SelectionMode.ONLY, name)).reason_to_drop(captured(**GROUP)) is None
    assert policy(chats=chosen(SelectionMode.EXCEPT, name)).reason_to_drop(captured(**GROUP)) is DropReason.CHAT


@pytest.mark.parametrize(
    "shown",
    [
        {"title": "Clients"},
        {"title": "Clients: Nadia"},
        {"title": "Clients", "conversation_title": None},
    ],
)
def test_without_a_conversation_title_the_title_names_the_chat(shown: dict[str, Any]) -> None:
    assert policy(chats=chosen(SelectionMode.ONLY, "Clients")).reason_to_drop(captured(**shown)) is None


@pytest.mark.parametrize(
    "shown",
    [
        {"title": "Clients privés"},
        {"title": "Clients (Lyon)"},
        {"title": "Clients: Nadia", "conversation_title": "Famille"},
        {"title": None},
        {"title": "Clients", "is_group_summary": True},
    ],
)
def test_what_only_resembles_a_wanted_chat_is_dropped(shown: dict[str, Any]) -> None:
    assert policy(chats=chosen(SelectionMode.ONLY, "Clients")).reason_to_drop(captured(**shown)) is DropReason.CHAT


@pytest.mark.parametrize(
    "shown",
    [
        {"title": "Famille (3 messages): Luc", "conversation_title": None},
        {"title": "Luc", "conversation_title": "Famille (2 messages)"},
        {"title": "Famille:Luc"},
        {"title": None},
        {"title": "WhatsApp", "is_group_summary": True, "text_lines": ("Famille: bonsoir",)},
    ],
)
def test_what_may_be_an_unwanted_chat_is_dropped(shown: dict[str, Any]) -> None:
    assert policy(chats=chosen(SelectionMode.EXCEPT, "Famille")).reason_to_drop(captured(**shown)) is DropReason.CHAT


@pytest.mark.parametrize(
    ("shown", "reason"),
    [
        ({"ongoing": True}, DropReason.ONGOING),
        ({"flags": 0x40}, DropReason.ONGOING),
        ({"flags": 0x02}, DropReason.ONGOING),
        ({"flags": 0x18}, None),
        ({"category": "transport"}, DropReason.MEDIA),
        ({"template": "android.app.Notification$MediaStyle"}, DropReason.MEDIA),
        ({"category": "progress"}, DropReason.PROGRESS),
        ({"progress": 40}, DropReason.PROGRESS),
        ({"progress": 0}, None),
    ],
)
def test_noise_is_dropped_unless_it_is_wanted(shown: dict[str, Any], reason: DropReason | None) -> None:
    wanted = NoiseRule(ongoing=False, media=False, progress=False)

    assert policy().reason_to_drop(captured(**shown)) is reason
    assert policy(noise=wanted).reason_to_drop(captured(**shown)) is None


@pytest.mark.parametrize(
    ("of_all", "of_app", "is_kept"),
    [(None, None, False), (True, None, True), (True, False, False), (False, True, True)],
)
def test_a_picture_is_kept_where_it_is_asked_for(of_all: bool | None, of_app: bool | None, is_kept: bool) -> None:
    config = DeviceConfig(revision=1, apps=(AppRule(package=SHOP, pictures=of_app),), pictures=of_all)
    seen = captured(picture=Picture(data="AAAA"))

    kept = CapturePolicy(config).without_unwanted(seen)

    assert (kept.notification.picture is not None) is is_kept
    assert replace(kept.notification, picture=None) == replace(seen.notification, picture=None)
