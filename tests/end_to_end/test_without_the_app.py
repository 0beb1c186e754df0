"""A person without the app: the printed code, one command on this computer, and the mentions are there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bridge.command.bridge_process import running_bridge
from tests.bridge.mqtt.receipt_topic import receipts_of
from tests.bridge.sources.dump_printer import LIST_HEAD, LIST_TAIL
from tests.bridge.sources.feed.feed_server import Answer, running_feed_server
from tests.bridge.sources.feed.feed_texts import atom, atom_entry
from tests.bridge.sources.stand_in_adb import StandInAdb
from tests.end_to_end.api_reader import ApiReader
from tests.servers.daemon import Daemon, running_daemon
from tests.waiting import until

WITHIN_SECONDS = 40
TIKTOK = """    NotificationRecord(0x00000001: pkg=com.zhiliaoapp.musically user=UserHandle{0} id=1 tag=null \
importance=3 key=0|com.zhiliaoapp.musically|1|null|10148: Notification(channel=comment_push shortcut=null))
      uid=10148 userId=0
      key=0|com.zhiliaoapp.musically|1|null|10148
      notification=
            when=1776711000000/1776711000000
            extras={
                android.title=String (Nadia Exemple)
                android.text=String (commented: the service was slow #lyon)
            }
      mCreationTimeMs=1776711000000
      mUpdateTimeMs=1776711000000
"""


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    with running_daemon(tmp_path_factory.mktemp("up")) as running:
        until(lambda: "veil_" in running.said, within_seconds=30, what="the first token")
        yield running


def paired(daemon: Daemon, name: str) -> str:
    """Return the code of a new device that runs on the server itself."""
    return daemon.installation.run("device", "pair", name, "--usb", "--no-wait").out.strip()


def spooled(api: ApiReader, device: str) -> int | None:
    """Return how many events wait in a device's spool, as its last status told."""
    told: int | None = api.get(f"devices/{device}")["spool"]["depth"]
    return told


def test_a_phone_on_a_cable_is_watched_with_two_commands(daemon: Daemon, tmp_path: Path) -> None:
    adb = StandInAdb(tmp_path / "adb")
    adb.plug(LIST_HEAD + TIKTOK + LIST_TAIL)
    api = ApiReader.of(daemon)
    arguments = ["adb", "--adb", str(adb.program), "--interval", "0.5s", "--pair", paired(daemon, "salle-1")]

    with running_bridge(arguments, tmp_path / "run") as bridge:
        found = until(lambda: api.every_mention("from:nadia"), within_seconds=WITHIN_SECONDS, what="the comment")
        # its receipt comes a moment after the mention: that the device has it too, its next status says
        with receipts_of(daemon.installation.broker().url(), "salle-1") as receipts:
            receipts.through(1)
        adb.unplug()
        until(lambda: spooled(api, "salle-1") == 0, within_seconds=WITHIN_SECONDS, what="its spool is empty")
        assert bridge.stop() == 0

    [mention] = found
    assert (mention["device"], mention["kind"], mention["platform"]) == ("salle-1", "comment", "tiktok")
    assert ", 0 waiting to be stored" in bridge.said


def test_an_alert_for_tiktok_brings_a_post(daemon: Daemon, tmp_path: Path) -> None:
    api = ApiReader.of(daemon)
    with running_feed_server() as server:
        server.answers["/alert"] = Answer(atom(atom_entry(1)))
        arguments = ["feed", server.url("/alert"), "--pair", paired(daemon, "alertes")]
        with running_bridge(arguments, tmp_path / "run") as bridge:
            found = until(lambda: api.every_mention("kind:new_post"), within_seconds=WITHIN_SECONDS, what="the post")
            assert bridge.stop() == 0

    [mention] = found
    assert (mention["device"], mention["platform"], mention["actor"]["handle"]) == (
        "alertes",
        "tiktok",
        "nadia.exemple",
    )
    assert mention["time_quality"] == "approximate"
