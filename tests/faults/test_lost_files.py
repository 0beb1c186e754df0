"""Trial 16: the write-ahead log cut off and the shared memory gone: what was committed before the cut is kept."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.bridge.mqtt.receipt_topic import receipts_of
from tests.faults.invariants import raw_log
from tests.faults.made import Traffic
from tests.faults.sites import ingest_site
from tests.servers.broker_kind import MOSQUITTO_IN_CI, BrokerKind
from tests.waiting import until

_COUNT = 2_000
_PART = 100
_WAL_HEADER_BYTES = 32
_FRAME_HEADER_BYTES = 24
_REPORTED_WITHIN_SECONDS = 20.0


def written_bytes(wal: Path) -> int:
    """Return where the frames end that count: what follows is of the round before (sqlite.org/fileformat2.html, 4)."""
    content = wal.read_bytes()
    page_bytes, salts = int.from_bytes(content[8:12]), content[16:24]
    frame_bytes = _FRAME_HEADER_BYTES + page_bytes
    end = _WAL_HEADER_BYTES
    while content[end + 8 : end + 16] == salts:
        end += frame_bytes
    assert end > _WAL_HEADER_BYTES, "nothing was in the log"
    return end


@pytest.mark.fault
@MOSQUITTO_IN_CI
def test_a_cut_write_ahead_log_keeps_what_was_committed_before_the_cut_and_what_is_gone_is_reported(
    kind: BrokerKind, tmp_path: Path
) -> None:
    """Broken, and caught: where no alarm was raised, "an alarm names what … is gone" never came true."""
    traffic = Traffic("salle-9", _COUNT)
    with ingest_site(tmp_path, kind) as site, site.tablet() as tablet:
        site.daemon.start()
        for first in range(0, _COUNT, _PART):
            if first == _COUNT // 2:
                # Whoever reads keeps the log from beginning anew: the second half stays in it.
                reader = sqlite3.connect(f"file:{site.daemon.installation.data_dir}/veilleur.db?mode=ro", uri=True)
                reader.execute("BEGIN")
                reader.execute("SELECT count(*) FROM notifications").fetchone()
            tablet.send(traffic.topic, traffic.payloads()[first : first + _PART])
            site.wait_for(first + _PART)
        with receipts_of(site.address.url(), traffic.device) as receipts:
            receipts.through(_COUNT)
        until(lambda: site.witness.acks >= _COUNT, within_seconds=30, what="the broker will send nothing again")
        site.daemon.kill()
        # SQLite shares one view of a file's shared memory among all connections of a process
        site.witness.close()
        reader.close()
        wal = site.daemon.installation.data_dir / "veilleur.db-wal"
        with wal.open("r+b") as file:
            file.truncate(written_bytes(wal) * 3 // 4)
        wal.with_name("veilleur.db-shm").unlink()

        site.daemon.start()

        left = site.stored.count("notifications")
        assert 0 < left < _COUNT
        assert sorted(raw_log(site.stored)) == sorted(traffic.ledger()[:left])
        assert site.watermark() == left
        assert site.daemon.installation.run("doctor").err.count("damaged") == 0
        until(
            lambda: site.stored.rows("SELECT subject FROM alarms WHERE code = 'store_went_back' AND until IS NULL"),
            within_seconds=_REPORTED_WITHIN_SECONDS,
            what="an alarm names what was receipted and is gone",
        )
