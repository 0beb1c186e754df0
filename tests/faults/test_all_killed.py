"""Trials 4 and 5: a broker that keeps nothing is killed again and again; then tablet, broker and daemon at random."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.faults.granted import granted_seconds
from tests.faults.invariants import (
    logs_hold_no_words,
    nothing_lost_nothing_twice,
    spool_reaches_back_to_the_receipt,
)
from tests.faults.sites import BrokerControl, Site, ingest_site
from tests.faults.tablet import Tablet, running_tablet
from tests.servers.broker_kind import BOTH_BROKERS, BrokerKind
from tests.servers.daemon import Daemon
from tests.waiting import until

_RESUMES_WITHIN_SECONDS = 10.0
# less than the 30 s after which a device repeats by itself what nobody asked it for
_ASKED_FOR_WITHIN_SECONDS = 20.0
_EMPTY_WITHIN_SECONDS = 90.0
_A_SECOND = 150
_SOAK = [pytest.mark.soak, pytest.mark.timeout(6 * 3600)]
pytestmark = pytest.mark.timeout(300)


@pytest.mark.fault
@BOTH_BROKERS
@pytest.mark.parametrize("kills", [4, pytest.param(200, marks=_SOAK)])
def test_a_broker_without_persistence_is_killed_again_and_again(kind: BrokerKind, kills: int, tmp_path: Path) -> None:
    """Broken, and caught: `Control._begin_round_after_a_break` that begins a round at the start alone.

    "not within 20 s: all that was made before the kill is stored": the broker had answered for it.
    """
    with living(tmp_path, kind, count=kills * 6 * _A_SECOND) as (site, tablet):
        for _ in range(kills):
            wait_for_more(site, tablet, _A_SECOND // 2)
            leave_some_with_the_broker(site, tablet)
            site.broker.kill()
            site.relay.cut()
            made = len(tablet.made())
            site.broker.start()
            wait_for_more(site, tablet, 1, within_seconds=granted_seconds(_RESUMES_WITHIN_SECONDS))
            until(
                partial(reaches, site, made),
                within_seconds=_ASKED_FOR_WITHIN_SECONDS,
                what="all that was made before the kill is stored",
            )


@pytest.mark.fault
@BOTH_BROKERS
@pytest.mark.parametrize("kills", [9, pytest.param(1_000, marks=_SOAK)])
def test_tablet_broker_and_daemon_are_all_killed_at_random(kind: BrokerKind, kills: int, tmp_path: Path) -> None:
    """Broken, and caught: receipts 50 above the watermark: "56 more are stored" never came true."""
    chance = random.Random(20261122)
    with living(tmp_path, kind, count=kills * _A_SECOND) as (site, tablet):
        everyone: list[Tablet | Daemon | BrokerControl] = [site.broker, site.daemon, tablet]
        for number in range(kills):
            wait_for_more(site, tablet, chance.randrange(1, _A_SECOND // 2))
            drawn = chance.sample(range(3), chance.randrange(1, 4)) if number > 2 else [number]
            victims = [everyone[one] for one in sorted(drawn)]
            for victim in victims:
                victim.kill()
            spool_reaches_back_to_the_receipt(tablet.oldest_seq(), site.watermark())
            for victim in victims:
                victim.start()


@contextmanager
def living(folder: Path, kind: BrokerKind, count: int) -> Iterator[tuple[Site, Tablet]]:
    """Give a site and a tablet at work; afterwards wait until its spool is empty, and check that all is whole."""
    with ingest_site(folder, kind, persistence=False) as site:
        site.daemon.start()
        rate = ("--rate", f"{_A_SECOND}/s", "--duplicates", "2%")
        with running_tablet(folder / "tablet", site.tablet_address, count, *rate) as tablet:
            yield site, tablet
            tablet.wait_until_empty(within_seconds=granted_seconds(_EMPTY_WITHIN_SECONDS))
            made = tablet.made()

        assert len(made) == count
        nothing_lost_nothing_twice(site.stored, made)
        site.witness.saw_only_stored()
        logs_hold_no_words(folder)


def leave_some_with_the_broker(site: Site, tablet: Tablet) -> None:
    """Let the broker answer for messages that the daemon does not get."""
    site.relay.leave_half_open()
    tablet.wait_until_made(min(len(tablet.made()) + _A_SECOND // 2, tablet.count))


def reaches(site: Site, seq: int) -> bool:
    """Tell whether the watermark is there."""
    return site.watermark() >= seq


def wait_for_more(site: Site, tablet: Tablet, count: int, *, within_seconds: float = 30.0) -> None:
    """Return once so many more notifications are stored, or all that will be."""
    wanted = min(site.stored.count("notifications") + count, tablet.count)
    until(
        lambda: site.stored.count("notifications") >= wanted,
        within_seconds=within_seconds,
        what=f"{count} more are stored",
    )
