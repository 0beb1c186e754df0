"""Trial 25: a device newer than the daemon: what it says otherwise is kept, holds nothing up, and is read later."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bridge.mqtt.mqtt_parts import publish_all
from tests.bridge.mqtt.receipt_topic import receipts_of
from tests.end_to_end.made_envelopes import DEVICE, TOPIC, comment, encoded
from tests.faults.invariants import every_mention_once, ledger_is_stored
from tests.faults.made import ledger_of
from tests.faults.sites import ingest_site
from tests.servers.broker_kind import EMBEDDED_IN_CI, BrokerKind

NEWER = encoded(comment(2) | {"v": 2, "notification": {"words": ["a shape of tomorrow"]}})
CHATTY = encoded(comment(3) | {"mood": "calm", "extras": {"depth": [1, {"two": 3}]}})
STRANGE = encoded(comment(4) | {"event": "sparkled"})


@pytest.mark.fault
@EMBEDDED_IN_CI
def test_what_a_newer_device_says_is_kept_counted_and_recovered_by_replay_after_an_upgrade(
    kind: BrokerKind, tmp_path: Path
) -> None:
    """Broken: `SortedBatch._sort_dead` that gives a dead letter no seq: “not within 30 s: a receipt through 4”."""
    with ingest_site(tmp_path, kind) as site, receipts_of(site.address.url(), DEVICE) as topic:
        site.daemon.start()
        publish_all(site.address.url(), [encoded(comment(1)), NEWER, CHATTY, STRANGE], TOPIC)

        topic.through(4)

        ledger_is_stored(site.stored, ledger_of([encoded(comment(1)), CHATTY, STRANGE]))
        [dead] = site.stored.dead_letters()
        assert (dead.payload, dead.reason) == (NEWER, "unknown_version")
        assert site.stored.rows("SELECT outcome, count(*) FROM outcomes GROUP BY outcome ORDER BY outcome") == [
            ("parsed", 2),
            ("quarantined", 1),
        ]

        upgraded = tmp_path / "as-the-next-release-reads-it.jsonl"
        upgraded.write_bytes(encoded(comment(2)) + b"\n")
        assert site.daemon.installation.run("replay", str(upgraded)).code == 0

        every_mention_once(site.stored, 3)
        assert site.stored.one("count(*)", "dead_letters WHERE recovered_at IS NULL") == 0
        assert site.stored.rows("SELECT watermark FROM epochs") == [(4,)]
