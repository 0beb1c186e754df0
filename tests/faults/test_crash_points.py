"""Trial 2: the daemon killed at each named step of a message, the first time it comes by, the second, and so on."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from tests.faults.crash_points import STEPS, CrashPoint
from tests.faults.invariants import nothing_lost_nothing_twice
from tests.faults.made import Traffic
from tests.faults.sites import BrokerKind, Site, ingest_site
from tests.servers.daemon import Installation
from tests.waiting import until

_A_LIFE = 2
_LIVES_WITH_TRAFFIC = 3
_DEVICE = "salle-9"
_MOST_LIVES = 40
_SETTLED_WITHIN_SECONDS = 30.0
BROKERS = pytest.mark.parametrize(
    "kind", [BrokerKind.MOSQUITTO, pytest.param(BrokerKind.EMBEDDED, marks=pytest.mark.soak)]
)


@pytest.mark.fault
@BROKERS
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_killed_at_a_named_step_nothing_is_lost_and_nothing_is_told_twice(
    kind: BrokerKind, step: CrashPoint, tmp_path: Path
) -> None:
    traffic = Traffic(_DEVICE, _A_LIFE * _LIVES_WITH_TRAFFIC)
    with ingest_site(tmp_path, kind) as site, site.tablet() as tablet:
        site.daemon.start()
        site.daemon.stop()
        unarmed = site.daemon.installation
        for life in count(1):
            mark = tmp_path / f"died-{life}"
            if life <= _LIVES_WITH_TRAFFIC:
                tablet.send(traffic.topic, traffic.payloads()[_A_LIFE * (life - 1) : _A_LIFE * life])
            _live(site, step.killing(unarmed, life, mark), through_seq=min(_A_LIFE * life, traffic.count))
            if life > _LIVES_WITH_TRAFFIC and not mark.exists():
                break
            assert life < _MOST_LIVES, "no life ended clean"

        site.daemon.installation = unarmed
        site.daemon.start()
        site.wait_for(traffic.count)
        assert (tmp_path / "died-1").exists(), "nobody came by this step: name it anew"
        nothing_lost_nothing_twice(site.stored, traffic.ledger())
        site.witness.saw_only_stored()


def _live(site: Site, armed: Installation, *, through_seq: int) -> None:
    """Run an armed daemon until it is dead, or was stopped with everything stored."""
    mark = Path(armed.settings["CRASH_MARK"])
    site.daemon.installation = armed
    site.daemon.launch()
    until(
        lambda: mark.exists() or site.stored.count("notifications") >= through_seq,
        within_seconds=_SETTLED_WITHIN_SECONDS,
        what="the daemon died, or stored all",
    )
    site.daemon.stop()
