"""Trial 21: a broker that keeps a thousand messages for a stopped daemon loses the rest, and nothing is lost by it."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.end_to_end.stored_rows import looking_into
from tests.faults.spooling_tablet import spooling_tablet
from tests.servers.daemon import Daemon, Installation, Role
from tests.servers.mosquitto import running_mosquitto
from tests.waiting import until
from veilleur_bridge.broker.visit import visiting
from veilleur_bridge.drainer import Pace
from veilleur_bridge.mqtt_url import MqttAddress, parse_mqtt_url

DROPPED = "$SYS/broker/publish/messages/dropped"
LIMIT = "max_queued_messages 1000\nsys_interval 1"
# one tablet sends no more than a thousand beyond its receipt
TABLETS = 5
# what five tablets send again at once overflows the queue again: silence then tells them
PACE = Pace(first_silence_s=2.0)
EACH = 1_000
USERS = {"veilleur": "watch-keeper"} | {f"salle-{number}": "tablet" for number in range(TABLETS)}


def dropped_by(address: MqttAddress) -> int:
    """Return how many messages the broker says that it threw away."""
    with visiting(address, subscriptions=(DROPPED,)) as visit:
        (told,) = visit.hear(1, within_seconds=5.0)
    return int(told.payload)


@pytest.mark.fault
def test_what_a_limited_queue_throws_away_is_sent_again_and_the_limit_is_an_alarm(tmp_path: Path) -> None:
    """Trial 21; the broker itself counts what it threw away.

    Seen to catch a `due` in drainer.py that never repeats (the spools stayed full: what was resent overflowed again),
    and a `running_ingest` that asks the broker nothing (no alarm).
    """
    with ExitStack() as stack:
        broker = stack.enter_context(running_mosquitto(tmp_path / "broker", users=USERS, extra=LIMIT))
        ours = Installation(tmp_path / "ours", settings={"VEILLEUR_MQTT_URL": broker.url_for("veilleur")})
        daemon = Daemon(ours, Role.INGEST)
        stack.callback(daemon.stop)
        daemon.restart()
        daemon.stop()
        tablets = [
            stack.enter_context(
                spooling_tablet(parse_mqtt_url(broker.url_for(name)), tmp_path / name, name=name, pace=PACE)
            )
            for name in list(USERS)[1:]
        ]
        for tablet in tablets:
            assert len(tablet.capture(range(EACH))) == EACH
        until(
            lambda: dropped_by(parse_mqtt_url(broker.url)) >= (TABLETS - 1) * EACH,
            within_seconds=60,
            what="the broker has thrown four thousand away",
        )
        assert [tablet.spool.depth for tablet in tablets] == [EACH] * TABLETS

        daemon.start()
        for tablet in tablets:
            tablet.wait_until_empty(within_seconds=60)
        with looking_into(ours.database_url) as rows:
            assert rows.ledger().watermarks == [EACH] * TABLETS
            assert rows.count("notifications") == rows.ledger().places == TABLETS * EACH
            assert rows.count("dead_letters") == 0
            raised = "SELECT detail FROM alarms WHERE code = 'broker_limits' AND until IS NULL"
            (alarm,) = until(lambda: rows.rows(raised), within_seconds=30, what="the alarm broker_limits")
    assert "kept 1,000" in alarm[0]
