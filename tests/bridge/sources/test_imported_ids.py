"""Overlapping logs coincide: an imported id says what was shown, to whom and when, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.bridge.sources.log_reading import DUMPS, NOW, envelopes, read_bytes, read_file
from veilleur_bridge.sources.log_file import open_log

DUMP = DUMPS / "android9.txt"
LIST = b'[{"id":1,"key":"0|a.b|1|null|10","packageName":"a.b","title":"T","content":"C","when":"%s"}]'


def _return(now: datetime) -> datetime:
    return now


def ids(content: bytes, *, device: str = "import") -> list[str]:
    return [envelope.id for envelope in envelopes(read_bytes(content, device=device))]


def test_the_same_record_in_another_dump_has_the_same_id() -> None:
    later = DUMP.read_text().replace("posttimeElapsedMs=1", "posttimeElapsedMs=999").replace("flags=0x10", "flags=0x18")
    assert ids(later.encode()) == ids(DUMP.read_bytes())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("trop bon", "très bon"),
        ("Lou Perrin", "Lou Perin"),
        ("nouveau commentaire", "un commentaire"),
        ("UserHandle{10}", "UserHandle{11}"),
        ("      key=10|", "      key=11|"),
        ("UpdateTimeMs=1568970000000", "UpdateTimeMs=1568970000001"),
        ("pkg=com.zhiliaoapp.musically", "pkg=com.ss.android.ugc.trill"),
        ("subText=null", "subText=String (compte 2)"),
    ],
)
def test_what_was_shown_to_whom_and_when_makes_the_id(old: str, new: str) -> None:
    assert ids(DUMP.read_text().replace(old, new).encode()) != ids(DUMP.read_bytes())


def test_the_messages_of_a_thread_are_part_of_what_was_shown() -> None:
    content = (DUMPS / "samsung13.txt").read_text()
    other = content.replace("text=Oui, à 20 h", "text=Oui, à 21 h")
    assert [one == two for one, two in zip(ids(content.encode()), ids(other.encode()), strict=True)] == [True, False]


def test_another_device_makes_another_id() -> None:
    assert ids(DUMP.read_bytes(), device="tablet-2") != ids(DUMP.read_bytes())


@pytest.mark.parametrize("when", [b"292269055-12-02 16:47:04", b"2026-03-25 18:02:49"])
def test_the_hour_of_the_import_is_no_part_of_the_id(tmp_path: Path, when: bytes) -> None:
    path = tmp_path / "list.json"
    path.write_bytes(LIST % when)
    read = []
    for now in (NOW, NOW + timedelta(hours=5)):
        with open_log(path, format=None, device="d", clock=partial(_return, now)) as log:
            read += envelopes(list(log.items))
    assert read[0].id == read[1].id


def test_where_no_posting_time_is_told_the_time_shown_stands_in() -> None:
    lists = [LIST % when for when in (b"2026-03-25 18:02:49", b"2026-03-25 18:02:50", b"")]
    assert len({tuple(ids(content)) for content in lists}) == 3


@pytest.mark.parametrize("when", [b"9999999999999999", b"-5", b"0"])
def test_a_time_that_no_calendar_holds_is_none(when: bytes) -> None:
    content = (DUMPS / "hyperos15.txt").read_bytes().replace(b"TimeMs=1789752694106", b"TimeMs=0")
    [envelope] = envelopes(read_bytes(content.replace(b"when=1789752694106", b"when=" + when)))
    assert envelope.captured_at == NOW


def test_the_time_of_an_import_has_milliseconds() -> None:
    [envelope] = envelopes(read_file(DUMPS / "android6.txt"))
    assert envelope.captured_at == datetime(2016, 11, 21, 10, 0, 12, 345000, tzinfo=UTC)


def test_the_time_of_an_import_is_that_of_the_posting() -> None:
    [envelope] = envelopes(read_file(DUMP))
    assert envelope.captured_at == datetime(2019, 9, 20, 9, 0, tzinfo=UTC)
