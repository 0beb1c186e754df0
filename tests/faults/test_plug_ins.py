"""Trial 18: a parser plug-in raises, loops or eats its budget. Its rows are kept and quarantined; all are recovered.

Seen to fail: with `is_over = False` in `Standings.died` (no number of deaths suspends), the replay of the plug-in that
loops told `{'parser_over_budget': 12} != {'parser_over_budget': 3}` and that `{'parser_suspended': 9}` was missing.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from tests.bridge.envelopes import good_envelope, payload_of
from tests.servers.daemon import Daemon, Installation, Role, running_over
from tests.servers.mosquitto import running_mosquitto
from tests.third_party.guide_example import PACKAGE, write_project
from tests.third_party.wheels import install_wheel
from tests.waiting import until
from veilleur.app.clock import utc_now
from veilleur_bridge.mqtt.options import MqttOptions
from veilleur_bridge.mqtt_url import parse_mqtt_url
from veilleur_bridge.publish import Publisher
from veilleur_bridge.topics import DeviceChannel, device_topic

pytestmark = [pytest.mark.fault, pytest.mark.timeout(300)]
DEVICE = "salon-1"
ORDERS = 12
LIKES = 5
WITHIN_SECONDS = 60.0
RAISES = "raise LookupError(envelope.id)"
LOOPS = "while True: pass"
EATS = "held = [bytearray(1 << 24) for _ in iter(int, 1)]"
FAULTS = pytest.mark.parametrize(
    ("fault", "reasons"),
    [
        (RAISES, {"parser_failed": ORDERS}),
        (LOOPS, {"parser_over_budget": 3, "parser_suspended": ORDERS - 3}),
        (EATS, {"parser_over_budget": 3, "parser_suspended": ORDERS - 3}),
    ],
    ids=["raises", "loops", "eats memory"],
)


def payloads() -> list[bytes]:
    """Return a tablet's events: orders that the plug-in reads, and likes that it never sees."""
    trees = []
    for seq in range(1, ORDERS + LIKES + 1):
        is_order = seq <= ORDERS
        text = f"{seq} × basket of plums · Lou Marchand · 12,50 €" if is_order else "Ayo liked your video."
        tree = good_envelope(id=f"0192f0c1-7b7e-7c1e-8f3a-{seq:012}", seq=seq, device=DEVICE, locale="en-GB")
        tree["app"] = {"package": PACKAGE if is_order else "com.zhiliaoapp.musically"}
        tree["notification"] = {"key": f"k{seq}", "title": "Marché", "text": text, "posted_at_ms": 1_795_284_245_000}
        trees.append(tree)
    return [payload_of(tree) for tree in trees]


class Shop:
    """An installation with the guide's plug-in, broken by one line or whole."""

    def __init__(self, folder: Path, settings: dict[str, str] | None = None) -> None:
        self._folder = folder
        self._site = folder / "site"
        own = {"PYTHONPATH": str(self._site), "VEILLEUR_PLUGIN_BUDGET_S": "1", "VEILLEUR_PLUGIN_MEMORY_MB": "512"}
        self.installation = Installation(folder / "veilleur", settings=own | (settings or {}))

    def install(self, *, fault: str = "", version: str = "1.0.0") -> None:
        """Put this version in the place of the one before."""
        project = write_project(self._folder / version, before_parsing=fault, version=version)
        shutil.rmtree(self._site, ignore_errors=True)
        install_wheel(project, self._folder / f"{version}-wheel").rename(self._site)

    def reasons(self) -> Counter[str]:
        """Return for what the plug-in's notifications are in quarantine."""
        return Counter(row["reason"] for row in self._rows() if row["outcome"] == "quarantined")

    def kinds(self) -> Counter[str]:
        """Return how many mentions of each kind there are."""
        listed = self._listed("mentions")
        return Counter(json.loads(line)["kind"] for line in listed)

    def kept(self) -> int:
        """Return how many notifications are in the raw log."""
        return len(self._rows())

    def _rows(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self._listed("notifications")]

    def _listed(self, command: str) -> list[str]:
        return self.installation.run(command, "--format", "jsonl", "--all").out.splitlines()


