"""The list that Termux prints is read object by object, whatever stands around a bad one."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.bridge.sources.log_reading import NOW, envelopes, notifications, problems, read_bytes
from veilleur_bridge.envelope import MAX_ENVELOPE_BYTES
from veilleur_bridge.sources.log_format import LogContext
from veilleur_bridge.sources.termux_list import read

FIRST: dict[str, Any] = {
    "id": -100,
    "tag": "chat",
    "key": "10|com.whatsapp|-100|chat|10151",
    "group": "group_key_messages",
    "packageName": "com.whatsapp",
    "title": "Nadia",
    "content": 'Bonjour {vous} "[deux]" \\ fin',
    "when": "2026-03-25 18:02:49",
    "lines": ["Nadia: un", "Nadia: deux"],
}
PLAIN: dict[str, Any] = {"id": 3, "key": "0|a.b|3|null|10", "packageName": "a.b", "title": "Nadia", "content": "Oui"}
SECOND: dict[str, Any] = {"id": 2, "tag": "", "key": "0|a.b|2|null|10", "group": "", "packageName": "a.b", "title": ""}


def printed(*objects: object) -> bytes:
    return json.dumps(objects, indent=2, ensure_ascii=False).encode()


def test_every_field_of_the_list_is_kept() -> None:
    [envelope] = envelopes(read_bytes(printed(FIRST)))
    shown = envelope.notification
    assert shown is not None
    assert (envelope.app.package, envelope.user, envelope.source.version) == ("com.whatsapp", 10, "termux")
    assert (shown.key, shown.id, shown.tag, shown.group) == (FIRST["key"], -100, "chat", "group_key_messages")
    assert (shown.title, shown.text) == ("Nadia", 'Bonjour {vous} "[deux]" \\ fin')
    assert shown.text_lines == ("Nadia: un", "Nadia: deux")
    assert envelope.captured_at == datetime(2026, 3, 25, 18, 2, 49, tzinfo=UTC)
    assert shown.posted_at_ms is None


def test_what_is_empty_is_absent() -> None:
    [shown] = notifications(read_bytes(printed(SECOND)))
    assert (shown.tag, shown.group, shown.title, shown.text, shown.text_lines, shown.when_ms) == (None,) * 6


def test_times_are_those_of_the_zone_that_is_named() -> None:
    [summer] = notifications(
        read_bytes(printed({**FIRST, "when": "2026-07-01 12:00:00"}), zone=ZoneInfo("Europe/Paris"))
    )
    [winter] = notifications(
        read_bytes(printed({**FIRST, "when": "2026-01-01 12:00:00"}), zone=ZoneInfo("Europe/Paris"))
    )
    assert summer.when_ms == int(datetime(2026, 7, 1, 10, tzinfo=UTC).timestamp() * 1000)
    assert winter.when_ms == int(datetime(2026, 1, 1, 11, tzinfo=UTC).timestamp() * 1000)


def test_without_a_zone_the_machine_s_own_is_meant() -> None:
    [shown] = notifications(read_bytes(printed(FIRST), zone=None))
    assert shown.when_ms == int(datetime(2026, 3, 25, 18, 2, 49).astimezone().timestamp() * 1000)


@pytest.mark.parametrize("when", [1774461769000, "2026-03-25 18:02:49"])
def test_a_time_may_be_a_number(when: object) -> None:
    [shown] = notifications(read_bytes(printed({**FIRST, "when": when})))
    assert shown.when_ms == 1774461769000


@pytest.mark.parametrize(
    "when", ["292269055-12-02 16:47:04", "1970-01-01 01:00:00", "", "bald", 0, None, True, [1], 1e300]
)
def test_no_time_is_no_time_and_the_hour_of_the_import_stands_in(when: object) -> None:
    [envelope] = envelopes(read_bytes(printed({**FIRST, "when": when})))
    assert envelope.notification is not None
    assert envelope.notification.when_ms is None
    assert envelope.captured_at == NOW


def test_a_list_on_one_line_two_lists_and_an_empty_one_are_read() -> None:
    one_line = json.dumps([FIRST, SECOND]).encode()
    assert len(envelopes(read_bytes(one_line + b"\n[]\n" + printed(FIRST)))) == 3
    assert read_bytes(b"[\n]\n") == []


@pytest.mark.parametrize(
    "damage", ['"title": Nadia,', '"title": "Nadia,', '"title": "Nadia",,', '"title": {"a": 1},', '"title": "Na\tdia"}']
)
def test_a_bad_object_is_named_and_the_others_are_read(damage: str) -> None:
    content = printed(SECOND, PLAIN, SECOND).decode().replace('"title": "Nadia",', damage)
    items = read_bytes(content.encode())
    assert [shown.key for shown in notifications(items)] == [SECOND["key"]] * 2
    assert problems(items)[0].origin == "log.txt:10"


@pytest.mark.parametrize("absent", ["key", "packageName"])
def test_an_object_that_says_not_whose_it_is_is_named(absent: str) -> None:
    items = read_bytes(printed(SECOND, {**FIRST, absent: ""}))
    assert len(envelopes(items)) == 1
    [problem] = problems(items)
    assert problem.reason == "the object has no key or no packageName"


def test_a_list_cut_at_any_byte_gives_the_whole_objects_and_says_so() -> None:
    content = printed(FIRST, SECOND)
    first_ends, second_ends = content.index(b"  },"), content.rindex(b"}")
    for size in range(content.index(b"packageName") + 20, len(content) - 1):
        items = read_bytes(content[:size])
        assert len(envelopes(items)) == (size > first_ends + 2) + (size > second_ends)
        assert [problem.ended_early for problem in problems(items)] == [True]


def test_an_endless_object_is_named_and_the_next_one_is_read() -> None:
    items = read_bytes(printed({**FIRST, "content": "x" * 3 * MAX_ENVELOPE_BYTES}, SECOND))
    assert len(envelopes(items)) == 1
    [problem] = problems(items)
    assert str(MAX_ENVELOPE_BYTES) in problem.reason


def test_half_a_surrogate_pair_and_deep_nesting_spoil_nothing() -> None:
    content = printed(FIRST).decode().replace('"chat"', r'"chat\ud83d"').replace('"Nadia: un"', "[" * 5000 + "]" * 5000)
    items = read_bytes(content.encode())
    assert len(items) == 1
    content = printed(FIRST).decode().replace('"chat"', r'"chat\ud83d"')
    [shown] = notifications(read_bytes(content.encode()))
    assert shown.tag == "chat\ufffd"


@pytest.mark.parametrize("words", ['5" {', "\\", '\\" }', "}{", "ligne\nsuivante", "[", '"'])
@pytest.mark.parametrize("piece_bytes", [1, 7, 100_000])
def test_signs_inside_words_end_nothing_wherever_a_piece_ends(words: str, piece_bytes: int) -> None:
    content = printed({**PLAIN, "title": words}, SECOND)
    pieces = (content[at : at + piece_bytes] for at in range(0, len(content), piece_bytes))
    items = list(read(pieces, LogContext("list.json", "d", lambda: NOW, UTC)))
    assert [shown.title for shown in notifications(items)] == [words, None]
    assert problems(items) == []


def test_a_fixed_offset_is_a_zone_too() -> None:
    [shown] = notifications(read_bytes(printed(FIRST), zone=timezone(timedelta(hours=-3))))
    assert shown.when_ms == 1774472569000
