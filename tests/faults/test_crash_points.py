"""Trial 2: the daemon killed at each named step of a message, the first time it comes by, the second, and so on."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from tests.faults.crash_points import STEPS, CrashPoint
from tests.faults.invariants import nothing_lost_nothing_twice
from tests.faults.made import Traffic
from tests.faults.plain_tablet import PlainTablet
from tests.faults.sites import Site, ingest_site
from tests.servers.broker_kind import BrokerKind
from tests.servers.daemon import Installation
from tests.waiting import until

_DEVICE = "salle-9"
_MOST_LIVES = 40
_SETTLED_WITHIN_SECONDS = 30.0
_SOAK = [pytest.mark.soak, pytest.mark.timeout(3600)]


@pytest.mark.fault
@pytest.mark.parametrize(
    ("kind", "messages"),
    [
        (BrokerKind.MOSQUITTO, 2),
        pytest.param(BrokerKind.MOSQUITTO, 12, marks=_SOAK),
        pytest.param(BrokerKind.EMBEDDED, 12, marks=_SOAK),
    ],
)
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_killed_at_a_named_step_nothing_is_lost_and_nothing_is_told_twice(
    kind: BrokerKind, messages: int, step: CrashPoint, tmp_path: Path
) -> None:
    """Broken, and caught: a worker that acknowledged before it committed.

    At the step `inserted` "the daemon died, or stored all" never came true: what was acknowledged and not committed
    did not come again.
    """
    traffic = Traffic(_DEVICE, messages)
    with ingest_site(tmp_path, kind) as site, site.tablet() as tablet:
        site.daemon.start()
        site.daemon.stop()
        unarmed = site.daemon.installation
        _kill_until_a_life_ends_clean(site, tablet, step, traffic, unarmed)

        site.daemon.installation = unarmed
        site.daemon.start()
        site.wait_for(traffic.count)
        nothing_lost_nothing_twice(site.stored, traffic.ledger())
        site.witness.saw_only_stored()


def _kill_until_a_life_ends_clean(
    site: Site, tablet: PlainTablet, step: CrashPoint, traffic: Traffic, unarmed: Installation
) -> None:
    """Send one message in each of the first lives; the n-th life ends where the step is come by for the n-th time."""
    for life in count(1):
        mark = site.daemon.installation.folder / f"died-at-{step.name}-{life}"
        sent = min(life, traffic.count)
        if life <= traffic.count:
            tablet.send(traffic.topic, [traffic.payloads()[life - 1]])
        _live(site, step.killing(unarmed, life, mark), mark, through_seq=traffic.first_seq + sent - 1)
        if life > traffic.count and not mark.exists():
            return
        assert life > 1 or mark.exists(), f"nobody came by “{step.name}”: name the step anew"
        assert life < _MOST_LIVES, f"no life ended clean at “{step.name}”"


def _live(site: Site, armed: Installation, mark: Path, *, through_seq: int) -> None:
    """Run an armed daemon until it is dead, or was stopped with everything stored."""
    site.daemon.installation = armed
    site.daemon.launch()
    until(
        lambda: mark.exists() or site.stored.count("notifications") >= through_seq,
        within_seconds=_SETTLED_WITHIN_SECONDS,
        what="the daemon died, or stored all",
    )
    site.daemon.stop()
