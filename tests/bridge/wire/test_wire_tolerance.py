"""A status keeps what it can of what arrives; a receipt and a config are whole or nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from veilleur_bridge.wire.config import read_config
from veilleur_bridge.wire.receipt import read_receipt
from veilleur_bridge.wire.status import read_status

STATUS: dict[str, Any] = {
    "v": 1,
    "online": True,
    "epoch": "a1",
    "first_seq": 1,
    "next_seq": 1,
    "spool_depth": 0,
    "sent_at": "2026-11-21T18:04:05.120Z",
    "config_revision": 0,
}
RECEIPT = {"v": 1, "store": "s", "round": 1, "epoch": "a1", "through_seq": 4}


def written(message: dict[str, Any], **changed: object) -> bytes:
    return json.dumps({**message, **changed}).encode()


def test_an_optional_member_of_another_kind_is_absent_and_the_rest_is_kept() -> None:
    status = read_status(
        written(
            STATUS,
            battery_percent="full",
            charging=1,
            locale="",
            canary_age_s=-1,
            oldest_at="yesterday",
            dropped={"app": 3, "chat": -1, "media": True},
            watched_apps=[{"package": "a.b", "installed": "yes"}, {"installed": True}],
            receipt={"store": "s"},
            problems=[None, "clock_wrong"],
            network="wifi",
        )
    )

    assert status is not None
    assert (status.battery_percent, status.charging, status.locale, status.canary_age_s) == (None, None, None, None)
    assert (status.oldest_at, status.receipt, status.network) == (None, None, "wifi")
    assert status.dropped == {"app": 3}
    assert [(app.package, app.installed) for app in status.watched_apps or ()] == [("a.b", None)]
    assert status.problems == ("clock_wrong",)


@pytest.mark.parametrize("name", ["first_seq", "next_seq", "spool_depth", "sent_at", "config_revision"])
def test_a_device_that_is_there_says_the_required_members(name: str) -> None:
    assert read_status(written(STATUS)) is not None
    assert read_status(written(STATUS, **{name: "?"})) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"through_seq": True},
        {"through_seq": -1},
        {"through_seq": 2**53 + 1},
        {"through_seq": 4.0},
        {"epoch": "a\0"},
        {"epoch": "\ud800"},
        {"store": "s" * 65},
        {"refused": ["A" * 64]},
        {"refused": "none"},
    ],
)
def test_a_receipt_with_anything_wrong_trims_nothing(changed: dict[str, Any]) -> None:
    assert read_receipt(written(RECEIPT)) is not None
    assert read_receipt(written(RECEIPT, **changed)) is None


@pytest.mark.parametrize(
    "app",
    [
        {},
        {"package": "a.b", "chats": {}},
        {"package": "a.b", "chats": {"mode": "only", "listed": "all"}},
        {"package": "a.b", "channels": []},
        {"package": "a.b", "auto_clear": {"mode": "from_count", "from_count": 51}},
        {"package": "a.b", "auto_clear": {"mode": "never", "channels": {"live": "perhaps"}}},
        "a.b",
    ],
)
def test_a_config_with_anything_wrong_is_refused_whole(app: object) -> None:
    assert read_config(json.dumps({"v": 1, "revision": 1, "apps": [{"package": "x"}]}).encode()) is not None
    assert read_config(json.dumps({"v": 1, "revision": 1, "apps": [{"package": "x"}, app]}).encode()) is None
