"""Exports in every format of dates and clocks are read as they were written, or refused where two readings fit."""

from __future__ import annotations

import gzip
import resource
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from io import BytesIO
from itertools import repeat
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as chosen
from hypothesis import strategies as st

from tests.bridge.sources.log_reading import NOW, notifications, problems
from tests.bridge.sources.whatsapp_export.written_exports import FORMATS, ExportFormat, Said
from veilleur_bridge.delivery import Delivery, LogItem, LogNote
from veilleur_bridge.envelope import Notification
from veilleur_bridge.errors import LogError
from veilleur_bridge.sources.log_file import open_log
from veilleur_bridge.sources.log_format import DateOrder, ExportHints, LogFormat
from veilleur_bridge.sources.whatsapp_export.reader import copied

SENDERS = ("Nadia", "Léa 🤓", "+33 6 39 98 01 99", "~ Tibo", "🤓", "John-John Doe", "Ayşe (atelier)")
WORDS = st.lists(
    st.sampled_from(["ok", "C’est prêt : à 10:30 - venez", "", "https://e.example/a?b=c", "٣ صباحا", "a: b: c", "<3"]),
    min_size=1,
    max_size=3,
).map("\n".join)
MOMENTS = st.lists(
    st.datetimes(datetime(2016, 1, 1), datetime(2026, 10, 30)).map(lambda at: at.replace(microsecond=0)),  # noqa: DTZ001 - local times, as the file has them
    min_size=1,
    max_size=8,
)
# A day that no month can be: with it every order of the numbers is told.
TELLING = Said(datetime(2015, 12, 25, 7, 5, 9), "Nadia", "début")  # noqa: DTZ001 - local times, as the file has them


def read(
    content: bytes, *, hints: ExportHints | None = None, name: str = "WhatsApp Chat with Atelier.txt"
) -> list[LogItem]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        with open_log(
            path, format=None, device="import", clock=lambda: NOW, zone=UTC, hints=hints or ExportHints()
        ) as log:
            assert log.format is LogFormat.WHATSAPP
            return list(log.items)


def said_in(shown: Sequence[Notification]) -> list[Said]:
    found = []
    for one in shown:
        at = datetime.fromtimestamp((one.when_ms or 0) / 1000, UTC).replace(tzinfo=None)
        message = one.messages[0] if one.messages else None
        words = (message.text if message else one.text) or ""
        found.append(Said(at, message.sender if message else None, words))
    return found


@st.composite
def chats(draw: st.DrawFn) -> list[Said]:
    return [
        TELLING,
        *(Said(at, draw(st.sampled_from(SENDERS)), draw(WORDS)) for at in sorted(draw(MOMENTS))),
    ]


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@chosen(max_examples=6)
@given(chat=chats(), has_bom=st.booleans(), line_end=st.sampled_from(["\n", "\r\n"]))
def test_an_export_is_read_as_it_was_written(
    form: ExportFormat, chat: list[Said], has_bom: bool, line_end: str
) -> None:
    items = read(form.write(chat, has_bom=has_bom, line_end=line_end))
    assert problems(items) == []
    seconds = timedelta(0) if form.has_seconds else timedelta(seconds=1)
    expected = [
        Said(one.at if not seconds else one.at.replace(second=0), one.sender, one.words.rstrip("\n")) for one in chat
    ]
    assert said_in(notifications(items)) == expected


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_an_export_cut_at_any_byte_of_its_last_lines_names_the_head_that_was_cut_and_adds_it_to_no_message(
    form: ExportFormat, line_end: str
) -> None:
    r"""Broken lines, and what each reported.

    The cut line not asked for: `à demain\n1` was the words of the message before it. No half of the day but the
    model's: `bon\n10/7/26, 2:15 P` was. A head without who wrote taken for the app's own: nothing was named. Half a
    character kept: `à demain\n10/7/26, 11:15\ufffd` was words.
    """
    at = datetime(2026, 10, 7, 9, 15, 8)  # noqa: DTZ001 - local times, as the file has them
    chat = [
        TELLING,
        Said(at, "Léa 🤓", "ok: 10:30\nà demain"),
        Said(at + timedelta(hours=2), "+33 6 39 98 01 99", "bon"),
        Said(at + timedelta(hours=5), "Ayşe (atelier)", "oui"),
    ]
    content = form.write(chat, line_end=line_end)
    lines = form.write(chat[:2], line_end=line_end).count(b"\n")
    third, last = (len(form.write(chat[:count], line_end=line_end)) for count in (2, 3))
    for size in range(third + 1, len(content)):
        begun, number = (third, lines + 1) if size <= last else (last, lines + 2)
        whole = chat[: 2 if size <= last else 3]
        left = content[begun:size].decode("utf-8", "ignore")
        head = content[begun:].decode().partition(": ")[0] + ": "
        items = read(content[:size])
        said = [(one.sender, one.words) for one in said_in(notifications(items))]
        assert said[: len(whole)] == [(one.sender, one.words) for one in whole], (left, said)
        is_within_head = len(left) < len(head)
        named = [problem.origin for problem in problems(items)]
        assert named == ([f"WhatsApp Chat with Atelier.txt:{number}"] if is_within_head else []), left
        assert len(said) == len(whole) + (not is_within_head), left


