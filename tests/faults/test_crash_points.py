"""Trial 2: the daemon killed at each named step of a message, the first time it comes by, the second, and so on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from tests.bridge.mqtt.receipt_topic import ReceiptTopic, receipts_of
from tests.faults.crash_points import BEFORE_RECEIPT, STEPS, CrashPoint
from tests.faults.granted import granted_seconds
from tests.faults.invariants import nothing_lost_nothing_twice
from tests.faults.made import Made, Traffic
from tests.faults.plain_tablet import PlainTablet
from tests.faults.sites import Site, ingest_site
from tests.servers.broker_kind import EMBEDDED_IN_SOAK, BrokerKind
from tests.servers.daemon import Installation
from tests.waiting import until

_DEVICE = "salle-9"
_MOST_LIVES = 40
_SETTLED_WITHIN_SECONDS = 30.0
_HELD_UP_SECONDS = 120.0
pytestmark = [pytest.mark.fault, pytest.mark.timeout(300)]


@dataclass(slots=True)
class ManyLives:
    """One broker and one database under all daemons that die here, and the ledger of what was sent so far."""

    site: Site
    tablet: PlainTablet
    receipts: ReceiptTopic
    unarmed: Installation
    made: list[Made] = field(default_factory=list)

    def next_traffic(self, messages: int) -> Traffic:
        """Return the device's next messages; its seqs go on from step to step."""
        return Traffic(_DEVICE, messages, first_seq=len(self.made) + 1)

    def send(self, payload: bytes, made: Made) -> None:
        """Publish one message."""
        self.made.append(made)
        self.tablet.send(Traffic(_DEVICE, 1).topic, [payload])

    def live(self, armed: Installation, mark: Path) -> None:
        """Run an armed daemon until it is dead, or was stopped with everything stored and receipted."""
        self.site.daemon.installation = armed
        self.site.daemon.launch()
        try:
            until(
                lambda: mark.exists() or self.is_receipted(),
                within_seconds=granted_seconds(_SETTLED_WITHIN_SECONDS),
                what="the daemon died, or stored all and said so",
            )
        finally:
            self.site.daemon.stop()

    def is_receipted(self) -> bool:
        """Tell whether the device was told that all it made is stored."""
        through = {receipt.through_seq for receipt in self.receipts.receipts}
        return self.site.stored.count("notifications") >= len(self.made) and len(self.made) in through


@pytest.fixture(scope="module", params=[BrokerKind.MOSQUITTO, EMBEDDED_IN_SOAK])
def many(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ManyLives]:
    """Give a site whose daemon has a session at the broker and does not run."""
    with ingest_site(tmp_path_factory.mktemp("lives"), request.param) as site:
        site.daemon.start()
        site.daemon.stop()
        with site.tablet() as tablet, receipts_of(site.address.url(), _DEVICE) as receipts:
            yield ManyLives(site, tablet, receipts, site.daemon.installation)


@pytest.mark.parametrize("messages", [2, pytest.param(12, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_killed_at_a_named_step_nothing_is_lost_and_nothing_is_told_twice(
    many: ManyLives, messages: int, step: CrashPoint
) -> None:
    """A step that fails leaves a hole, and those after it on the same broker fail as well.

    Broken, and caught: a source that acknowledged what it received (received, decoded) and a worker that acknowledged
    before it committed (inserted): "not within 60 s: the daemon died, or stored all and said so". A `_sort_placed` that
    takes each place for free (committed, before ack, after ack): dead letters. At `before receipt` what a life did not
    acknowledge comes again, and with it the receipt: the next trial kills where nothing comes again.
    """
    traffic = many.next_traffic(messages)
    unsent = list(zip(traffic.payloads(), traffic.ledger(), strict=True))
    for life in count(1):
        mark = many.unarmed.folder / f"died-at-{step.name}-{messages}-{life}"
        if unsent:
            many.send(*unsent.pop(0))
        many.live(step.killing(many.unarmed, life, mark), mark)
        if life > messages and not mark.exists():
            break
        assert life > 1 or mark.exists(), f"nobody came by “{step.name}”: name the step anew"
        assert life < _MOST_LIVES, f"no life ended clean at “{step.name}”"

    nothing_lost_nothing_twice(many.site.stored, many.made)
    many.site.witness.saw_only_stored()


def test_killed_between_the_acknowledgement_and_the_receipt_the_next_life_tells_what_is_stored(many: ManyLives) -> None:
    """The broker sends nothing again: the receipt comes from the database alone.

    Broken, and caught: a `ReceiptSender` that publishes neither what is owed to everyone nor what changed: "not within
    30 s: the device was told that it is stored".
    """
    acks = many.site.witness.acks
    traffic = many.next_traffic(1)
    many.send(next(iter(traffic.payloads())), next(iter(traffic.ledger())))
    many.site.daemon.installation = BEFORE_RECEIPT.slowing(many.unarmed, _HELD_UP_SECONDS)
    many.site.daemon.launch()
    until(
        lambda: many.site.witness.acks > acks,
        within_seconds=granted_seconds(_SETTLED_WITHIN_SECONDS),
        what="the message is acknowledged",
    )
    many.site.daemon.kill()
    assert not many.is_receipted(), "it was told before it was killed: the trial shows nothing"

    many.site.daemon.installation = many.unarmed
    many.site.daemon.start()
    until(
        many.is_receipted,
        within_seconds=granted_seconds(_SETTLED_WITHIN_SECONDS),
        what="the device was told that it is stored",
    )
    many.site.daemon.stop()
    nothing_lost_nothing_twice(many.site.stored, many.made)
