"""Trial 16: the write-ahead log cut off and the shared memory gone: what was committed before the cut is kept."""

from __future__ import annotations

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
_REPORTED_WITHIN_SECONDS = 20.0


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
            tablet.send(traffic.topic, traffic.payloads()[first : first + _PART])
            site.wait_for(first + _PART)
        with receipts_of(site.address.url(), traffic.device) as receipts:
            receipts.through(_COUNT)
        site.daemon.kill()
        # SQLite shares one view of a file's shared memory among all connections of a process
        site.witness.close()
        wal = site.daemon.installation.data_dir / "veilleur.db-wal"
        assert wal.stat().st_size > 0, "nothing was in the log"
        with wal.open("r+b") as file:
            file.truncate(wal.stat().st_size * 3 // 4)
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
