"""Trial 36: an error that nobody foresaw in a callback or a thread; the next message is stored all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.crash_points import CrashPoint
from tests.faults.granted import granted_seconds
from tests.faults.invariants import nothing_lost_nothing_twice
from tests.faults.sites import ingest_site
from tests.faults.tablet import running_tablet
from tests.servers.broker_kind import MOSQUITTO_IN_CI, BrokerKind
from tests.waiting import until

_COUNT = 300
_AT_TIME = 2
_BACK_WITHIN_SECONDS = 30.0
_LINKS = 2
_MADE_WITHIN_SECONDS = 30.0

# by the thirtieth message the process that reads has come by, and not a visit to the broker
_READING = CrashPoint("the reading of a packet", "call", "mqtt/publish_packet.py", "read_publish"), 30
PLACES = (
    CrashPoint("the source", "call", "sources/mqtt.py", "MqttSource._receive"),
    CrashPoint("the decoder", "call", "veilleur_bridge/codec.py", "Codec.decode"),
    CrashPoint("the thread of the connection", "call", "mqtt/link.py", "MqttLink._next_delay_seconds"),
    CrashPoint("the commit", "call", "store/commit.py", "commit_batch"),
    CrashPoint("the acknowledgement", "call", "app/live_batches.py", "LiveBatches.acknowledge"),
    CrashPoint("the receipts", "call", "ingest/receipts.py", "ReceiptSender._publish_each"),
    CrashPoint("the control link", "call", "veilleur_bridge/control_link.py", "ControlLink.take_events"),
)

_NAMES = [place.name for place in PLACES]


@pytest.mark.fault
@MOSQUITTO_IN_CI
@pytest.mark.parametrize(
    ("place", "time"), [_READING, *((place, _AT_TIME) for place in PLACES)], ids=[_READING[0].name, *_NAMES]
)
def test_an_error_of_our_own_is_contained_and_costs_no_message(
    kind: BrokerKind, place: CrashPoint, time: int, tmp_path: Path
) -> None:
    """Seen to find a worker whose thread an error in an acknowledgement had ended: the spool never emptied.

    Broken, and caught: `MqttLink._run` and `revive` without what contains and revives (the reading of a packet, the
    source, the link's thread, the control link), `Worker._persist` without its last `except` (the commit, the
    acknowledgement), a `take` of LiveBatches that starts no new process (the decoder): "not within 60 s: 75
    notifications are stored"; a `LastingThread` that contains OSError alone (the receipts): "not within 40 s: veilleur
    ingest is ready".
    """
    raised = tmp_path / "raised"
    with ingest_site(tmp_path, kind) as site:
        site.daemon.installation = place.raising(site.daemon.installation, time, raised)
        site.daemon.start()
        with running_tablet(tmp_path / "tablet", site.tablet_address, _COUNT, "--rate", "150/s") as tablet:
            for count in (_COUNT // 4, _COUNT // 2):
                site.wait_for(count)
                until(
                    lambda: site.relay.open_lines >= _LINKS,
                    within_seconds=granted_seconds(_BACK_WITHIN_SECONDS),
                    what="what receives and what tells receipts are both connected",
                )
                site.relay.cut()
            tablet.wait_until_empty(within_seconds=granted_seconds(_MADE_WITHIN_SECONDS + _BACK_WITHIN_SECONDS))
            made = tablet.made()

        assert raised.exists(), "nobody came by here so often: name the place anew"
        assert site.daemon.stop().code == 0
        nothing_lost_nothing_twice(site.stored, made)
        site.witness.saw_only_stored()
