"""`veilleur-bridge feed` from a web server to a daemon's receipts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bridge.command.bridge_process import running_bridge
from tests.bridge.command.conftest import DEVICE, allow
from tests.bridge.daemon_stub import ReceivingDaemon
from tests.bridge.sources.feed.feed_server import Answer, FeedServer, running_feed_server
from tests.bridge.sources.feed.feed_texts import ALERT_LINK, atom, atom_entry
from tests.servers.mosquitto import MosquittoServer
from tests.waiting import until


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with running_feed_server() as running:
        yield running


def test_an_alert_reaches_the_daemon_once_and_the_pages_behind_it_are_left_alone(
    server: FeedServer, broker: MosquittoServer, daemon: ReceivingDaemon, tmp_path: Path
) -> None:
    allow(daemon, "feed")
    server.answers["/alert"] = Answer(atom(atom_entry(1), atom_entry(2, link=server.url("/page"))), etag='"1"')
    arguments = ["feed", server.url("/alert"), server.url("/missing")]
    with running_bridge([*arguments, "--mqtt-url", broker.url, "--device", DEVICE], tmp_path / "run") as bridge:
        until(lambda: len(daemon.payloads) == 2, within_seconds=30, what="both entries")
        until(
            lambda: daemon.statuses and daemon.statuses[-1].problems == ("feed_refused",),
            within_seconds=30,
            what="the missing feed",
        )
        until(lambda: "the server answered 404" in bridge.said, within_seconds=30, what="the person is told")
        assert bridge.stop() == 0
    with running_bridge(arguments, tmp_path / "run") as bridge:
        until(lambda: server.asked[-1].headers.get("If-None-Match"), within_seconds=30, what="a polite question")
        assert bridge.stop() == 0

    assert {asked.path for asked in server.asked} == {"/alert", "/missing"}
    first, second = daemon.envelopes()
    assert first["source"]["kind"] == "feed"
    assert first["app"]["package"] == "feed"
    assert first["notification"]["extras"]["link"] == ALERT_LINK
    assert first["notification"]["key"] == f"{server.url('/alert')}#tag:google.com,2013:googlealerts/feed:1"
    assert second["notification"]["title"] == "Un restaurant répond"
