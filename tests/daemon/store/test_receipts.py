"""A receipt says what is committed of a device's current epoch, and under which store and round."""

from __future__ import annotations

from hashlib import sha256

import pytest

from tests.daemon.store.arrivals import NOON_MS, arrival, dead
from tests.daemon.store.reported import gone, online, report
from veilleur.model.arrival import Fate
from veilleur.model.scope import Scope
from veilleur.model.unpaired import UnpairedDevices
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.pairing import set_password
from veilleur.store.receipts import StoredReceipts
from veilleur.store.tables import notifications, outcomes
from veilleur_bridge.registry import Receipt


@pytest.fixture
def receipts(database: Database) -> StoredReceipts:
    """Give the receipts of an empty database in its first round."""
    stored = StoredReceipts(database)
    stored.raise_round()
    return stored


def come(database: Database, *seqs: int, epoch: str = "e1", device: str = "salle-1", at_ms: int = NOON_MS) -> None:
    batch = [arrival(seq, envelope_id=f"{device}-{epoch}-{seq}", epoch=epoch, device=device) for seq in seqs]
    commit_batch(database, batch, now_ms=at_ms)


def of_salle_1(receipts: StoredReceipts) -> Receipt:
    return receipts.receipts_for(["salle-1"])["salle-1"]


def test_nothing_is_due_before_the_first_round_and_to_nobody_unheard_of(database: Database) -> None:
    come(database, 1)
    stored = StoredReceipts(database)
    assert (stored.store(), stored.every_receipt()) == (None, {})

    assert stored.raise_round() == 1

    assert stored.receipts_for(["salle-1", "salle-2"]) == stored.every_receipt()
    assert of_salle_1(stored) == Receipt(stored.store() or "", 1, "e1", 1)
    assert stored.receipts_for([]) == {}


def test_it_covers_what_is_contiguous_in_any_order_of_arrival(database: Database, receipts: StoredReceipts) -> None:
    for seqs, through_seq in (((3, 5), 0), ((1,), 1), ((2,), 3), ((6, 4), 6), ((2, 9), 6)):
        come(database, *seqs)
        assert of_salle_1(receipts).through_seq == through_seq


def test_rounds_count_on_and_the_store_stays(database: Database, receipts: StoredReceipts) -> None:
    come(database, 1)
    before = of_salle_1(receipts)

    assert StoredReceipts(database).raise_round() == 2

    assert of_salle_1(receipts) == Receipt(before.store, 2, "e1", 1)


def test_a_new_store_is_begun_once_however_many_daemons_see_the_reason(
    database: Database, receipts: StoredReceipts
) -> None:
    """Seen to catch a `begin_new_store` that does not compare: the second daemon made a third store."""
    former = receipts.store() or ""
    receipts.begin_new_store(former)
    second = receipts.store()
    StoredReceipts(database).begin_new_store(former)

    assert receipts.store() == second != former


def test_the_current_epoch_is_the_one_first_seen_last_until_a_status_names_it(
    database: Database, receipts: StoredReceipts
) -> None:
    come(database, 1, 2, epoch="e1", at_ms=NOON_MS)
    come(database, 1, epoch="e2", at_ms=NOON_MS + 1)
    assert (of_salle_1(receipts).epoch, of_salle_1(receipts).through_seq) == ("e2", 1)

    report(database, online("e1"))
    assert (of_salle_1(receipts).epoch, of_salle_1(receipts).through_seq) == ("e1", 2)


def test_a_device_with_a_fresh_spool_is_told_that_nothing_of_it_is_stored(
    database: Database, receipts: StoredReceipts
) -> None:
    come(database, 1, 2, epoch="e1")

    report(database, online("e2"))

    assert (of_salle_1(receipts).epoch, of_salle_1(receipts).through_seq) == ("e2", 0)


def test_a_last_will_names_no_other_epoch(database: Database, receipts: StoredReceipts) -> None:
    report(database, online("e2"))

    assert report(database, gone("e1")) == frozenset()

    assert of_salle_1(receipts).epoch == "e2"


def test_refused_payloads_stand_in_it_newest_last_and_at_most_32(database: Database, receipts: StoredReceipts) -> None:
    """Seen to catch a `note_refused` that keeps the oldest, and one that keeps all."""
    come(database, 1)
    payloads = [f"rubbish {number}".encode() for number in range(40)]
    for number, payload in enumerate(payloads):
        commit_batch(database, [dead(payload, at_ms=NOON_MS + number)], now_ms=NOON_MS)

    refused = of_salle_1(receipts).refused

    assert refused == tuple(sha256(payload).hexdigest() for payload in payloads[-32:])


def test_a_payload_refused_again_is_the_newest_though_it_is_buried_once(
    database: Database, receipts: StoredReceipts
) -> None:
    """Seen to catch refusing new dead letters alone: a device that sent again was never told."""
    come(database, 1)
    for number, payload in enumerate((b"first", b"second", b"first")):
        commit_batch(database, [dead(payload, at_ms=NOON_MS + number)], now_ms=NOON_MS)

    assert of_salle_1(receipts).refused == (sha256(b"second").hexdigest(), sha256(b"first").hexdigest())


def test_a_dead_letter_that_has_a_seq_is_answered_by_the_watermark(
    database: Database, receipts: StoredReceipts
) -> None:
    commit_batch(database, [dead(b"rubbish", seq=1)], now_ms=NOON_MS)

    assert (of_salle_1(receipts).through_seq, of_salle_1(receipts).refused) == (1, ())


def test_refused_payloads_are_forgotten_once_the_spool_is_empty(database: Database, receipts: StoredReceipts) -> None:
    come(database, 1)
    commit_batch(database, [dead(b"rubbish")], now_ms=NOON_MS)

    report(database, online("e1", first_seq=2, next_seq=3, spool_depth=1))
    assert len(of_salle_1(receipts).refused) == 1
    report(database, online("e1", first_seq=3, next_seq=3, spool_depth=0))
    assert of_salle_1(receipts).refused == ()


def test_where_unpaired_devices_are_refused_they_are_due_nothing_until_they_are_paired(database: Database) -> None:
    """Seen to catch a refusal whose dead letter takes the seq: once paired, the device was told that all is stored."""
    stored = StoredReceipts(database, UnpairedDevices.REFUSE)
    stored.raise_round()
    batch = [arrival(1), arrival(2)]
    fate = commit_batch(database, batch, now_ms=NOON_MS, unpaired=UnpairedDevices.REFUSE)
    assert (fate.dead, fate.parsed, stored.every_receipt()) == (2, 0, {})

    set_password(database, Scope(), "salle-1", "hash", NOON_MS)
    report(database, online("e1"))
    assert of_salle_1(stored).through_seq == 0
    assert commit_batch(database, batch, now_ms=NOON_MS, unpaired=UnpairedDevices.REFUSE).parsed == 2
    assert of_salle_1(stored).through_seq == 2


def test_retention_of_the_rows_neither_lowers_a_receipt_nor_lets_them_in_again(
    database: Database, receipts: StoredReceipts
) -> None:
    """Seen to catch a receipt counted from the rows themselves (max of seq): it fell to 0."""
    come(database, 1, 2, 3, 5)
    with database.writing() as connection:
        connection.execute(outcomes.delete())
        connection.execute(notifications.delete())

    assert of_salle_1(receipts).through_seq == 3
    again = [arrival(seq, envelope_id=f"salle-1-e1-{seq}") for seq in (1, 2, 3, 5)]
    assert commit_batch(database, again, now_ms=NOON_MS) == Fate(duplicate=4)
