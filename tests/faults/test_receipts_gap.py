"""Trial 23: a seq that never comes holds the receipt back, in plain sight, until somebody answers for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bridge.mqtt.mqtt_parts import publish_all
from tests.bridge.mqtt.receipt_topic import receipts_of
from tests.faults.packets import Packet, PacketKind, read_publication
from tests.faults.relay import Line, Way, relayed
from tests.faults.sites import Site, ingest_site
from tests.faults.spooling_tablet import NAME, SpoolingTablet, spooling_tablet
from tests.servers.broker_kind import BrokerKind
from tests.waiting import until
from veilleur_bridge.envelope import LostReason, SourceInfo, SourceKind
from veilleur_bridge.lost import Sender, lost_payload
from veilleur_bridge.spool.contents import LostSpan
from veilleur_bridge.topics import DeviceChannel, device_topic

COUNT, MISSING = 20, 7
TOPIC = device_topic(NAME, DeviceChannel.NOTIFICATIONS)
_SHOWN_WITHIN_SECONDS = 60.0
_MOVES_WITHIN_SECONDS = 10.0


@contextmanager
def tablet_without_one_seq(site: Site, folder: Path) -> Iterator[SpoolingTablet]:
    """Run a tablet whose seq 7 is lost on the way each time that it is sent, and answered for by no broker."""

    def passes(line: Line, way: Way, packet: Packet) -> bool:
        if way is not Way.TO_BROKER or packet.kind != PacketKind.PUBLISH:
            return True
        return f'"seq":{MISSING},'.encode() not in read_publication(packet, is_mqtt_5=line.is_mqtt_5).payload

    with (
        relayed(site.address.port, passes=passes) as relay,
        spooling_tablet(replace(site.address, port=relay.port), folder) as tablet,
    ):
        yield tablet


def closed_by_the_operator(site: Site, _tablet: SpoolingTablet) -> None:
    ran = site.daemon.installation.run(
        "device", "close-gap", NAME, "--from", str(MISSING), "--through", str(MISSING), "--yes"
    )
    assert ran.code == 0, ran.err


def answered_by_the_device(site: Site, tablet: SpoolingTablet) -> None:
    span = LostSpan(MISSING, MISSING, LostReason.CORRUPT)
    sender = Sender(NAME, SourceInfo(SourceKind.COMPANION, "1.0.0"))
    publish_all(site.address.url(), [lost_payload(span, sender, tablet.spool.epoch, datetime.now(UTC))], TOPIC)


@pytest.mark.fault
@pytest.mark.parametrize(
    ("kind", "ended"),
    [
        (BrokerKind.EMBEDDED, closed_by_the_operator),
        (BrokerKind.MOSQUITTO, answered_by_the_device),
        pytest.param(BrokerKind.EMBEDDED, answered_by_the_device, marks=pytest.mark.soak),
        pytest.param(BrokerKind.MOSQUITTO, closed_by_the_operator, marks=pytest.mark.soak),
    ],
)
def test_a_seq_that_never_comes_holds_the_spool_and_shows_until_it_is_answered_for(
    kind: BrokerKind, ended: Callable[[Site, SpoolingTablet], None], tmp_path: Path
) -> None:
    """Broken: `Received.add` that moves the watermark over any hole, which reported “not within 60 s: the gap shows”.

    And `Control._turn` without `publish_changed`: “not within 10 s: a receipt through 20” after the operator's command.
    """
    with (
        ingest_site(tmp_path, kind) as site,
        tablet_without_one_seq(site, tmp_path / "spool") as tablet,
        receipts_of(site.address.url(), NAME) as topic,
    ):
        look_each_second(site)
        site.daemon.start()
        tablet.capture(range(COUNT))
        site.wait_for(COUNT - 1)
        until(lambda: is_told(site), within_seconds=_SHOWN_WITHIN_SECONDS, what="the gap shows")
        assert {one.through_seq for one in topic.receipts} <= set(range(MISSING))
        assert tablet.spool.first_seq == MISSING

        ended(site, tablet)

        topic.through(COUNT, within_seconds=_MOVES_WITHIN_SECONDS)
        tablet.wait_until_empty()
        until(lambda: not is_told(site), within_seconds=_SHOWN_WITHIN_SECONDS, what="the alarm ends")
        assert kept_gaps(site) == [f"{tablet.spool.epoch}:{MISSING}-{MISSING}"]


def look_each_second(site: Site) -> None:
    """Let the daemon look for gaps every second."""
    installed = site.daemon.installation
    settings = {**installed.settings, "VEILLEUR_WATCH_INTERVAL_S": "1"}
    site.daemon.installation = replace(installed, settings=settings)


def is_told(site: Site) -> bool:
    """Return whether the alarm about a gap of this device is open."""
    return site.stored.rows("SELECT subject FROM alarms WHERE code = 'gap' AND until IS NULL") == [(NAME,)]


def kept_gaps(site: Site) -> list[str]:
    """Return the spans that the coverage ledger keeps as gaps."""
    return [subject for (subject,) in site.stored.rows("SELECT subject FROM coverage_intervals WHERE cause = 'gap'")]
