"""A message that was captured live and stands in an export is one mention, whichever came first."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.bridge.envelopes import payload_of
from tests.daemon.ingest.line import Line
from veilleur.ingest.reading import Reader
from veilleur.ingest.rereading import reparse
from veilleur.model.mention import Mention
from veilleur.model.scope import Scope
from veilleur.parsers.registry import builtin_parsers
from veilleur.query.expression import EVERYTHING
from veilleur.store.database import Database
from veilleur.store.mentions import every_mention, total_mentions
from veilleur_bridge.codec import Codec
from veilleur_bridge.delivery import Delivery
from veilleur_bridge.redaction import Screen
from veilleur_bridge.redaction_rules import load_rules
from veilleur_bridge.sources.log_file import open_log

EVERYONE = Scope(may_read_private=True)
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINUTE = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
GROUP = "WhatsApp Chat with Atelier.txt"
HEAD = "20/11/2026, 09:30 - "
LIVE_PACKAGE = "com.whatsapp"


@pytest.fixture(scope="module")
def reader() -> Reader:
    codec = Codec()
    return Reader(codec, Screen(load_rules(), codec), builtin_parsers())


def live(*said: tuple[int, str, str], device: str = "salle-1", seq: int = 1, title: str | None = "Atelier") -> Delivery:
    """Return one capture of the thread: (second, sender, words) each; no title: a direct chat with the sender."""
    at_ms = int(MINUTE.timestamp()) * 1000
    envelope: dict[str, Any] = {
        "v": 1,
        "id": f"{device}-{seq}",
        "device": device,
        "epoch": "e1",
        "seq": seq,
        "event": "posted",
        "captured_at": "2026-11-20T09:31:00.000Z",
        "source": {"kind": "companion", "version": "1"},
        "app": {"package": LIVE_PACKAGE},
        "notification": {
            "key": "0|com.whatsapp|1|T1=|10100",
            "tag": "T1=",
            "channel": "group_chat_defaults_1" if title else "individual_chat_defaults_1",
            "title": title or said[0][1],
            "conversation_title": title,
            "shortcut_id": "12036300000001@g.us" if title else "33600000001@s.whatsapp.net",
            "is_group_conversation": title is not None,
            "self_name": "Vous",
            "messages": [{"at_ms": at_ms + second * 1000, "sender": who, "text": words} for second, who, words in said],
        },
    }
    if title is None:
        del envelope["notification"]["conversation_title"]
    return Delivery(payload_of(envelope), NOW, "live")


def exported(folder: Path, *lines: str, name: str = GROUP, device: str = "import") -> list[Delivery]:
    path = folder / name
    path.write_text("20/11/2026, 09:29 - Tibo: salut\n" + "\n".join(lines) + "\n", encoding="utf-8")
    with open_log(path, format=None, device=device, clock=lambda: NOW, zone=UTC) as log:
        return [item for item in log.items if isinstance(item, Delivery)]


def shown(database: Database) -> list[Mention]:
    return sorted(every_mention(database, EVERYONE, EVERYTHING), key=lambda one: (one.happened_at, one.id))


def said(database: Database) -> list[tuple[str | None, str | None, str]]:
    return [(one.actor.name if one.actor else None, one.body, one.package) for one in shown(database)]


def test_in_every_order_of_arrival_what_was_captured_stands_before_the_export(
    database: Database, reader: Reader, tmp_path: Path
) -> None:
    seen = live((5, "Nadia", "C’est prêt ?"), (41, "Léa", "👍"))
    again = live((5, "Nadia", "C’est prêt ?"), (41, "Léa", "👍"), (50, "Léa", "bien"), seq=2)
    export = exported(tmp_path, HEAD + "Nadia: C’est prêt ?", HEAD + "Léa: 👍", HEAD + "Tibo: pas vu")
    Line(database, reader, lambda: NOW).take_in([*export, seen, again])
    first = said(database)
    assert first == [
        ("Tibo", "salut", "whatsapp.export"),
        ("Tibo", "pas vu", "whatsapp.export"),
        ("Nadia", "C’est prêt ?", LIVE_PACKAGE),
        ("Léa", "👍", LIVE_PACKAGE),
        ("Léa", "bien", LIVE_PACKAGE),
    ]
    assert total_mentions(database, EVERYONE) == 5


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_each_order_shows_the_same(
    database: Database, reader: Reader, tmp_path: Path, order: tuple[int, int, int]
) -> None:
    export = exported(tmp_path, HEAD + "Nadia: ok", HEAD + "Nadia: ok", HEAD + "Nadia: ok")
    parts = [[live((5, "Nadia", "ok"))], [live((5, "Nadia", "ok"), (9, "Nadia", "ok"), seq=2)], export]
    line = Line(database, reader, lambda: NOW)
    for place in order:
        line.take_in(parts[place])
    assert [package for _, body, package in said(database) if body == "ok"] == [
        "whatsapp.export",
        LIVE_PACKAGE,
        LIVE_PACKAGE,
    ]
    before = shown(database)
    reparse(database, reader, lambda _done, _of: None)
    assert shown(database) == before


@pytest.mark.parametrize(
    ("lines", "captured"),
    [
        ([HEAD + "Nadia: ok"], live((5, "Nadia", "ok"), title="Autre groupe")),
        ([HEAD + "Nadia: ok"], live((5, "Léa", "ok"))),
        ([HEAD + "Nadia: ok"], live((65, "Nadia", "ok"))),
        ([HEAD + "Nadia: ok !"], live((5, "Nadia", "ok non"))),
    ],
)
def test_another_group_sender_minute_or_words_is_another_message(
    database: Database, reader: Reader, tmp_path: Path, lines: list[str], captured: Delivery
) -> None:
    Line(database, reader, lambda: NOW).take_in([*exported(tmp_path, *lines), captured])
    assert total_mentions(database, EVERYONE) == 3


def test_a_direct_chat_is_matched_by_its_sender(database: Database, reader: Reader, tmp_path: Path) -> None:
    export = exported(tmp_path, HEAD + "Nadia: Bonjour", name="WhatsApp Chat - Nadia.txt")
    Line(database, reader, lambda: NOW).take_in([*export, live((12, "Nadia", "Bonjour"), title=None)])
    assert [body for _, body, package in said(database) if package == LIVE_PACKAGE] == ["Bonjour"]
    assert total_mentions(database, EVERYONE) == 2


@pytest.mark.parametrize("captures", [0, 1, 2])
def test_exports_of_two_phones_never_hide_one_another_in_direct_chats(
    database: Database, reader: Reader, tmp_path: Path, captures: int
) -> None:
    line = Line(database, reader, lambda: NOW)
    for phone in ("phone-a", "phone-b"):
        line.take_in(exported(tmp_path, HEAD + "Marie: Bonjour", name="WhatsApp Chat - Marie.txt", device=phone))
    line.take_in([live((5 + at, "Marie", "Bonjour"), title=None, seq=at + 1) for at in range(captures)])
    packages = [package for _, body, package in said(database) if body == "Bonjour"]
    assert sorted(packages) == [LIVE_PACKAGE] * captures + ["whatsapp.export"] * (2 - captures)
    before = shown(database)
    reparse(database, reader, lambda _done, _of: None)
    assert shown(database) == before


def test_of_a_group_two_exports_are_one(database: Database, reader: Reader, tmp_path: Path) -> None:
    line = Line(database, reader, lambda: NOW)
    for phone in ("phone-a", "phone-b"):
        line.take_in(exported(tmp_path, HEAD + "Nadia: ok", HEAD + "Léa: ok", device=phone))
    assert total_mentions(database, EVERYONE) == 3


def test_the_direct_chat_with_another_is_another(database: Database, reader: Reader, tmp_path: Path) -> None:
    export = exported(tmp_path, HEAD + "Marie: Bonjour", name="WhatsApp Chat - Tibo.txt")
    Line(database, reader, lambda: NOW).take_in([*export, live((12, "Marie", "Bonjour"), title=None)])
    assert [body for _, body, _ in said(database)].count("Bonjour") == 2


def test_an_export_again_and_a_longer_one_add_only_what_is_new(
    database: Database, reader: Reader, tmp_path: Path
) -> None:
    line = Line(database, reader, lambda: NOW)
    short = [HEAD + "Nadia: ok", HEAD + "Nadia: ok"]
    line.take_in(exported(tmp_path, *short))
    line.take_in(exported(tmp_path, *short, HEAD + "Nadia: ok"))
    assert [body for _, body, _ in said(database)] == ["salut", "ok", "ok", "ok"]
