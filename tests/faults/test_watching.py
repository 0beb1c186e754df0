"""Trials 23 and 24 as people meet them, and a device from its first status to its absence, with the real daemon."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.bridge.mqtt.mqtt_parts import publish_all
from tests.end_to_end.api_reader import ApiReader, Json
from tests.end_to_end.made_envelopes import DEVICE, EPOCH, NOON, TOPIC, comment, encoded
from tests.end_to_end.stored_rows import StoredRows, looking_into
from tests.faults.relay import relayed
from tests.servers.daemon import Daemon, Installation, Role, running_over
from tests.servers.mosquitto import running_mosquitto
from tests.waiting import until
from veilleur_bridge.captured import Captured
from veilleur_bridge.device_program import DeviceProgram, DeviceSettings
from veilleur_bridge.envelope import AppInfo, EventKind, Notification, SourceInfo, SourceKind
from veilleur_bridge.lost import Sender
from veilleur_bridge.mqtt.options import MqttOptions
from veilleur_bridge.mqtt_url import parse_mqtt_url
from veilleur_bridge.redaction_rules import load_rules
from veilleur_bridge.topics import DeviceChannel, device_topic
from veilleur_bridge.wire.status import DeviceStatus, write_status

pytestmark = pytest.mark.fault

WITHIN_SECONDS = 30.0
LOOK_EVERY_S = "0.2"
STATUS = device_topic(DEVICE, DeviceChannel.STATUS)


class Site(NamedTuple):
    """A daemon that looks five times a second, its API and its broker."""

    daemon: Daemon
    api: ApiReader
    url: str
    stored: StoredRows

    def alarms(self, subject: str) -> dict[str, str]:
        """Return what is wrong now with one device."""
        open_ones = self.api.get("alarms", is_open="true")["alarms"]
        return {alarm["code"]: alarm["detail"] for alarm in open_ones if alarm["subject"].split(":")[0] == subject}

    def intervals(self, cause: str) -> list[Json]:
        found: list[Json] = self.api.get("coverage", cause=cause)["intervals"]
        return found


@pytest.fixture(scope="module", params=["embedded", pytest.param("mosquitto", marks=pytest.mark.soak)])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("watched")
    settings = {"VEILLEUR_WATCH_INTERVAL_S": LOOK_EVERY_S}
    with ExitStack() as stack:
        if request.param == "mosquitto":
            settings["VEILLEUR_MQTT_URL"] = stack.enter_context(running_mosquitto(folder / "mosquitto")).url
        daemon = stack.enter_context(running_over(Installation(folder, settings=settings), Role.UP))
        stored = stack.enter_context(looking_into(daemon.installation.database_url))
        url = settings.get("VEILLEUR_MQTT_URL") or daemon.installation.broker().url()
        yield Site(daemon, ApiReader.of(daemon), url, stored)


@contextmanager
def device(site: Site, name: str, folder: Path, *, port: int | None = None) -> Iterator[DeviceProgram]:
    address = parse_mqtt_url(site.url)
    settings = DeviceSettings(
        sender=Sender(name, SourceInfo(SourceKind.COMPANION, "1.0.0")),
        folder=folder / name,
        options=MqttOptions(
            address=replace(address, port=port or address.port), client_id=name, longest_pause_seconds=0.2
        ),
    )
    program = DeviceProgram(settings, rules=load_rules(), clock=lambda: datetime.now(UTC))
    try:
        yield program
    finally:
        program.close()


def shown(package: str, number: int) -> Captured:
    text = f"Ondine a commenté : assiette numéro {number}"
    notification = Notification(key=f"{package}|{number}", channel="comment_push", title="TikTok", text=text)
    return Captured(
        event=EventKind.POSTED, captured_at=datetime.now(UTC), app=AppInfo(package), notification=notification
    )


def eventually(look: Callable[[], object], what: str) -> None:
    until(look, within_seconds=WITHIN_SECONDS, what=what)


def test_a_seq_that_never_comes_is_told_with_its_neighbours_times_until_it_is_answered_for(site: Site) -> None:
    """Trial 23. With `settle_gaps` left out of the Watchman's look: "not within 30 s: the gap is in the ledger"."""
    publish_all(site.url, [encoded(comment(seq)) for seq in (1, 2, 3, 4, 5, 6, 8, 9)], TOPIC)
    eventually(lambda: site.intervals("gap"), "the gap is in the ledger")
    eventually(lambda: "gap" in site.alarms(DEVICE), "the gap is an alarm")

    (gap,) = site.intervals("gap")
    assert (gap["subject"], gap["count"], gap["detail"]) == (f"{EPOCH}:7-7", 1, "missing")
    assert datetime.fromisoformat(gap["since_at"]) == NOON + timedelta(seconds=6)
    assert datetime.fromisoformat(gap["until_at"]) == NOON + timedelta(seconds=8)
    assert site.stored.rows("SELECT watermark FROM epochs") == [(6,)]
    unseen = site.api.get("mentions", q="until:2026-11-11")["completeness"]["intervals"]
    assert [one["subject"] for one in unseen] == [f"{EPOCH}:7-7"]
    assert site.api.get("mentions", q="until:2026-11-09")["completeness"]["intervals"] == []

    lost = comment(7) | {"event": "lost", "through_seq": 7, "reason": "corrupt", "notification": None}
    publish_all(site.url, [encoded(lost)], TOPIC)
    eventually(lambda: "gap" not in site.alarms(DEVICE), "the alarm is over")
    assert site.stored.rows("SELECT watermark FROM epochs") == [(9,)]
    assert [(one["subject"], one["detail"]) for one in site.intervals("gap")] == [(f"{EPOCH}:7-7", "corrupt")]
    eventually(lambda: "lost" in site.alarms(DEVICE), "what is lost for good is told")