@pytest.mark.parametrize(
    ("last", "is_named"),
    [
        ("12/11/", True),
        ("12/11/2026, 09:", True),
        ("12/11/2026, 09:15 - ", True),
        ("12/11/2026, 09:15 - Nadia", True),
        ("12/11/2026, 09:15 - Nadia: ", False),
        ("12/11/2026, 09:15 - Nadia: à demain", False),
        ("à demain", False),
        ("12.11", False),
        ("12/11 à midi", False),
        ("12/13/", False),
        ("45", False),
        ("2026", False),
        ("[12/11/2026, 09:15", False),
    ],
)
def test_a_last_line_without_an_end_is_named_only_where_it_begins_a_head_of_the_file_s_own_form(
    last: str, *, is_named: bool
) -> None:
    """Broken line: numbers of any value; `12/13/` and `45`, which no date has there, were named and left out."""
    items = read(f"25/10/2026, 09:14 - Nadia: Bonjour\n{last}".encode())
    assert [(one.origin, "truncated" in one.reason) for one in problems(items)] == (
        [("WhatsApp Chat with Atelier.txt:2", True)] if is_named else []
    )
    words = [said.words for said in said_in(notifications(items))]
    if is_named:
        assert words == ["Bonjour"]
    elif ": " in last:
        assert words == ["Bonjour", last.partition(": ")[2]]
    else:
        assert words == [f"Bonjour\n{last}"]


def test_a_cut_head_is_named_whether_or_not_an_attachment_s_mark_stands_before_it() -> None:
    """Broken line: marks compared as written; nothing was named where the head before it had one."""
    first, mark = "[25/10/2026, 09:14:00] Nadia: Bonjour\n", "\u200e"
    for content in (f"{mark}{first}[26/10/", f"{first}{mark}[26/10/", f"{first}{mark}"):
        items = read(content.encode())
        assert [problem.origin for problem in problems(items)] == ["WhatsApp Chat with Atelier.txt:2"]
        assert [said.words for said in said_in(notifications(items))] == ["Bonjour"]


def test_a_head_that_a_cut_gzip_ends_in_is_named_beside_the_cut() -> None:
    """Broken line: the last line that was taken, not the one after it; the cut alone was named, without line 3."""
    content = b"25/10/2026, 09:14 - Nadia: Bonjour\n\xc3\xa0 demain\n25/10/"
    packed = gzip.compress(content, compresslevel=0)
    items = read(packed[:-8], name="WhatsApp Chat with Atelier.txt.gz")  # without the sums that end it
    name = "WhatsApp Chat with Atelier.txt.gz"
    assert [problem.origin for problem in problems(items)] == [f"{name}:3", name]
    assert [said.words for said in said_in(notifications(items))] == ["Bonjour\nà demain"]


def test_dates_that_can_be_read_twice_are_refused_with_both_readings_and_read_once_the_order_is_said() -> None:
    content = b"3/4/24, 10:30 - Nadia: ok\n3/5/24, 10:31 - Tibo: ok\n"
    with pytest.raises(LogError, match=r"2024-04-03 \(--date-order dmy\) or 2024-03-04 \(--date-order mdy\)"):
        read(content)
    days = [said.at.day for said in said_in(notifications(read(content, hints=ExportHints(DateOrder.MONTH_DAY_YEAR))))]
    assert days == [4, 5]


def test_dates_that_would_go_backwards_tell_their_order() -> None:
    shown = notifications(read(b"12/01/24, 10:30 - Nadia: ok\n01/02/24, 10:31 - Tibo: ok\n"))
    assert [(one.at.month, one.at.day) for one in said_in(shown)] == [(1, 12), (2, 1)]


def test_a_date_that_there_is_not_is_named_by_its_line_and_the_rest_is_read() -> None:
    content = b"25/12/2024, 10:30 - Nadia: ok\n31/02/2025, 10:31 - Tibo: ok\nwent on\n01/03/2025, 10:32 - Nadia: fin\n"
    items = read(content)
    [problem] = problems(items)
    assert problem.origin == "WhatsApp Chat with Atelier.txt:2"
    assert "--date-order dmy" in problem.reason
    assert [said.words for said in said_in(notifications(items))] == ["ok", "fin"]


