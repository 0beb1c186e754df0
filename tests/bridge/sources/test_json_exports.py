"""Exports in JSON and in zips: the layouts of each year, commas too many, broken objects, files that end too soon."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from datetime import UTC
from errno import EIO
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.bridge.sources.log_reading import envelopes, notifications, problems, read_bytes, read_file
from veilleur_bridge.delivery import LogNote, LogProblem
from veilleur_bridge.errors import LogEndedEarly, LogError
from veilleur_bridge.export_package import ExportPackage
from veilleur_bridge.sources.json_items import Found, Item, read_items
from veilleur_bridge.sources.zip_member import zip_member_pieces

FOLLOWERS = {"FansList": [{"Date": "2024-11-07 19:18:44", "UserName": "nadia"}]}
CHAT = {"Chat History with tibo:": [{"date": "2025-04-01 01:34:11", "From": "tibo", "Content": "salut"}]}
LAYOUTS = {
    "2024": {"Activity": {"Follower List": FOLLOWERS}, "Direct Messages": {"Chat History": {"ChatHistory": CHAT}}},
    "2025": {
        "Your Activity": {"Follower List": FOLLOWERS},
        "Direct Message": {"Direct Messages": {"ChatHistory": CHAT}},
    },
    "2026": {
        "Likes and Favorites": {"Like List": {"ItemFavoriteList": [{"date": "2026-01-01 00:00:00", "link": "x"}]}},
        "Profile And Settings": {"Follower": FOLLOWERS},
        "Direct Message": {"Direct Messages": {"ChatHistory": CHAT}},
    },
}


def telegram(**chat: Any) -> dict[str, Any]:
    message = {
        "id": 1,
        "type": "message",
        "date_unixtime": "1682942460",
        "from": "Nadia",
        "text": ["a ", {"text": "b"}],
    }
    return {"name": "Atelier", "type": "private_group", "id": 7, "messages": [message, message | {"id": 2}]} | chat


@pytest.mark.parametrize("indent", [None, 1, 2])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_followers_and_messages_are_found_in_the_layout_of_each_year(layout: str, indent: int | None) -> None:
    items = read_bytes(json.dumps(LAYOUTS[layout], indent=indent).encode())
    shown = sorted(notifications(items), key=lambda one: one.when_ms or 0)
    assert [(one.title, one.conversation_title) for one in shown] == [("nadia", None), (None, "tibo")]
    assert [one.when_ms for one in shown] == [1_731_007_124_000, 1_743_471_251_000]
    assert {one.app.package for one in envelopes(items)} == {ExportPackage.TIKTOK}
    assert problems(items) == []


def test_a_comma_too_many_is_left_out_and_said_with_its_line() -> None:
    text = json.dumps(LAYOUTS["2024"], indent=1).replace('"nadia"\n', '"nadia",\n')
    items = read_bytes(text.encode())
    assert len(notifications(items)) == 2
    line = next(at for at, row in enumerate(text.splitlines(), 1) if row.strip() == "{" and at > 2)
    assert [(item.origin) for item in items if isinstance(item, LogNote) and "comma" in item.text] == [
        f"log.txt:{line}"
    ]


@pytest.mark.parametrize("indent", [None, 1])
def test_one_chat_and_all_chats_of_telegram_are_read_alike(indent: int | None) -> None:
    single = notifications(read_bytes(json.dumps(telegram(), indent=indent).encode()))
    other = telegram(name="Autre", id=8, type="personal_chat")
    whole = {"personal_information": {"first_name": "x"}, "chats": {"list": [telegram(), other]}}
    every = notifications(read_bytes(json.dumps(whole, indent=indent).encode()))
    assert every[:2] == single
    assert [(one.conversation_title, one.is_group_conversation) for one in every] == [
        ("Atelier", True),
        ("Atelier", True),
        ("Autre", False),
        ("Autre", False),
    ]
    assert [one.messages[0].text for one in single if one.messages] == ["a b", "a b"]


def test_a_file_that_ends_too_soon_keeps_what_precedes() -> None:
    text = json.dumps(telegram(), indent=1)
    items = read_bytes(text[: text.rindex('"from"')].encode())
    assert len(notifications(items)) == 1
    [problem] = problems(items)
    assert problem.ended_early
    assert problem.origin == "log.txt:18"


@pytest.mark.parametrize("written", ["1e999", "-1e999", "NaN", "1e30", "-5", '"253402300800"', "null"])
def test_a_date_that_is_none_costs_its_message_alone(written: str) -> None:
    text = json.dumps(telegram(), indent=1).replace('"1682942460"', written, 1)
    items = read_bytes(text.encode())
    assert [one.id for one in notifications(items)] == [2]
    assert [(problem.origin, problem.reason) for problem in problems(items)] == [
        ("log.txt:6", "the message has no date")
    ]


def read_measured(pieces: Iterator[bytes]) -> tuple[list[Found], int]:
    """Return what is found in an export of Telegram, and the most bytes that were kept for it."""
    tracemalloc.start()
    try:
        items = list(read_items(pieces, "log", lambda path: path[-1:] == ("messages",)))
        return items, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("filler", ["\\\\", '\\"', "\\n", "é", "{"])
def test_a_text_is_read_alike_wherever_the_bytes_at_hand_end(filler: str) -> None:
    text = json.dumps(telegram(about="SAID")).replace("SAID", filler * 40).replace("a ", filler * 40)
    whole = list(read_items(iter([text.encode()]), "log", lambda path: path[-1:] == ("messages",)))
    for size in (1, 2, 3, 7, 64):
        pieces = (text.encode()[at : at + size] for at in range(0, len(text.encode()), size))
        assert list(read_items(pieces, "log", lambda path: path[-1:] == ("messages",))) == whole


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"about": "x" * 16 * 2**20}, "a text or number is longer than 262144 bytes"),
        ({"about": "\\" * 8 * 2**20}, "a text or number is longer than 262144 bytes"),
        ({"k" * 16 * 2**20: 1}, "a text or number is longer than 262144 bytes"),
        ({"about": [{"a": "x" * 2**20}]}, "a text or number is longer than 262144 bytes"),
        ({"messages": [{"text": "x" * 16 * 2**20}]}, "the object is longer than 262144 bytes"),
    ],
)
def test_what_is_longer_than_an_envelope_is_named_and_passed_over_without_being_kept(
    broken: dict[str, Any], reason: str
) -> None:
    whole = {"personal_information": {}, "chats": {"list": [{"id": 1} | broken, telegram()]}}
    content = json.dumps(whole).encode()
    pieces = (content[at : at + 256 * 1024] for at in range(0, len(content), 256 * 1024))
    items, kept_bytes = read_measured(pieces)
    assert [item.reason for item in items if isinstance(item, LogProblem)] == [reason]
    assert [item.members["id"] for item in items if isinstance(item, Item)] == [1, 2]
    assert kept_bytes < 3 * 2**20  # measured: 1 MiB; a token that is kept is also read again at each piece


@pytest.mark.parametrize(("opening", "closing"), [('{"a":', "}"), ("[", "]")])
def test_what_is_nested_without_end_is_named_and_passed_over(opening: str, closing: str) -> None:
    deep = opening * 72_000 + "1" + closing * 72_000
    content = json.dumps(telegram(about=0)).replace('"about": 0', f'"about": {deep}')
    content = content.replace('"messages"', '"about2": 1, "messages"')
    items = read_bytes(content.encode())
    assert [problem.reason for problem in problems(items)] == ["what begins here is nested more than 100 deep"]


def test_a_gap_without_end_is_passed_over() -> None:
    gap = b" \n" * 2**17
    [*_, item], kept_bytes = read_measured(iter([b'{"name": "a",', *[gap] * 24, b'"messages": [{"id": 1}]}']))
    assert isinstance(item, Item)
    assert item.line == 24 * 2**17 + 1
    assert kept_bytes < 3 * 2**20


def test_an_object_that_does_not_end_costs_itself_alone() -> None:
    text = json.dumps(telegram(), indent=1)
    broken = text.replace("  },\n  {", "  {", 1)
    assert broken != text
    items = read_bytes(broken.encode())
    assert [one.id for one in notifications(items)] == [2]
    assert [problem.origin for problem in problems(items)] == ["log.txt:6"]


def zipped(**members: str) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return packed.getvalue()


def test_a_zip_gives_the_chat_and_leaves_its_attachments(tmp_path: Path) -> None:
    path = tmp_path / "WhatsApp Chat - Atelier.zip"
    chat = "[25/12/2024, 10:30:05] Nadia: \u200e<attached: 00000001-PHOTO-2024.jpg>\n"
    path.write_bytes(zipped(**{"_chat.txt": chat, "notes.txt": "not it", "00000001-PHOTO-2024.jpg": "x"}))
    [shown] = notifications(read_file(path, zone=UTC))
    assert shown.conversation_title == "Atelier"
    assert shown.messages is not None
    assert shown.messages[0].text == "\u200e<attached: 00000001-PHOTO-2024.jpg>"


class FailingDisk(BytesIO):
    """A zip on a disk that no longer gives its first bytes."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() == 0:
            raise OSError(EIO, "Input/output error")
        return super().read(size)


def test_a_zip_that_the_disk_no_longer_gives_ends_early() -> None:
    with pytest.raises(LogEndedEarly, match="could not be read any further: Input/output error"):
        list(zip_member_pieces(FailingDisk(zipped(**{"_chat.txt": "x"}))))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (zipped(**{"a.jpg": "x"}), "there is no text in the zip"),
        (zipped(**{"a.txt": "x", "b.txt": "y"}), "several texts"),
        (zipped(**{"_chat.txt": "x" * 999})[:200], "damaged or cut off"),
    ],
)
def test_a_zip_without_one_text_is_refused_with_what_to_do(content: bytes, said: str) -> None:
    with pytest.raises(LogError, match=said):
        read_bytes(content)
