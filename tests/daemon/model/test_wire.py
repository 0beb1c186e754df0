"""Records as lines of JSON that no reader of lines, and no terminal, takes for anything else."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from veilleur.model.coverage import Completeness, CoverageCause, CoverageInterval, Shortfall
from veilleur.model.identity import NotificationId
from veilleur.model.kinds import OutcomeKind
from veilleur.model.listing import NotificationDetail, NotificationRow, Token
from veilleur.model.scope import TokenScope
from veilleur.model.wire import (
    completeness_fields,
    dump_line,
    instant_text,
    notification_detail_fields,
    notification_fields,
    token_fields,
)

NOON = datetime(2026, 11, 13, 12, tzinfo=UTC)
LINE_ENDS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)]


def row() -> NotificationRow:
    return NotificationRow(
        id=NotificationId(7),
        envelope_id="e",
        device="salle-1",
        epoch=None,
        seq=None,
        package="feed",
        received_at=NOON,
        outcome=OutcomeKind.IGNORED,
        reason="summary",
        mention_ids=(),
    )


def detail(payload: bytes) -> NotificationDetail:
    return NotificationDetail(row=row(), payload=payload, sha256="00", changed=())


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (NOON, "2026-11-13T12:00:00.000Z"),
        (NOON + timedelta(milliseconds=7), "2026-11-13T12:00:00.007Z"),
        (NOON + timedelta(microseconds=1_999), "2026-11-13T12:00:00.001Z"),
        (NOON.replace(year=1), "0001-11-13T12:00:00.000Z"),
        (NOON.astimezone(timezone(timedelta(hours=14))), "2026-11-13T12:00:00.000Z"),
    ],
)
def test_an_instant_has_milliseconds_and_a_z(at: datetime, text: str) -> None:
    assert instant_text(at) == text


@pytest.mark.parametrize("character", LINE_ENDS)
def test_no_line_end_or_control_character_stands_bare_in_a_line(character: str) -> None:
    line = dump_line({"body": f"a{character}é🙂"}).decode()

    assert character not in line
    assert line.isprintable()
    assert json.loads(line) == {"body": f"a{character}é🙂"}


def test_other_characters_stay_as_they_are() -> None:
    assert dump_line({"body": "é\u00a0\u200d👩"}) == '{"body":"é\u00a0\u200d👩"}'.encode()


def test_unknown_is_null_and_the_order_is_the_record_s() -> None:
    assert dump_line(notification_fields(row())) == (
        b'{"id":7,"envelope_id":"e","device":"salle-1","epoch":null,"seq":null,"package":"feed",'
        b'"received_at":"2026-11-13T12:00:00.000Z","outcome":"ignored","reason":"summary","mention_ids":[]}'
    )


@pytest.mark.parametrize(
    ("payload", "written"),
    [
        (b'{ "a" : 1,\r\n\t"b" : [ ] }', b'{"a":1,"b":[]}'),
        (b'{"number":123456789012345678901234567890}', b'{"number":123456789012345678901234567890}'),
        (b'{"number":1.10}', b'{"number":1.10}'),
        ('{"text":"\u2028"}'.encode(), b'{"text":"\\u2028"}'),
    ],
)
def test_a_payload_is_written_in_one_line_as_it_was_stored(payload: bytes, written: bytes) -> None:
    line = dump_line(notification_detail_fields(detail(payload)))

    assert line.endswith(b'"sha256":"00","changed":[],"payload":' + written + b"}")


def test_a_token_s_choices_and_times_are_plain() -> None:
    token = Token(
        id="t1",
        name="curl",
        project="default",
        scopes=(TokenScope.READ_MENTIONS,),
        created_at=NOON,
        expires_at=None,
        revoked_at=None,
    )

    assert dump_line(token_fields(token)) == (
        b'{"id":"t1","name":"curl","project":"default","scopes":["read:mentions"],'
        b'"created_at":"2026-11-13T12:00:00.000Z","expires_at":null,"revoked_at":null}'
    )


def test_completeness_lists_what_was_not_seen() -> None:
    interval = CoverageInterval(
        device="salle-1",
        cause=CoverageCause.OFFLINE,
        subject="device",
        since_at=NOON,
        until_at=None,
        count=None,
        detail=None,
    )

    assert completeness_fields(Completeness()) == {
        "known": False,
        "intervals": [],
        "omitted": 0,
        "shortfalls": [],
    }
    hidden = Shortfall(CoverageCause.REDACTED, None)
    assert dump_line(completeness_fields(Completeness(True, (interval,), 2, (hidden,)))) == (
        b'{"known":true,"intervals":[{"device":"salle-1","cause":"offline","subject":"device",'
        b'"since_at":"2026-11-13T12:00:00.000Z","until_at":null,"count":null,"detail":null}],"omitted":2,"shortfalls":[{"cause":"redacted","count":null,"is_more":false}]}'
    )
