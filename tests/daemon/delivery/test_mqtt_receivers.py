"""A broker as a receiver: what it took is there, what it did not take is never told as delivered."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.daemon.delivery.outgoing import (
    CUT_OFF_S,
    LOOPBACK,
    SOON_S,
    add_service,
    channels_with,
    deliveries_of,
    outgoing_with,
    send_until,
    sending,
    tell,
)
from tests.daemon.delivery.test_services import message
from tests.servers.mosquitto import MosquittoServer, running_mosquitto
from tests.waiting import until
from veilleur.model.delivery import AttemptOutcome, DeliveryState, ReceiverKind
from veilleur.store.database import Database

TOPIC = "equipe/alertes"


def address(port: int) -> str:
    """Return the receiver's address; the broker keeps what came last, so that it can be asked for it."""
    return f"mqtt://127.0.0.1:{port}/{TOPIC}?retain=yes"


def kept(broker: MosquittoServer) -> str:
    """Return what the broker keeps of the topic: its words, and beside them its user properties."""
    asked = ["mosquitto_sub", "-V", "mqttv5", "-h", "127.0.0.1", "-p", str(broker.port), "-t", TOPIC]
    asked += ["-C", "1", "-W", "20", "-F", "%P %p"]
    return subprocess.run(asked, check=True, capture_output=True, text=True, timeout=30).stdout


def was_tried(database: Database, turn: Callable[[], None]) -> bool:
    turn()
    return any(one.attempts for one in deliveries_of(database))


def test_a_broker_that_was_away_has_it_once_it_is_back_with_the_delivery_s_id(
    database: Database, tmp_path: Path
) -> None:
    out = outgoing_with()
    with running_mosquitto(tmp_path) as broker:
        added = add_service(database, out, address(broker.port))
        broker.kill()
        tell(database, added.receiver.id, "plastique")
        with sending(database, out) as turn:
            until(lambda: was_tried(database, turn), within_seconds=SOON_S, what="a first attempt was made")
            broker.restart()
            (sent,) = send_until(database, turn, DeliveryState.SENT, 1)
        came = kept(broker)
    assert "plastique" in came
    assert f"veilleur-delivery:{sent.id}" in came
    assert f"Veilleur {sent.id}" in came
    assert sent.attempts[0].outcome != AttemptOutcome.DELIVERED


def test_what_listens_and_never_speaks_has_taken_nothing() -> None:
    services = channels_with(LOOPBACK, timeout_s=CUT_OFF_S)(ReceiverKind.SERVICE)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        answer = services.send(address(mute.getsockname()[1]), message())
    assert answer.outcome != AttemptOutcome.DELIVERED


def test_a_broker_that_refuses_the_login_says_so_and_what_to_do(tmp_path: Path) -> None:
    """Broken, and caught: a refused login told as any that does not answer: unreached, "check its host and port"."""
    services = channels_with(LOOPBACK, timeout_s=SOON_S)(ReceiverKind.SERVICE)
    with running_mosquitto(tmp_path, users={"veille": "right"}) as broker:
        wrong = f"mqtt://veille:wrong@127.0.0.1:{broker.port}/{TOPIC}"
        answer = services.send(wrong, message())
        right = services.send(wrong.replace("wrong", "right"), message())
    assert answer.outcome is AttemptOutcome.REFUSED
    assert "refused the user name or password" in (answer.detail or "")
    assert "add it again" in (answer.detail or "")
    assert right.outcome is AttemptOutcome.DELIVERED


def test_a_broker_that_refuses_the_topic_has_not_taken_it(tmp_path: Path) -> None:
    services = channels_with(LOOPBACK, timeout_s=SOON_S)(ReceiverKind.SERVICE)
    rules = "user veille\ntopic write elsewhere\n"
    with running_mosquitto(tmp_path, users={"veille": "right"}, access_rules=rules) as broker:
        answer = services.send(f"mqtt://veille:right@127.0.0.1:{broker.port}/{TOPIC}", message())
    assert answer.outcome is AttemptOutcome.REFUSED
    assert "let this user write" in (answer.detail or "")
