"""`reparse` while a plug-in cannot be asked: what it told stays, and the report says of how many."""

from __future__ import annotations

import pytest

from tests.daemon.ingest.scripted import PluginOutOfOrder, deliveries, envelope, line_of, reader_plugged, says
from tests.daemon.store.projected import change_feed, projections
from veilleur.ingest.rereading import ReparseSummary, compare, reparse
from veilleur.parsers.generic import NO_PARSER
from veilleur.parsers.protocol import Fault
from veilleur.store.database import Database
from veilleur.store.tables import outcomes

LOG = [
    envelope(1, says("merci"), says("froid", "Léa")),
    envelope(2, says("3 others", "Tibo"), when_ms=1),
    envelope(3, says("12 others", "Tibo"), when_ms=1),
    envelope(4, says("deletes Nadia 0")),
]
OUT_OF_ORDER = pytest.mark.parametrize("reason", [*Fault, NO_PARSER])


@OUT_OF_ORDER
def test_what_a_plug_in_told_stays_while_it_cannot_be_asked(reason: str, database: Database) -> None:
    line_of(database).take_in(deliveries(LOG))
    before, feed = projections(database), change_feed(database)
    reader = reader_plugged(PluginOutOfOrder(reason))

    summary = reparse(database, reader, lambda _done, _of: None, plug_ins=[PluginOutOfOrder.name], batch_size=3)

    assert summary == ReparseSummary(read=4, added=0, changed=0, dropped=0, unread=4)
    assert (projections(database), change_feed(database)) == (before, feed)


@OUT_OF_ORDER
def test_a_comparison_drops_nothing_of_a_plug_in_that_cannot_be_asked(reason: str, database: Database) -> None:
    line_of(database).take_in(deliveries(LOG))
    unread: list[int] = []
    reader = reader_plugged(PluginOutOfOrder(reason))

    differences = compare(
        database, reader, lambda _done, _of: None, plug_ins=[PluginOutOfOrder.name], on_unread=unread.append
    )

    assert (list(differences), unread) == ([], [len(LOG)])


def test_what_was_never_understood_is_told_as_it_is_found(database: Database) -> None:
    line_of(database).take_in(deliveries([envelope(1, says("merci"), title="unknown")]))
    summary = reparse(database, reader_plugged(PluginOutOfOrder(Fault.SUSPENDED)), lambda _done, _of: None)
    assert summary.unread == 0
    with database.reading() as connection:
        assert connection.execute(outcomes.select()).one().reason == Fault.SUSPENDED


def test_an_app_that_is_no_longer_allowed_leaves_nothing(database: Database) -> None:
    line_of(database).take_in(deliveries(LOG[:1]))
    summary = reparse(database, reader_plugged(PluginOutOfOrder(NO_PARSER)), lambda _done, _of: None)
    assert (summary.dropped, summary.unread) == (2, 0)
