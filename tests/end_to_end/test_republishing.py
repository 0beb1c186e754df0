"""Mentions republished over MQTT by the real daemon: to a named reader of the embedded broker, and by mosquitto."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from tests.servers.daemon import Daemon, Role, running_daemon
from tests.servers.mosquitto import running_mosquitto
from tests.waiting import until
from veilleur.model.identity import MentionId
from veilleur.model.kinds import ChangeKind, Visibility
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.merging import record_changes, remove_mentions
from veilleur_bridge.broker.visit import Outgoing, Visit, visiting
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt_url import MqttAddress, parse_mqtt_url
from veilleur_bridge.topics import ERASED_MENTIONS, mention_filter

_SOON_S = 30.0
pytestmark = pytest.mark.timeout(240)


def commit(database: Database, number: int, visibility: Visibility = Visibility.PUBLIC) -> MentionId:
    made = sighting(f"republished{number}", at_ms=NOON_MS + number, visibility=visibility)
    commit_batch(database, [arrival(number, made)], now_ms=NOON_MS)
    return made.id


def erase(database: Database, mention_id: MentionId) -> None:
    with database.writing() as connection:
        remove_mentions(connection, [mention_id])
        record_changes(connection, {mention_id: ChangeKind.ERASED}, is_replayed=False)


def mention_of(daemon: Daemon, body: str) -> Any:
    with closing(HTTPConnection("127.0.0.1", daemon.installation.http_port, timeout=10)) as connection:
        headers = {"Authorization": f"Bearer {daemon.token}"}
        connection.request("GET", f"/api/v1/mentions?q={body}", headers=headers)
        return json.loads(connection.getresponse().read())["mentions"][0]


def reader_of(daemon: Daemon) -> MqttAddress:
    made = daemon.installation.run("broker", "reader", "add", "node-red")
    assert made.code == 0, made.err
    return replace(daemon.installation.broker(), username="reader_node-red", password=made.out.strip())


def comes_in(address: MqttAddress) -> bool:
    try:
        with visiting(address, subscriptions=(mention_filter(),)):
            return True
    except BrokerError:
        return False


def hears(visit: Visit, body: str) -> Any:
    def is_it(message: Any) -> bool:
        return bool(json.loads(message.payload).get("body") == body)

    heard = visit.hear(1, within_seconds=_SOON_S, only=is_it)
    assert heard, f"{body} did not come"
    return heard[0]


def test_public_mentions_reach_a_named_reader_as_the_api_gives_them_over_a_kill(tmp_path: Path) -> None:
    """Broken, and caught: `_republished` that leaves the visibility out: 'republished1' == 'republished2'."""
    with (
        running_daemon(tmp_path, Role.UP, VEILLEUR_MQTT_MENTIONS="public") as daemon,
        closing(Database(daemon.installation.database_url)) as database,
    ):
        reader = reader_of(daemon)
        until(partial(comes_in, reader), within_seconds=_SOON_S, what="the reader's account works")
        with visiting(reader, subscriptions=(mention_filter(),)) as visit:
            commit(database, 1, Visibility.PRIVATE)
            commit(database, 2)
            (heard,) = visit.hear(1, within_seconds=_SOON_S)
            told = json.loads(heard.payload)
            assert told["body"] == "republished2"
            assert len(told.pop("delivery_id")) == 32
            assert told == mention_of(daemon, "republished2")
            assert heard.topic == f"veilleur/1/mentions/{told['platform']}/{told['kind']}"
        daemon.kill()
        commit(database, 3)
        daemon.start()
        with visiting(reader, subscriptions=(mention_filter(),)) as visit:
            commit(database, 4)
            hears(visit, "republished4")


def test_a_broker_of_one_s_own_that_goes_and_comes_is_told_every_public_mention_and_what_is_erased(
    tmp_path: Path,
) -> None:
    """Catches erasures of private mentions told to everybody."""
    with (
        running_mosquitto(tmp_path / "mosquitto") as mosquitto,
        running_daemon(
            tmp_path / "house", Role.UP, VEILLEUR_MQTT_URL=mosquitto.url, VEILLEUR_MQTT_MENTIONS="public"
        ) as daemon,
        closing(Database(daemon.installation.database_url)) as database,
    ):
        broker = parse_mqtt_url(mosquitto.url)
        with visiting(broker, subscriptions=(mention_filter(),)) as visit:
            hidden = commit(database, 1, Visibility.PRIVATE)
            shown = commit(database, 2)
            told = json.loads(hears(visit, "republished2").payload)
            told_id = told.pop("delivery_id")
            assert told == mention_of(daemon, "republished2")
            erase(database, hidden)
            erase(database, shown)
            (gone,) = visit.hear(1, within_seconds=_SOON_S, only=lambda message: message.topic == ERASED_MENTIONS)
            taken_out = json.loads(gone.payload)
            assert taken_out.pop("delivery_id") != told_id
            assert taken_out == {"op": "erased", "mention_id": shown, "project": "default"}
        mosquitto.kill()
        commit(database, 3)
        mosquitto.start()
        with visiting(broker, subscriptions=(mention_filter(),)) as visit:
            commit(database, 4)
            hears(visit, "republished4")


def test_a_reader_reads_mentions_alone_and_publishes_nothing(tmp_path: Path) -> None:
    """Broken, and caught: a reader whose `publish` is allowed an empty list: its message came."""
    with running_daemon(tmp_path, Role.UP, VEILLEUR_MQTT_MENTIONS="public") as daemon:
        reader = reader_of(daemon)
        until(partial(comes_in, reader), within_seconds=_SOON_S, what="the reader's account works")
        topic = "veilleur/1/mentions/tiktok/comment"
        with visiting(daemon.installation.broker(), subscriptions=(mention_filter(),)) as ours:
            with visiting(reader) as theirs:
                theirs.say([Outgoing(topic, b"false")], within_seconds=_SOON_S)
            assert ours.hear(1, within_seconds=1.0) == []
        with pytest.raises(BrokerError), visiting(reader, subscriptions=("veilleur/1/devices/#",)):
            pass
