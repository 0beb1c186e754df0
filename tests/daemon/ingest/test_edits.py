"""WhatsApp's edited messages: other words in the place of the former, whatever arrives first and whatever is lost."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.bridge.envelopes import payload_of
from tests.daemon.ingest.scripted import DEVICE, deliveries, envelope, line_of, says
from tests.daemon.ingest.whatsapp_app import RECEIVED_AT, Chat, Written, shows, told, whatsapp_line, whatsapp_reader
from tests.daemon.store.projected import change_feed, projections
from veilleur.ingest.rereading import compare, reparse
from veilleur.store.database import Database
from veilleur.store.showing import show
from veilleur.store.tables import mentions
from veilleur_bridge.delivery import Delivery

AT_MS = 1_000
Standing = set[tuple[str | None, bool]]


def posted(*messages: tuple[str, int]) -> dict[str, Any]:
    """Return the record of Nadia's chat with these words, each under its time."""
    chat = Chat("Nadia", "33639980017@s.whatsapp.net")
    chat.unread = [Written("Nadia", [words], at_ms) for words, at_ms in messages]
    return chat.child()


def deliver(database: Database, device: str, *records: tuple[int, dict[str, Any]]) -> None:
    """Deliver a device's records one by one, each with its seq."""
    for seq, record in records:
        tree = shows(seq, device=device, **record)
        whatsapp_line(database).take_in([Delivery(payload_of(tree), RECEIVED_AT, "test", device)])


def standing(database: Database, device: str) -> Standing:
    """Return the words that are shown, each with whether they are edited."""
    return {(words, is_edited) for _, words, _, is_edited in told(database, device)}


ALONE = (posted(("table for 8", AT_MS)), posted(("table for 9", AT_MS)), posted(("table for 10", AT_MS)))
OF_ONE_SECOND = (
    posted(("hello", AT_MS)),
    posted(("hello", AT_MS), ("table for 8", AT_MS)),
    posted(("hello", AT_MS), ("table for 9", AT_MS)),
)
OUT_OF_SIGHT = (
    posted(("hello", AT_MS), ("table for 8", AT_MS)),
    posted(("table for 9", AT_MS), ("please", 2_000)),
)
CASES = pytest.mark.parametrize(
    ("records", "expected"),
    [
        (ALONE, {("table for 10", True)}),
        (OF_ONE_SECOND[:2], {("hello", False), ("table for 8", False)}),
        (OF_ONE_SECOND, {("hello", False), ("table for 9", True)}),
        (OUT_OF_SIGHT, {("hello", False), ("table for 9", True), ("please", False)}),
        ((posted(("ok", AT_MS)), posted(("ok, but late", 2_000))), {("ok", False), ("ok, but late", False)}),
        ((posted(("ok", 0)), posted(("no", 0))), {("ok", False), ("no", False)}),
    ],
    ids=["edited twice", "one second", "one of a second", "one left the window", "another second", "no time"],
)


@CASES
def test_other_words_in_one_place_are_that_message_edited_in_any_order(
    records: tuple[dict[str, Any], ...], expected: Standing, database: Database
) -> None:
    orders = {f"salle-{number}": order for number, order in enumerate(permutations(enumerate(records, 1)))}
    for device, order in orders.items():
        deliver(database, device, *order)

    assert [standing(database, device) for device in orders] == [expected] * len(orders)


@CASES
def test_read_again_they_stand_as_they_did(
    records: tuple[dict[str, Any], ...], expected: Standing, database: Database
) -> None:
    deliver(database, "salle-1", *enumerate(records, 1))
    before = projections(database)

    assert list(compare(database, whatsapp_reader(), _nobody)) == []
    assert reparse(database, whatsapp_reader(), _nobody, batch_size=1).changed == 0
    assert (projections(database), standing(database, "salle-1")) == (before, expected)


def test_a_database_from_before_is_put_right_by_a_reparse(database: Database) -> None:
    deliver(database, "salle-1", *enumerate(ALONE, 1))
    with database.writing() as connection:
        orders = list(connection.execute(select(mentions.c.ord)).scalars())
        connection.execute(update(mentions).values(edited=False, parser_version=6))
        show(connection, list(connection.execute(select(mentions.c.id)).scalars()), is_shown=True)
    assert len(orders) == len(ALONE) == len(standing(database, "salle-1"))

    reparse(database, whatsapp_reader(), _nobody)

    assert standing(database, "salle-1") == {("table for 10", True)}


def test_whoever_follows_changes_hears_of_the_former_words_too(database: Database) -> None:
    deliver(database, "salle-1", *enumerate(ALONE[:2], 1))

    heard = [(words, op) for _, words, op, _ in change_feed(database)]

    assert heard == [("table for 8", "created"), ("table for 8", "changed"), ("table for 9", "created")]


def test_of_an_app_that_shows_no_edits_other_words_are_another_message(database: Database) -> None:
    line_of(database).take_in(deliveries([envelope(1, says("table for 8")), envelope(2, says("table for 9"))]))

    assert {(words, is_edited) for _, words, _, is_edited in told(database, DEVICE)} == {
        ("table for 8", False),
        ("table for 9", False),
    }


def _nobody(_done: int, _of: int) -> None:
    """Take a report of progress."""
