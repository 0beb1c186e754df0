"""Trials 8, 9 and 10: acks that come too late, a line that is dead at one end, a network that is gone for a while."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.faults.crash_points import INSERTED
from tests.faults.granted import granted_seconds
from tests.faults.invariants import logs_hold_no_words, nothing_lost_nothing_twice
from tests.faults.sites import Site, ingest_site
from tests.faults.tablet import Tablet, running_tablet
from tests.servers.broker_kind import BOTH_BROKERS, BrokerKind
from tests.waiting import until

_BACK_WITHIN_SECONDS = 35.0
_COMMIT_TAKES_SECONDS = 0.3
_COUNT = 1_500
_CUTS = 4
_EMPTY_WITHIN_SECONDS = 60.0
# behind a slow line the embedded broker sends again what was under way only after its own waiting time
_GOING_WITHIN_SECONDS = 240.0
pytestmark = pytest.mark.timeout(600)


@pytest.mark.fault
@BOTH_BROKERS
@pytest.mark.parametrize("keeps_session", [True, False], ids=["session kept", "session lost"])
def test_an_ack_of_an_earlier_connection_is_never_sent_on_a_later_one(
    kind: BrokerKind, keeps_session: bool, tmp_path: Path
) -> None:
    """Broken, and caught over mosquitto where the session was lost: acks without a look at their connection."""
    with ingest_site(tmp_path, kind, persistence=False) as site:
        site.daemon.installation = INSERTED.slowing(site.daemon.installation, _COMMIT_TAKES_SECONDS)
        site.daemon.start()
        with running_tablet(tmp_path / "tablet", site.tablet_address, _COUNT) as tablet:
            for _ in range(_CUTS):
                wait_for_an_ack(site)
                if keeps_session:
                    site.relay.cut(by_reset=True)
                else:
                    site.broker.kill()
                    site.broker.start()
            is_whole_once_empty(site, tablet)


@pytest.mark.fault
@BOTH_BROKERS
def test_a_line_that_is_dead_at_one_end_is_noticed(kind: BrokerKind, tmp_path: Path) -> None:
    """Broken, and caught: with a keepalive of 600 s instead of 15 it was not back within 35 s."""
    with ingest_site(tmp_path, kind) as site:
        site.daemon.start()
        with running_tablet(tmp_path / "tablet", site.tablet_address, _COUNT, "--rate", "60/s") as tablet:
            site.wait_for(100)
            for relay in (site.relay, site.tablet_relay):
                relay.leave_half_open()
            stored = site.stored.count("notifications")

            site.wait_for(stored + 200, within_seconds=granted_seconds(_BACK_WITHIN_SECONDS))
            is_whole_once_empty(site, tablet)


@pytest.mark.fault
@BOTH_BROKERS
@pytest.mark.parametrize(
    ("gone_seconds", "latency_seconds", "rate"),
    [(20.0, 0.3, "50/s"), pytest.param(300.0, 2.0, "7/s", marks=[pytest.mark.soak, pytest.mark.timeout(900)])],
)
def test_after_a_partition_and_over_a_slow_line_that_is_reset_now_and_then_nothing_is_missing(
    kind: BrokerKind, gone_seconds: float, latency_seconds: float, rate: str, tmp_path: Path
) -> None:
    """Broken, and caught: with a keepalive of 600 s instead of 15 nothing more came within 35 s.

    Each hundredth packet resets its line, and what is under way then is gone: as many packets are under way in both
    forms, for where over a hundred are (50 a second, 2 s) hardly any comes through.
    """
    with ingest_site(tmp_path, kind) as site:
        relays = (site.relay, site.tablet_relay)
        site.daemon.start()
        with running_tablet(tmp_path / "tablet", site.tablet_address, _COUNT, "--rate", rate) as tablet:
            for relay in relays:
                relay.weather.delay_seconds, relay.weather.reset_share = latency_seconds, 0.01
            site.wait_for(50, within_seconds=_GOING_WITHIN_SECONDS)
            for relay in relays:
                relay.weather.swallows = True
            ends = time.monotonic() + gone_seconds
            until(lambda: time.monotonic() > ends, within_seconds=gone_seconds + 1, what="the partition heals")
            stored = site.stored.count("notifications")
            for relay in relays:
                relay.weather.swallows, relay.weather.reset_share = False, 0.0

            site.wait_for(stored + 1, within_seconds=granted_seconds(_BACK_WITHIN_SECONDS))
            is_whole_once_empty(site, tablet)


def wait_for_an_ack(site: Site) -> None:
    seen = site.witness.acks
    until(lambda: site.witness.acks > seen, within_seconds=30, what="something is acknowledged")


def is_whole_once_empty(site: Site, tablet: Tablet) -> None:
    tablet.wait_until_empty(within_seconds=granted_seconds(_EMPTY_WITHIN_SECONDS))
    made = tablet.made()
    assert len(made) == tablet.count
    nothing_lost_nothing_twice(site.stored, made)
    site.witness.saw_only_stored()
    logs_hold_no_words(site.daemon.installation.folder)
