"""An operator answers for seqs that never came; nothing else is ever passed over."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from tests.daemon.store.reported import online, report
from veilleur.model.arrival import Fate
from veilleur.model.errors import NoSuchGap
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.gaps import close_gap, find_gap
from veilleur.store.tables import epochs, lost_ranges

NOW = datetime(2026, 11, 10, 13, tzinfo=UTC)


def come(database: Database, *seqs: int) -> Fate:
    return commit_batch(database, [arrival(seq, sighting(f"mot {seq}")) for seq in seqs], now_ms=NOON_MS)


def watermark(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.execute(select(epochs.c.watermark)).scalar_one())


def test_a_closed_gap_lets_the_watermark_pass_and_is_remembered(database: Database) -> None:
    come(database, 1, 2, 5, 6, 9)
    gap = find_gap(database, "salle-1", None, 3, 8)
    assert (gap.epoch, gap.spans, gap.count, gap.may_still_come) == ("e1", ((3, 4), (7, 8)), 4, False)

    assert close_gap(database, gap, now=NOW) == 9

    with database.reading() as connection:
        lost = connection.execute(select(lost_ranges.c.from_seq, lost_ranges.c.through_seq)).all()
    assert sorted(tuple(span) for span in lost) == [(3, 4), (7, 8)]


def test_a_part_of_a_gap_is_closed_alone(database: Database) -> None:
    come(database, 1, 9)

    close_gap(database, find_gap(database, "salle-1", "e1", 2, 4), now=NOW)

    assert watermark(database) == 4
    assert find_gap(database, "salle-1", "e1", 1, 9).spans == ((5, 8),)


def test_what_comes_after_its_gap_was_closed_is_stored_once(database: Database) -> None:
    """Seen to catch a `close_gap` that does not write `lost_ranges`: the late envelope was a duplicate."""
    come(database, 1, 3)
    close_gap(database, find_gap(database, "salle-1", None, 2, 2), now=NOW)

    assert come(database, 2) == Fate(parsed=1, new_mentions=1)
    assert come(database, 2) == Fate(duplicate=1)
    assert watermark(database) == 3


def test_what_may_not_exist_yet_cannot_be_closed(database: Database) -> None:
    """Seen to catch a `find_gap` without `_refuse_future`: the device would drop what it has not captured yet."""
    come(database, 1, 3)
    with pytest.raises(NoSuchGap, match="the highest known one is 3"):
        find_gap(database, "salle-1", None, 2, 4)

    report(database, online("e1", first_seq=2, next_seq=7, spool_depth=5))

    gap = find_gap(database, "salle-1", None, 2, 6)
    assert (gap.spans, gap.held_from, gap.may_still_come) == (((2, 2), (4, 6)), 2, True)
    with pytest.raises(NoSuchGap, match="the highest known one is 6"):
        find_gap(database, "salle-1", None, 2, 7)


@pytest.mark.parametrize(
    ("device", "epoch", "said"),
    [
        ("salle-2", None, "salle-2 has sent nothing"),
        ("salle-1", "e7", "in epoch e7"),
        ("salle-1", None, "all seqs from 1 to 2 of salle-1 have come"),
    ],
)
def test_where_there_is_no_gap_it_says_so(database: Database, device: str, epoch: str | None, said: str) -> None:
    come(database, 1, 2)

    with pytest.raises(NoSuchGap, match=said):
        find_gap(database, device, epoch, 1, 2)


def test_of_several_open_epochs_one_must_be_named(database: Database) -> None:
    come(database, 1, 3)
    commit_batch(database, [arrival(1, epoch="e2")], now_ms=NOON_MS)

    with pytest.raises(NoSuchGap, match=r"--epoch \(e1, e2\)"):
        find_gap(database, "salle-1", None, 2, 2)
    assert find_gap(database, "salle-1", "e1", 2, 2).epoch == "e1"
