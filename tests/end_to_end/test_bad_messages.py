"""Trial 17: messages that nobody can read, each a dead letter once and acknowledged; nothing else is lost by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.bridge.mqtt.mqtt_parts import Reader, publish_all
from tests.bridge.mqtt.receipt_topic import receipts_of
from tests.end_to_end.hostile_messages import SECRET, hostile_messages, with_nul
from tests.end_to_end.made_envelopes import DEVICE, TOPIC, busy_day
from tests.end_to_end.stored_rows import DeadLetter, StoredRows, looking_into
from tests.servers.broker_kind import BrokerKind
from tests.servers.daemon import Role, running_daemon
from tests.servers.embedded import running_embedded_broker
from tests.servers.mosquitto import running_mosquitto
from tests.servers.postgres import PostgresServer
from tests.waiting import until

GOOD = 1_000
HOSTILE = hostile_messages(GOOD + 2)
PLACED = [one for one in HOSTILE if one.has_head]
_HOSTILE_BYTES = [one.payload for one in HOSTILE]
_GOOD_BYTES = busy_day(GOOD)
MESSAGES = [*_HOSTILE_BYTES, with_nul(GOOD + 1), *_GOOD_BYTES[:-1], *_HOSTILE_BYTES, _GOOD_BYTES[-1]]


pytestmark = pytest.mark.fault


class Aftermath(NamedTuple):
    """What is left once each was published twice around a thousand good ones, and the daemon was stopped."""

    stored: StoredRows
    broker_url: str


@pytest.fixture(
    scope="module",
    params=[
        ("sqlite", BrokerKind.MOSQUITTO),
        ("postgresql", BrokerKind.MOSQUITTO),
        pytest.param(("sqlite", BrokerKind.EMBEDDED), marks=pytest.mark.soak),
    ],
    ids="-".join,
)
def left(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer
) -> Iterator[Aftermath]:
    """Give what is left on SQLite, then on PostgreSQL, and behind the embedded broker."""
    folder = tmp_path_factory.mktemp("bad")
    with ExitStack() as stack:
        database, kind = request.param
        url = "" if database == "sqlite" else stack.enter_context(postgres_server.fresh_database())
        broker_url = stack.enter_context(running_broker_of(kind, folder / "broker"))
        settings = {"VEILLEUR_MQTT_URL": broker_url, "VEILLEUR_DATABASE_URL": url}
        daemon = stack.enter_context(running_daemon(folder, Role.INGEST, **settings))
        stored = stack.enter_context(looking_into(daemon.installation.database_url))
        publish_all(broker_url, MESSAGES, TOPIC)
        until(lambda: stored.count("notifications") > GOOD, within_seconds=60, what="the last good one is stored")
        daemon.stop()
        yield Aftermath(stored, broker_url)


@contextmanager
def running_broker_of(kind: BrokerKind, folder: Path) -> Iterator[str]:
    """Run a broker; give the address for its daemon."""
    if kind is BrokerKind.MOSQUITTO:
        with running_mosquitto(folder) as mosquitto:
            yield mosquitto.url
    else:
        with running_embedded_broker(folder) as embedded:
            yield embedded.url


def test_each_is_a_dead_letter_once_with_its_bytes_and_a_reason_in_one_line(left: Aftermath) -> None:
    """Broken, and caught: a codec whose detail quotes the payload: two of them are no plain line."""
    dead = left.stored.dead_letters()

    assert [(one.payload, one.reason) for one in dead] == [(one.payload, one.reason) for one in HOSTILE]
    assert [one for one in dead if not is_plain_line(one)] == []


def test_nothing_else_is_lost_and_the_watermark_passes_over_them(left: Aftermath) -> None:
    """Broken, and caught: a codec that reads no head: the watermark is 1,001, not 1,013."""
    assert (left.stored.count("notifications"), left.stored.count("mentions")) == (GOOD + 1, GOOD + 1)
    assert left.stored.rows("SELECT watermark FROM epochs") == [(GOOD + 1 + len(PLACED),)]


def test_each_was_acknowledged(left: Aftermath) -> None:
    """Seen to catch a `Worker._run` that acknowledged only what began like JSON: ten messages were still held."""
    assert what_the_session_still_holds(left) == []


def test_the_receipt_passes_over_those_with_a_seq_and_names_the_others_for_the_device_to_answer(
    left: Aftermath,
) -> None:
    """Broken, and caught: a `Reader._dead` that keeps no checksum of what was received: the receipt named none."""
    with receipts_of(left.broker_url, DEVICE) as receipts:
        receipt = receipts.through(GOOD + 1 + len(PLACED))

    assert set(receipt.refused) == {sha256(one.payload).hexdigest() for one in HOSTILE if not one.has_head}


def is_plain_line(dead: DeadLetter) -> bool:
    """Tell whether a reason is one line that quotes nothing of the message."""
    return bool(dead.detail) and dead.detail.isprintable() and SECRET not in dead.detail and len(dead.detail) < 200


def what_the_session_still_holds(left: Aftermath) -> Sequence[bytes]:
    """Return the messages that the broker still waits to have acknowledged by the daemon."""
    ((suffix,),) = left.stored.rows("SELECT value FROM facts WHERE name = 'client_suffix.main'")
    reader = Reader(left.broker_url, f"veilleur-main-{suffix}", None, session_kept=timedelta(days=1))
    try:
        until(lambda: reader.state().is_up, within_seconds=30, what="the session is resumed")
        publish_all(left.broker_url, [b"the last"], TOPIC)
        until(lambda: b"the last" in reader.read, within_seconds=30, what="the last message came")
        return [payload for payload in reader.read if payload != b"the last"]
    finally:
        reader.close()


def test_a_nul_inside_a_text_is_kept_as_a_replacement_character_and_the_mention_tells_it(left: Aftermath) -> None:
    """Broken, and caught: a codec that does not look for U+0000: no notification says that it was changed."""
    bodies = left.stored.rows(f"SELECT body FROM mentions WHERE body LIKE '%{SECRET}%'")
    ((payload, changed),) = left.stored.rows("SELECT payload, changed FROM notifications WHERE changed IS NOT NULL")

    assert bodies == [(f"avant\N{REPLACEMENT CHARACTER}après {SECRET}",)]
    assert "\N{REPLACEMENT CHARACTER}".encode() in bytes(payload)
    assert changed == "nul:notification.text"
