"""A database put back to an earlier copy: what was receipted since is reported, and asked for again."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.bridge.mqtt.receipt_topic import receipts_of
from tests.end_to_end.stored_rows import looking_into
from tests.faults.spooling_tablet import NAME, spooling_tablet
from tests.servers.daemon import Installation, Role, running_over
from tests.servers.mosquitto import MosquittoServer, running_mosquitto
from veilleur_bridge.mqtt_url import parse_mqtt_url
from veilleur_bridge.wire.receipt import Receipt

BEFORE, AFTER, COUNT = 40, 60, 130
_BACK_WITHIN_SECONDS = 20.0


@pytest.mark.fault
@pytest.mark.parametrize("knows", ["broker", "device"])
def test_what_was_receipted_after_the_copy_is_named_and_what_comes_later_is_stored(knows: str, tmp_path: Path) -> None:
    """Broken: `ClaimWatch._note_loss` without `begin_new_store`: “not within 20 s: the spool is empty”.

    The device keeps to the higher receipt, sends from there on, and the watermark never comes up to it.
    """
    with running_mosquitto(tmp_path / "mosquitto", persistence=knows == "broker") as broker:
        home = Installation(tmp_path, settings={"VEILLEUR_MQTT_URL": broker.url})
        file = home.data_dir / "veilleur.db"
        address = parse_mqtt_url(broker.url)
        with running_over(home, Role.INGEST) as daemon, spooling_tablet(address, tmp_path / "spool") as tablet:
            tablet.capture(range(BEFORE))
            tablet.wait_until_empty()
            copy = copied(file, tmp_path / "copy.db")
            tablet.capture(range(BEFORE, BEFORE + AFTER))
            tablet.wait_until_empty()
            before = first_receipt(broker)

            daemon.stop()
            if knows == "device":
                broker.restart()
            put_back(copy, file)
            daemon.start()
            tablet.capture(range(BEFORE + AFTER, COUNT))

            tablet.wait_until_empty(within_seconds=_BACK_WITHIN_SECONDS)
            after = first_receipt(broker)
            epoch = tablet.spool.epoch
        with looking_into(home.database_url) as stored:
            [(detail,)] = stored.rows("SELECT detail FROM alarms WHERE code = 'store_went_back'")
            seqs = [seq for (seq,) in stored.rows("SELECT seq FROM notifications WHERE event = 'posted' ORDER BY seq")]
            lost = stored.rows("SELECT from_seq, through_seq FROM lost_ranges")
        assert (after.through_seq, after.epoch) == (COUNT, before.epoch)
        assert after.store != before.store
        assert f"seqs {BEFORE + 1} to {BEFORE + AFTER} of epoch {epoch}" in detail
        answered_for = [seq for first, last in lost for seq in range(first, last + 1)]
        assert sorted(seqs + answered_for) == list(range(1, COUNT + 1)), "each is stored or told lost, and once"
        assert set(answered_for) <= set(range(BEFORE + 1, BEFORE + AFTER + 1)), "only what was trimmed is lost"


def copied(file: Path, copy: Path) -> Path:
    """Copy the database as a backup does, while the daemon runs."""
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


def put_back(copy: Path, file: Path) -> None:
    """Put a copy in the place of the database."""
    for name in (f"{file.name}-wal", f"{file.name}-shm"):
        file.with_name(name).unlink(missing_ok=True)
    shutil.copyfile(copy, file)


def first_receipt(broker: MosquittoServer) -> Receipt:
    """Return what a device finds on its topic when it comes."""
    with receipts_of(broker.url, NAME) as topic:
        return topic.awaited(lambda _receipt: True, "a receipt")
