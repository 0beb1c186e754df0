"""Trial 7: the broker forgets the daemon's session, and with it what waited there; a new round asks for it again."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.bridge.mqtt.mqtt_parts import Reader, up
from tests.faults.invariants import every_mention_once, logs_hold_no_words
from tests.faults.sites import Site, ingest_site
from tests.faults.spooling_tablet import NAME, spooling_tablet
from tests.servers.broker_kind import BOTH_BROKERS, BrokerKind
from tests.waiting import until
from veilleur_bridge.topics import DeviceChannel, device_topic

BEFORE, MEANWHILE = 50, 300
TOPIC = device_topic(NAME, DeviceChannel.NOTIFICATIONS)
_BACK_WITHIN_SECONDS = 10.0


@pytest.mark.fault
@BOTH_BROKERS
def test_what_the_broker_forgot_with_the_session_comes_within_ten_seconds(kind: BrokerKind, tmp_path: Path) -> None:
    """Broken: `Control._begin_round_after_a_break` that begins a round at the start alone.

    It reported “not within 10 s: the spool is empty”: the broker had answered for all 300.
    """
    with (
        ingest_site(tmp_path, kind) as site,
        spooling_tablet(site.address, tmp_path / "spool") as tablet,
    ):
        site.daemon.start()
        tablet.capture(range(BEFORE))
        tablet.wait_until_empty()

        site.relay.weather.refuses = True
        site.relay.cut()
        delete_session(site)
        with closing(Reader(site.address.url(), "looks-on", TOPIC)) as onlooker:
            up(onlooker.state)
            tablet.capture(range(BEFORE, BEFORE + MEANWHILE))
            until(lambda: len(onlooker.read) >= MEANWHILE, within_seconds=30, what="all went through the broker")
        assert site.stored.count("notifications") == BEFORE
        site.relay.weather.refuses = False

        tablet.wait_until_empty(within_seconds=_BACK_WITHIN_SECONDS)
        every_mention_once(site.stored, BEFORE + MEANWHILE)
        site.witness.saw_only_stored()
        logs_hold_no_words(tmp_path)


def delete_session(site: Site) -> None:
    """Take the daemon's session away, as an expiry at the broker does: by connecting once as it, without a session."""
    [(suffix,)] = site.stored.rows("SELECT value FROM facts WHERE name = 'client_suffix.main'")
    client_id = f"veilleur-main-{suffix}"
    with closing(Reader(site.address.url(), client_id, None, session_kept=timedelta(0))) as taking_over:
        up(taking_over.state)
