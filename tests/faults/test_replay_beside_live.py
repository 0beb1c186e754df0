"""Trial 33: a log replayed beside the live traffic that it holds, killed midway, and replayed twice more."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.faults.crash_points import INSERTED
from tests.faults.invariants import nothing_lost_nothing_twice
from tests.faults.made import Traffic
from tests.faults.sites import ingest_site
from tests.servers.broker_kind import MOSQUITTO_IN_CI, BrokerKind
from tests.servers.daemon import PROGRAM, Installation
from tests.waiting import until

_COUNT = 4_000
_KILLED_AT = 500
_COMMIT_TAKES_SECONDS = 0.5
_ENDS_WITHIN_SECONDS = 120.0


@pytest.mark.fault
@pytest.mark.timeout(400)
@MOSQUITTO_IN_CI
def test_replayed_twice_beside_the_live_traffic_and_killed_midway_every_mention_is_told_once(
    kind: BrokerKind, tmp_path: Path
) -> None:
    """Broken, and caught: where duplicates were taken for conflicts, a replay ended with 1."""
    traffic = Traffic("salle-9", _COUNT)
    log = tmp_path / "log.jsonl"
    log.write_bytes(b"".join(payload + b"\n" for payload in traffic.payloads()))
    with ingest_site(tmp_path, kind) as site, site.tablet() as tablet:
        site.daemon.start()
        # slowed: a quick machine would be through with it before it is looked at again
        killed = begin_replay(INSERTED.slowing(site.daemon.installation, _COMMIT_TAKES_SECONDS), log)
        until(
            lambda: site.stored.count("notifications") > _KILLED_AT,
            within_seconds=_ENDS_WITHIN_SECONDS,
            what="it is under way",
        )
        killed.send_signal(signal.SIGKILL)
        killed.wait(_ENDS_WITHIN_SECONDS)
        half = site.stored.count("notifications")

        tablet.send(traffic.topic, traffic.payloads()[::-1])
        replays = [begin_replay(site.daemon.installation, log) for _ in range(2)]
        codes = [one.wait(_ENDS_WITHIN_SECONDS) for one in replays]
        tablet.finish()
        site.wait_for(_COUNT)

        assert half < _COUNT, "it was not killed midway"
        assert codes == [0, 0]
        nothing_lost_nothing_twice(site.stored, traffic.ledger())
        site.witness.saw_only_stored()


def begin_replay(installation: Installation, log: Path) -> subprocess.Popen[bytes]:
    """Start `veilleur replay` over the daemon's own database."""
    with (installation.folder / "replay.log").open("ab") as said:
        command = ["setpriv", "--pdeathsig=KILL", "--", str(PROGRAM), "replay", str(log)]
        return subprocess.Popen(
            command, stdout=said, stderr=said, cwd=installation.folder, env=installation.environment
        )