@pytest.mark.parametrize("zone", [None, UTC, ZoneInfo("America/New_York"), ZoneInfo("Pacific/Kiritimati")])
def test_a_date_at_the_end_of_all_calendars_is_named_by_its_line_and_the_rest_is_read(
    zone: tzinfo | None, tmp_path: Path
) -> None:
    path = tmp_path / "WhatsApp Chat with Nadia.txt"
    days = ("25/12/2024", "31/12/9999", "01/01/0100", "26/12/2024")
    path.write_text("".join(f"{day}, 23:59 - Nadia: ok\n" for day in days), encoding="utf-8")
    with open_log(path, format=None, device="import", clock=lambda: NOW, zone=zone) as log:
        items = list(log.items)
    assert len(notifications(items)) + len(problems(items)) == 4
    assert f"{path.name}:3" in [problem.origin for problem in problems(items)]
    assert len(notifications(items)) == (3 if zone in (UTC, ZoneInfo("Pacific/Kiritimati")) else 2)


class Discarding(BytesIO):
    """Counts what is written, and keeps nothing of it."""

    written_bytes = 0

    def write(self, content: Any, /) -> int:
        self.written_bytes += len(content)
        return 0


def test_an_export_that_unpacks_without_end_is_refused_before_it_fills_the_disk() -> None:
    kept = Discarding()
    with pytest.raises(LogError, match=r"bomb\.zip: it unpacks to more than 2147483648 bytes"):
        for _ in copied(repeat(bytes(2**20)), kept, "bomb.zip"):
            pass
    assert kept.written_bytes == 2**31


def test_a_temporary_folder_that_takes_nothing_is_told_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "WhatsApp Chat with Nadia.txt"
    path.write_bytes(b"25/12/2024, 10:30 - Nadia: ok\n" + b"x" * 17 * 2**20)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, hard))  # no file may grow any longer, as on a full disk
    try:
        with (
            open_log(path, format=None, device="import", clock=lambda: NOW, zone=UTC) as log,
            pytest.raises(LogError, match=r"temporary folder does not take it: File too large.*TMPDIR"),
        ):
            list(log.items)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_what_stands_before_the_first_message_is_named() -> None:
    items = read(b"end of a message whose head was cut\n25/12/2024, 10:30 - Nadia: ok\n")
    assert [problem.origin for problem in problems(items)] == ["WhatsApp Chat with Atelier.txt:1"]


def test_a_head_of_the_other_system_is_pasted_words() -> None:
    content = b"25/12/2024, 10:30 - Nadia: look\n[26/12/2024, 10:31:00] Tibo: pasted\n"
    assert [said.words for said in said_in(notifications(read(content)))] == [
        "look\n[26/12/2024, 10:31:00] Tibo: pasted"
    ]


def test_bytes_that_are_no_utf8_are_kept_as_a_sign_and_named() -> None:
    items = read(b"25/12/2024, 10:30 - Nadia: caf" + b"\xe9\n")
    assert [said.words for said in said_in(notifications(items))] == ["caf\ufffd"]
    assert "WhatsApp Chat with Atelier.txt:1" in [item.origin for item in items if isinstance(item, LogNote)]


def test_an_hour_that_comes_twice_is_told_by_the_order_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "WhatsApp Chat with Nadia.txt"
    times = ("02:10", "02:50", "02:05", "02:40", "03:00")
    path.write_text("".join(f"25/10/2026, {at} - Nadia: {at}\n" for at in times), encoding="utf-8")
    paris = ZoneInfo("Europe/Paris")
    with open_log(path, format=None, device="import", clock=lambda: NOW, zone=paris) as log:
        shown = notifications(list(log.items))
    minutes = [((one.when_ms or 0) - (shown[0].when_ms or 0)) // 60_000 for one in shown]
    assert minutes == [0, 40, 55, 90, 110]


def test_equal_messages_of_one_minute_stay_apart_and_come_again_as_the_same() -> None:
    content = b"25/12/2024, 10:30 - Nadia: ok\n" * 3
    once, again = ([item.payload for item in read(content) if isinstance(item, Delivery)] for _ in range(2))
    assert len(set(once)) == 3
    assert once == again


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("WhatsApp Chat with Les amis.txt", "Les amis"),
        ("WhatsApp Chat - Les amis.zip", "Les amis"),
        ("Discussion WhatsApp avec Les amis (2).txt", "Les amis"),
        ("WhatsApp-Chat mit Les amis.txt", "Les amis"),
        ("Chat de WhatsApp con Les amis.txt", "Les amis"),
        ("Conversa do WhatsApp com Les amis.txt", "Les amis"),
        ("_chat.txt", None),
    ],
)
def test_the_files_name_tells_the_conversation(name: str, title: str | None) -> None:
    content = b"25/12/2024, 10:30 - Nadia: ok\n"
    assert [one.conversation_title for one in notifications(read(content, name=name))] == [title]
    said = ExportHints(conversation="Atelier")
    assert [one.conversation_title for one in notifications(read(content, name=name, hints=said))] == ["Atelier"]