@FAULTS
def test_by_replay_what_a_bad_plug_in_was_given_is_kept_and_a_mended_one_recovers_all(
    fault: str, reasons: dict[str, int], tmp_path: Path
) -> None:
    shop = Shop(tmp_path)
    shop.install(fault=fault)
    log = tmp_path / "log.jsonl"
    log.write_bytes(b"".join(payload + b"\n" for payload in payloads()))

    assert shop.installation.run("replay", str(log)).code == 0

    assert shop.kept() == ORDERS + LIKES
    assert shop.reasons() == reasons
    assert shop.kinds() == {"like": LIKES}
    listed = shop.installation.run("parsers", "--format", "jsonl").out.splitlines()
    [plug_in] = [row for row in map(json.loads, listed) if row["origin"] == "veilleur-marche"]
    assert plug_in["state"].partition(" ")[0] == ("suspended" if "parser_suspended" in reasons else "reads")

    shop.install(version="1.0.1")
    assert shop.installation.run("reparse").code == 0

    assert shop.reasons() == {}
    assert shop.kinds() == {"like": LIKES, "order": ORDERS}


def test_live_a_plug_in_that_loops_is_suspended_with_an_alarm_and_nothing_else_waits(tmp_path: Path) -> None:
    with running_mosquitto(tmp_path / "broker") as broker:
        shop = Shop(tmp_path, {"VEILLEUR_MQTT_URL": broker.url, "VEILLEUR_WATCH_INTERVAL_S": "0.5"})
        shop.install(fault=LOOPS)
        with running_over(shop.installation, Role.INGEST) as daemon:
            publish(broker.url)
            until(lambda: shop.kept() == ORDERS + LIKES, within_seconds=WITHIN_SECONDS, what="all are in the raw log")
            assert shop.kinds() == {"like": LIKES}
            until(lambda: is_told(daemon), within_seconds=WITHIN_SECONDS, what="the alarm is raised")

    assert shop.reasons()["parser_suspended"] > 0
    assert sum(shop.reasons().values()) == ORDERS
    shop.install(version="1.0.1")
    assert shop.installation.run("quarantine", "retry").code == 0
    assert shop.reasons() == {}
    assert shop.kinds() == {"like": LIKES, "order": ORDERS}


def is_told(daemon: Daemon) -> bool:
    return "parser_suspended" in daemon.installation.run("doctor").out


def publish(url: str) -> None:
    options = MqttOptions(address=parse_mqtt_url(url), client_id="tablet")
    with closing(Publisher(options, clock=utc_now)) as publisher:
        for payload in payloads():
            publisher.publish(device_topic(DEVICE, DeviceChannel.NOTIFICATIONS), payload)
        publisher.flush(WITHIN_SECONDS)


def test_a_third_partys_parser_is_found_by_its_entry_point_runs_apart_and_is_resumed(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.install(fault=f'open({str(tmp_path / "pid")!r}, "w").write(str(__import__("os").getpid()))')
    log = tmp_path / "log.jsonl"
    log.write_bytes(b"".join(payload + b"\n" for payload in payloads()))

    assert shop.installation.run("replay", str(log)).code == 0
    assert shop.kinds() == {"like": LIKES, "order": ORDERS}
    assert int((tmp_path / "pid").read_text()) != os.getpid()
    resumed = shop.installation.run("parsers", "resume", "veilleur-marche")
    assert (resumed.code, resumed.out.strip()) == (0, "veilleur-marche was not suspended")
    assert shop.installation.run("parsers", "resume", "veilleur-absent").code != 0


def test_two_parsers_for_one_package_are_refused(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    project = write_project(tmp_path / "claims-tiktok")
    described = (project / "pyproject.toml").read_text(encoding="utf-8")
    (project / "pyproject.toml").write_text(described.replace(PACKAGE, "com.zhiliaoapp.musically"), encoding="utf-8")
    install_wheel(project, tmp_path / "wheel").rename(tmp_path / "site")
    log = tmp_path / "log.jsonl"
    log.write_bytes(payloads()[0] + b"\n")

    refused = shop.installation.run("replay", str(log))

    assert refused.code != 0
    assert "two parsers read com.zhiliaoapp.musically: tiktok and veilleur-marche" in " ".join(refused.err.split())
