"""Trial 29: a spool that reaches its cap drops the oldest, and the server counts them to the last one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.faults.sites import ingest_site
from tests.faults.spooling_tablet import NAME, spooling_tablet
from tests.servers.broker_kind import BOTH_BROKERS, BrokerKind
from tests.servers.daemon import Installation
from tests.waiting import until
from veilleur_bridge.mqtt_url import parse_mqtt_url

NOBODY = parse_mqtt_url("mqtt://127.0.0.1:9")
COUNT, BATCH = 600, 20
CAP_BYTES = 64 * 1024
SHOWN_WITHIN_SECONDS = 60.0


@pytest.mark.fault
@BOTH_BROKERS
def test_at_its_cap_the_oldest_go_and_the_server_knows_how_many(kind: BrokerKind, tmp_path: Path) -> None:
    """Broken: `Spool._drop_oldest` did not remember what it dropped; reported: the reason was `corrupt`, not `cap`."""
    with spooling_tablet(NOBODY, tmp_path / "spool", cap_bytes=CAP_BYTES) as tablet:
        for first in range(0, COUNT, BATCH):
            assert tablet.capture(range(first, first + BATCH)) == list(range(first + 1, first + BATCH + 1))
        assert tablet.spool.size_bytes <= CAP_BYTES
        kept = tablet.spool.depth
        assert 0 < kept < COUNT / 2

    with ingest_site(tmp_path, kind) as site:
        site.daemon.start()
        with spooling_tablet(site.address, tmp_path / "spool", cap_bytes=CAP_BYTES) as tablet:
            tablet.wait_until_empty()

        assert site.stored.rows("SELECT from_seq, through_seq FROM lost_ranges") == [(1, COUNT - kept)]
        assert site.stored.one("count(*)", "notifications WHERE event <> 'lost'") == kept
        assert site.watermark() == COUNT
        shown = until(
            lambda: gaps_shown(site.daemon.installation), within_seconds=SHOWN_WITHIN_SECONDS, what="a gap is shown"
        )
        assert [(gap["count"], gap["detail"]) for gap in shown] == [(COUNT - kept, "cap")]


def gaps_shown(installation: Installation) -> list[Any]:
    ran = installation.run("coverage", "--device", NAME, "--cause", "gap", "--format", "json")
    assert ran.code == 0, ran.err
    shown: list[Any] = json.loads(ran.out)["intervals"]
    return shown
