"""Who is connected to the embedded broker, as the broker itself says: asked over its loopback client port."""

from __future__ import annotations

import contextlib
import json
import socket
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from veilleur_bridge.broker.configuration import CONNECTIONS_QUESTION, OBSERVER_USER
from veilleur_bridge.broker.process import PORTS_PATTERN
from veilleur_bridge.errors import BrokerError

ANSWER: Final = "_INBOX.veilleur"
MOST_CONNECTIONS: Final = 65_536
ANSWER_SECONDS: Final = 2.0
PIECE_BYTES: Final = 65_536
END_OF_LINE: Final = b"\r\n"


@dataclass(frozen=True, slots=True)
class BrokerConnection:
    """An MQTT client that is connected now: with whose account, under which client id, and since when."""

    user: str
    client_id: str
    since_at: datetime


def list_connections(folder: Path, password: str) -> tuple[BrokerConnection, ...]:
    """Return every MQTT client that is connected to the broker of a folder. Raises BrokerError."""
    try:
        with socket.create_connection(("127.0.0.1", _client_port(folder)), timeout=ANSWER_SECONDS) as line:
            answered = json.loads(_ask(line, password))["data"]["connections"]
            return tuple(one for one in map(_mqtt_client, answered) if one is not None)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BrokerError(f"the broker does not say who is connected: {error}") from error


def _client_port(folder: Path) -> int:
    for file in folder.glob(PORTS_PATTERN):
        with contextlib.suppress(IndexError):
            return int(json.loads(file.read_text("utf-8"))["nats"][0].rpartition(":")[2])
    raise BrokerError("the broker does not say where its client port is")


def _ask(line: socket.socket, password: str) -> bytes:
    """Ask by the NATS protocol's five words (docs.nats.io, client protocol) and return the answer's payload."""
    hello = {"user": OBSERVER_USER, "pass": password, "verbose": False, "pedantic": False}
    question = json.dumps({"auth": True, "limit": MOST_CONNECTIONS}).encode()
    words = [
        f"CONNECT {json.dumps(hello)}".encode(),
        f"SUB {ANSWER} 1".encode(),
        f"PUB {CONNECTIONS_QUESTION} {ANSWER} {len(question)}".encode(),
        question,
    ]
    line.sendall(END_OF_LINE.join([*words, b""]))
    heard = b""
    while part := line.recv(PIECE_BYTES):
        heard += part
        if (payload := _payload(heard)) is not None:
            return payload
    raise ValueError("it hung up")


def _payload(heard: bytes) -> bytes | None:
    """Return the first message's payload once it is whole."""
    _, found, rest = heard.partition(b"MSG ")
    header, is_whole, body = rest.partition(END_OF_LINE)
    if not found or not is_whole:
        return None
    size = int(header.rsplit(b" ", 1)[1])
    return body[:size] if len(body) >= size else None


def _mqtt_client(told: dict[str, Any]) -> BrokerConnection | None:
    user, client_id = told.get("authorized_user"), told.get("mqtt_client")
    if not (isinstance(user, str) and isinstance(client_id, str)):
        return None
    # RFC 3339 with nanoseconds: Python reads six digits of them
    whole, _, fraction = str(told["start"]).rstrip("Z").partition(".")
    return BrokerConnection(user, client_id, datetime.fromisoformat(f"{whole}.{fraction[:6]:0<6}+00:00"))
