"""The contract's redaction cases, near-misses among them, come out of the screen as they are written."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.bridge.contract.contract_files import json_lines
from veilleur_bridge.codec import Codec, Decoded, encode
from veilleur_bridge.notification_screen import NotificationScreen
from veilleur_bridge.redaction import Screen
from veilleur_bridge.redaction_rules import load_rules

_CODEC = Codec()
_SCREEN = Screen(load_rules(), _CODEC)
_DEVICE_SCREEN = NotificationScreen(load_rules())
_CASES = list(json_lines("redaction/cases.jsonl"))


def decoded(words: dict[str, Any]) -> Decoded:
    envelope = {
        "v": 1,
        "id": "case",
        "device": "salon-1",
        "event": "posted",
        "captured_at": "2026-11-21T18:04:05.120Z",
        "source": {"kind": "companion"},
        "app": {"package": "com.example"},
        "notification": {"key": "k", **words},
    }
    read = _CODEC.decode(json.dumps(envelope).encode(), topic_device=None)
    assert isinstance(read, Decoded), read
    return read


@pytest.mark.privacy
@pytest.mark.parametrize("case", _CASES, ids=lambda case: case["case"])
def test_words_come_out_as_the_case_says(case: dict[str, Any]) -> None:
    screened = _SCREEN.screen(decoded(case["in"]))

    expected = {"key": "k", **case.get("out", case["in"])}
    assert json.loads(screened.payload)["notification"] == expected
    assert json.loads(encode(screened.envelope))["notification"] == expected
    assert sorted(screened.changed) == sorted(case.get("changed", []))


@pytest.mark.privacy
@pytest.mark.parametrize("case", _CASES, ids=lambda case: case["case"])
def test_a_device_screens_as_the_daemon_does(case: dict[str, Any]) -> None:
    envelope = decoded(case["in"]).envelope
    assert envelope.notification

    screened = _DEVICE_SCREEN.screen(envelope.notification)

    expected = {"key": "k", **case.get("out", case["in"])}
    assert json.loads(encode(replace(envelope, notification=screened.notification)))["notification"] == expected
    assert set(screened.redacted) == {change.partition(":")[0] for change in case.get("changed", [])}


def test_there_are_near_misses() -> None:
    assert sum("out" not in case for case in _CASES) >= 25


def test_no_two_cases_have_one_name() -> None:
    names = [case["case"] for case in _CASES]

    assert len(names) == len(set(names))
