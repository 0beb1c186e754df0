"""How a client of a broker behaves: who it is, how much it holds, how long its session lives."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TypeAlias

from veilleur_bridge.mqtt_url import MqttAddress


class MqttProtocol(StrEnum):
    """The MQTT versions that we speak."""

    V311 = "3.1.1"
    V5 = "5"


Whereabouts: TypeAlias = Callable[[], MqttAddress]
"""Tells where the broker is now; raises BrokerError where nobody knows."""


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker publishes, retained and with QoS 1, when the client is gone without a word."""

    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class MqttOptions:
    """One client's side of its connections.

    `window` is the number of unacknowledged messages held at once, in each direction. MQTT 5 tells it to the
    broker; under 3.1.1 the broker's own limit rules what comes in (mosquitto: `max_inflight_messages`). A broker that
    does not speak 5 is asked again in 3.1.1. `session_kept` zero asks for a fresh session at each connection. After
    each failure it waits longer until it tries again, at most `longest_pause_seconds`. Where the broker may move,
    `whereabouts` is asked before each connection of a link, on the link's thread, and stands above `address`.
    An encrypted address with a key is trusted by that key, another one as `tls` says (the system's authorities).
    """

    address: MqttAddress
    client_id: str
    subscriptions: tuple[str, ...] = ()
    protocol: MqttProtocol = MqttProtocol.V5
    keepalive_seconds: int = 15
    window: int = 256
    session_kept: timedelta = timedelta(days=90)
    handshake_seconds: float = 10.0
    longest_pause_seconds: float = 5.0
    tls: ssl.SSLContext | None = None
    whereabouts: Whereabouts | None = None
    will: Will | None = None
