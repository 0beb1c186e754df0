"""Proof that a broker works: a message of ours that comes back."""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from typing import Final

from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt.connection import Connection
from veilleur_bridge.mqtt.events import Ready, Received
from veilleur_bridge.mqtt.options import MqttOptions, MqttProtocol
from veilleur_bridge.mqtt_url import MqttAddress

TOPIC: Final = "veilleur/1/broker/round-trip"
TURN_SECONDS: Final = 0.2
TRY_AGAIN_SECONDS: Final = 0.2


def make_round_trip(address: MqttAddress, *, timeout_seconds: float) -> None:
    """Publish one message and wait until it came back. Raises BrokerError with the cause."""
    nonce = secrets.token_hex(8)
    options = MqttOptions(
        address=address,
        client_id=f"round-trip-{nonce}",
        subscriptions=(f"{TOPIC}/{nonce}",),
        session_kept=timedelta(0),
        handshake_seconds=timeout_seconds,
    )
    connection = Connection(options, generation=1, protocol=MqttProtocol.V311)
    deadline = time.monotonic() + timeout_seconds
    try:
        connection.open()
        while time.monotonic() < deadline:
            for event in connection.turn(TURN_SECONDS):
                if isinstance(event, Ready):
                    connection.publish(f"{TOPIC}/{nonce}", nonce.encode("ascii"))
                elif isinstance(event, Received):
                    connection.acknowledge(event.message_id)
                    return
    finally:
        connection.close()
    raise BrokerError(f"the broker at {address} took a message but did not give it back in {timeout_seconds:g} s")


def await_admission(address: MqttAddress, *, within_seconds: float) -> bool:
    """Return whether a broker lets this account in: tries until it does, or the time is over."""
    deadline = time.monotonic() + within_seconds
    while not _is_let_in(address, within_seconds):
        if time.monotonic() > deadline:
            return False
        time.sleep(TRY_AGAIN_SECONDS)
    return True


def _is_let_in(address: MqttAddress, timeout_seconds: float) -> bool:
    # Not the device's own client id: that would end its connection.
    options = MqttOptions(
        address=address,
        client_id=f"admission-{secrets.token_hex(8)}",
        session_kept=timedelta(0),
        handshake_seconds=timeout_seconds,
    )
    connection = Connection(options, generation=1, protocol=MqttProtocol.V311)
    try:
        connection.open()
        while not any(isinstance(event, Ready) for event in connection.turn(TURN_SECONDS)):
            pass
    except BrokerError:
        return False
    finally:
        connection.close()
    return True
