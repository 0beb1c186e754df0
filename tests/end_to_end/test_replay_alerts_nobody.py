"""A year's log replayed by hand into a running daemon: its receiver hears nothing until something comes live."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.end_to_end.made_envelopes import EPOCH, TOPIC, Json, comment, encoded, envelope
from tests.servers.daemon import Daemon, running_daemon
from tests.servers.hook import Hook, running_hook
from tests.servers.mosquitto import MosquittoServer, running_mosquitto
from tests.waiting import until
from veilleur.model.alert import WITHOUT_WATCH, AlertRuleDraft, AlertTrigger
from veilleur.model.scope import Scope
from veilleur.model.watch import WatchDraft
from veilleur.store.alert_rules import save_rule
from veilleur.store.opening import open_database
from veilleur.store.watches import save_watch

_EVERYONE = Scope(may_read_private=True)
_WATCH = "assiette"
_TIKTOK, _INSTAGRAM = "com.zhiliaoapp.musically", "com.instagram.android"
_DAYS, _A_DAY, _UNKNOWN = 365, 4, 60

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[MosquittoServer]:
    with running_mosquitto(tmp_path / "mosquitto") as running:
        yield running


@pytest.fixture
def hook() -> Iterator[Hook]:
    with running_hook() as running:
        yield running


@pytest.fixture
def daemon(tmp_path: Path, broker: MosquittoServer, hook: Hook) -> Iterator[Daemon]:
    """Run a daemon with a receiver, and a rule for each trigger beside the built-in one."""
    with running_daemon(
        tmp_path / "house", VEILLEUR_MQTT_URL=broker.url, VEILLEUR_DELIVERY_NETWORKS="127.0.0.0/8"
    ) as running:
        added = running.installation.run("receiver", "add", "desk", hook.url)
        assert added.code == 0, added.err
        add_rules(running)
        yield running


def add_rules(daemon: Daemon) -> None:
    database = open_database(daemon.installation.database_url)
    now = datetime.now(UTC)
    save_watch(database, _EVERYONE, _WATCH, WatchDraft(_WATCH), by="ana", now=now)
    for trigger in AlertTrigger:
        watch = None if trigger in WITHOUT_WATCH else _WATCH
        words = ("numéro",) if trigger is AlertTrigger.NEGATIVE else ()
        draft = AlertRuleDraft(trigger=trigger, watch=watch, words=words)
        save_rule(database, _EVERYONE, trigger.value, draft, by="ana", now=now)
    database.close()


def year() -> Iterator[Json]:
    """Yield a year that ended yesterday, each envelope as it was captured then, the last in unknown wordings."""
    begin = datetime.now(UTC) - timedelta(days=_DAYS + 1)
    count = _DAYS * _A_DAY
    for seq in range(1, count + 1):
        one = comment(seq) if seq <= count - _UNKNOWN else not_understood(seq, _INSTAGRAM)
        at = begin + timedelta(days=seq / _A_DAY)
        one["captured_at"] = at.isoformat(timespec="milliseconds")
        one["notification"]["posted_at_ms"] = int(at.timestamp() * 1_000)
        yield one


def not_understood(seq: int, package: str, *, epoch: str = EPOCH) -> Json:
    shown = {"key": f"0|{package}|{seq}|null|10210", "title": "App", "text": f"A fresh coat of paint {seq}"}
    return envelope(seq, package, {"posted_at_ms": int(datetime.now(UTC).timestamp() * 1_000), **shown}, epoch=epoch)


def publish(broker: MosquittoServer, live: Iterable[Json]) -> None:
    line = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(broker.port), "-q", "1", "-t", TOPIC, "-l"]
    subprocess.run(line, input=b"".join(encoded(one) + b"\n" for one in live), check=True, timeout=60)


def subjects(hook: Hook) -> set[str]:
    return {came.json["subject"] for came in hook.came}


def test_a_year_that_is_replayed_tells_a_receiver_nothing_and_what_comes_live_then_does(
    daemon: Daemon, broker: MosquittoServer, hook: Hook, tmp_path: Path
) -> None:
    """Broken, and caught: alerts read replayed changes; drift is looked for in replayed rows.

    Whoever looks at the live rows looked at those of the log before them.
    """
    log = tmp_path / "year.jsonl"
    log.write_bytes(b"".join(encoded(one) + b"\n" for one in year()))
    replayed = daemon.installation.run("replay", str(log), within_seconds=120)
    assert replayed.code == 0, replayed.err

    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    live = [comment(1, epoch="live"), *(not_understood(seq, _TIKTOK, epoch="live") for seq in range(2, 60))]
    publish(broker, ({**one, "captured_at": now} for one in live))

    expected = {f"{_WATCH}: 1 {found}" for found in ("new mention", "in 60 min", "mention with a negative word")}
    until(
        lambda: expected < subjects(hook) and any("pattern" in one for one in subjects(hook)),
        within_seconds=60,
        what="what came live is told",
    )
    assert {one for one in subjects(hook) if one.startswith(_WATCH)} == expected
    assert not [one for one in subjects(hook) if "instagram" in one.lower()]
