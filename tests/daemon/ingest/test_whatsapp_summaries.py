"""WhatsApp's summaries repeat what their children say: what only a summary shows is a mention, and nothing twice."""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from typing import Any

from sqlalchemy import func, select

from tests.bridge.envelopes import payload_of
from tests.daemon.ingest.whatsapp_app import DELETED, RECEIVED_AT, Chat, Written, shows, summary, whatsapp_line
from veilleur.store.database import Database
from veilleur.store.tables import mentions
from veilleur.store.undated_tables import thread_snapshots
from veilleur_bridge.delivery import Delivery

NADIA, TABLE = "33639980017@s.whatsapp.net", "120363000000000001@g.us"
Bodies = Counter[tuple[str | None, str | None, bool]]


def deliver(database: Database, *envelopes: dict[str, Any]) -> None:
    """Hand over each in a batch of its own."""
    line = whatsapp_line(database)
    for one in envelopes:
        line.take_in([Delivery(payload_of(one), RECEIVED_AT, "test", one["device"])])


def told(database: Database, device: str = "salle-1") -> Bodies:
    columns = (mentions.c.actor_name, mentions.c.body, mentions.c.deleted)
    with database.reading() as connection:
        return Counter(tuple(row) for row in connection.execute(select(*columns).where(mentions.c.device == device)))


def kept(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(thread_snapshots)).scalar_one()


def chat_of(name: str, address: str, *said: tuple[str, str], is_shown: bool = True) -> Chat:
    written = [
        Written(sender, [text], 1_000 * (1 + number), is_shown_by_child=is_shown)
        for number, (sender, text) in enumerate(said)
    ]
    return Chat(name, address, written, list(written))


def test_what_children_say_is_told_once_and_their_summaries_are_not_kept(database: Database) -> None:
    nadia = chat_of("Nadia", NADIA, ("Nadia", "hello: you"), ("Nadia", "📷 Photo"), ("Nadia", DELETED))
    group = chat_of("Table: 7", TABLE, ("Ayo", "on my way: 5 min"), ("You", "fine"))
    deliver(database, shows(1, **nadia.child()), shows(2, **group.child()), shows(3, **summary([group])))
    assert kept(database) == 0
    deliver(database, shows(4, **summary([nadia, group])))
    expected = [("Nadia", "hello: you", False), ("Nadia", None, False), ("Ayo", "on my way: 5 min", False)]
    assert told(database) == Counter(expected)


def test_what_only_a_summary_shows_is_told_once_whatever_stands_beside_it(database: Database) -> None:
    """With one chat alone its name is the title, with two it stands in the lines, of a group in either of two ways."""
    nadia = chat_of("Nadia", NADIA, ("Nadia", "hello"), is_shown=False)
    group = chat_of("Table: 7", TABLE, ("Ayo", "on my way"), is_shown=False)
    both = summary([group, nadia])
    newer = {**both, "text_lines": ["Table: 7: Ayo: on my way", "Nadia: hello"]}
    deliver(database, shows(1, **summary([group])), shows(2, **both), shows(3, **newer), shows(4, **summary([nadia])))
    assert told(database) == Counter([("Nadia", "hello", False), ("Ayo", "on my way", False)])


def test_a_line_that_comes_back_into_a_full_summary_is_told_once(database: Database) -> None:
    """Below a deletion of Nadia's that came back, "aside" was taken for what she deleted, and told again."""
    aside = chat_of("Table: 7", TABLE, ("Ayo", "aside"), is_shown=False)
    nadia = chat_of("Nadia", NADIA, ("Nadia", "5 min"))
    lines = [f"Nadia: {number}" for number in range(6)]
    first = {**summary([nadia, aside]), "text_lines": ["Nadia: 5 min", "Ayo @ Table: aside", *lines[:5]]}
    full = {**first, "text_lines": ["Ayo @ Table: aside", *lines]}
    back = {**first, "text_lines": [f"Nadia: {DELETED}", "Ayo @ Table: aside", *lines[1:5]]}
    deliver(database, shows(1, **nadia.child()), shows(2, **first), shows(3, **full), shows(4, **back))
    assert told(database)["Ayo", "aside", False] == 1
    assert told(database)["Ayo", "aside", True] == 0


def test_a_child_that_comes_late_withdraws_the_line_in_whatever_order(database: Database) -> None:
    chat = chat_of("Nadia", NADIA, ("Nadia", "hello"), ("Nadia", "you there?"))
    first = Chat(chat.name, chat.address, chat.written[:1], chat.written[:1])
    for number, order in enumerate(permutations(range(4))):
        device = f"tablet-{number}"
        log = [
            shows(1, device=device, **summary([first])),
            shows(2, device=device, **first.child()),
            shows(3, device=device, **summary([chat])),
            shows(4, device=device, **chat.child()),
        ]
        deliver(database, *(log[place] for place in order))
        assert told(database, device) == Counter([("Nadia", "hello", False), ("Nadia", "you there?", False)])
    assert kept(database) == 0


def test_a_line_that_was_cut_is_no_second_message(database: Database) -> None:
    whole = chat_of("Nadia", NADIA, ("Nadia", "the soup was cold and nobody came"))
    cut = {**summary([whole]), "text_lines": ["the soup was cold and…"]}
    deliver(database, shows(1, **whole.child()), shows(2, **cut))
    assert told(database) == Counter([("Nadia", "the soup was cold and nobody came", False)])


def test_a_deletion_in_a_summary_withdraws_nothing_and_tells_nothing_again(database: Database) -> None:
    """Its line says who deleted a message, and not which of theirs."""
    chat = chat_of("Nadia", NADIA, ("Nadia", "never mind"), ("Nadia", "hello"), is_shown=False)
    deliver(database, shows(1, **summary([chat])))
    chat.written[0].is_deleted = True
    deliver(database, shows(2, **summary([chat])))
    assert told(database) == Counter([("Nadia", "never mind", False), ("Nadia", "hello", False)])