@pytest.mark.parametrize(
    ("name", "offset"),
    [
        ("ahead", timedelta(days=1)),
        ("behind", timedelta(days=-1)),
        ("seventies", datetime(1970, 1, 2, tzinfo=UTC) - NOON),
    ],
)
def test_a_wrong_clock_changes_no_order_and_is_kept_apart_from_ours(site: Site, name: str, offset: timedelta) -> None:
    """Trial 24. With `received_at_ms=captured_at_ms` in ingest/reading.py the device's day stood as ours (`all(…)`)."""
    epoch, began = f"clock-{name}", datetime.now(UTC)
    # The clock is set back an hour in the middle, as at the end of summer time.
    times = {seq: NOON + offset + timedelta(minutes=seq if seq < 4 else seq - 60) for seq in range(1, 7)}
    made = [
        encoded(comment(seq, epoch=epoch) | {"captured_at": at.isoformat(timespec="milliseconds")})
        for seq, at in times.items()
    ]
    publish_all(site.url, [*reversed(made), *made], TOPIC)
    look = f"SELECT seq, captured_at, received_at FROM notifications WHERE epoch = '{epoch}' ORDER BY seq"
    eventually(lambda: len(site.stored.rows(look)) == 6, "all six are stored")

    rows = site.stored.rows(look)
    assert [(seq, captured) for seq, captured, _ in rows] == [(seq, ms(at)) for seq, at in times.items()]
    assert all(ms(began) <= received <= ms(datetime.now(UTC)) for _, _, received in rows)
    assert site.stored.rows(f"SELECT watermark FROM epochs WHERE epoch = '{epoch}'") == [(6,)]


def test_a_status_by_a_wrong_clock_is_told_and_silences_nobody(site: Site) -> None:
    """Trial 24. With silence counted from `sent_at` it was `device_silent` at its first status."""
    name = "salon-1970"
    status = DeviceStatus(
        online=True,
        epoch="e",
        first_seq=1,
        next_seq=1,
        spool_depth=0,
        config_revision=1,
        sent_at=datetime(1970, 1, 1, tzinfo=UTC),
        last_callback_at=datetime(1970, 1, 1, tzinfo=UTC) - timedelta(minutes=1),
        listener_bound=True,
    )
    publish_all(site.url, [write_status(status)], device_topic(name, DeviceChannel.STATUS))
    eventually(lambda: site.alarms(name), "the clock is told")
    assert site.alarms(name) == {"device_problem": "clock_wrong"}
    health = site.api.get(f"devices/{name}")
    assert health["is_online"] is True
    assert health["clock_offset_s"] < -1_700_000_000
    assert [one for one in site.intervals("offline") if one["device"] == name] == []


def test_a_device_gets_what_to_capture_says_so_and_is_missed_when_it_goes(site: Site, tmp_path: Path) -> None:
    """Without `_publish_configs`: "not within 30 s: the first configuration is in force".

    Without the state of a last will in coverage/states.py: "not within 30 s: its absence is in the ledger".
    """
    name, tiktok = "salon-2", "com.zhiliaoapp.musically"
    with relayed(parse_mqtt_url(site.url).port) as line, ExitStack() as leaving:
        line.weather.refuses = True  # its first configuration may else be there before it is asked for anything
        program = leaving.enter_context(device(site, name, tmp_path, port=line.port))
        assert program.offer(shown(tiktok, 1)).seq is None
        line.weather.refuses = False
        eventually(lambda: program.config() is not None, "the first configuration is in force")
        assert program.offer(shown(tiktok, 2)).seq == 1
        assert program.offer(shown("org.example", 3)).dropped == "app"

        changed = site.daemon.installation.run("device", "config", "allow", name, "org.example")
        assert changed.code == 0, changed.err
        eventually(lambda: program.state().config_revision == 2, "the change is in force")
        assert program.offer(shown("org.example", 4)).seq == 2
        eventually(lambda: program.state().spool.depth == 0, "all is receipted")
    eventually(lambda: gone(site, name), "its absence is in the ledger")
    health = site.api.get(f"devices/{name}")
    assert (health["is_online"], health["config"]["asked_revision"]) == (False, 2)

    with device(site, name, tmp_path):
        eventually(lambda: not gone(site, name), "its absence is over")
        (absence,) = [one for one in site.intervals("offline") if one["device"] == name]
        assert absence["since_at"] < absence["until_at"]


def test_one_device_that_floods_is_told_by_name(site: Site) -> None:
    """Trial 55's report. Without `_floods` in coverage/recent.py: "not within 30 s: the flood is told"."""
    now = datetime.now(UTC)
    made = [
        comment(seq, epoch="flood") | {"captured_at": (now + timedelta(milliseconds=seq)).isoformat()}
        for seq in range(1, 2_001)
    ]
    publish_all(site.url, [encoded(one) for one in made], TOPIC)
    eventually(lambda: "flood" in site.alarms(DEVICE), "the flood is told")
    assert "notifications a minute" in site.alarms(DEVICE)["flood"]
    until(
        lambda: site.stored.rows("SELECT watermark FROM epochs WHERE epoch = 'flood'") == [(2_000,)],
        within_seconds=WITHIN_SECONDS,
        what="all of it is stored",
    )


def gone(site: Site, name: str) -> bool:
    return any(one["device"] == name and one["until_at"] is None for one in site.intervals("offline"))


def ms(at: datetime) -> int:
    return int(at.timestamp() * 1_000)
