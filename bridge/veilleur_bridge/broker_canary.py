"""The broker canary: a message of our own that proves that a topic works, and is passed over by whoever receives it."""

from __future__ import annotations

import re
import secrets
from typing import Final

from veilleur_bridge.topics import DeviceChannel, device_topic

CANARY_ROOT: Final = "veilleur/1/broker/canary"
MEMORY_ROOT: Final = "veilleur/1/broker/memory"
NONCE_BYTES: Final = 16
PROBED_DEVICE: Final = "canary-{nonce}"

_CANARY_BYTES: Final = len(b"canary ") + 2 * NONCE_BYTES
_CANARY: Final = re.compile(rb"canary [0-9a-f]{32}")


def make_canary() -> bytes:
    """Return a payload that was never sent before."""
    return f"canary {secrets.token_hex(NONCE_BYTES)}".encode("ascii")


def is_broker_canary(payload: bytes) -> bool:
    """Tell whether a message on a device's topic is a canary: acknowledge it and pass over it."""
    return len(payload) == _CANARY_BYTES and _CANARY.fullmatch(payload) is not None


def own_topic() -> str:
    """Return a topic that nobody but us reads or writes."""
    return f"{CANARY_ROOT}/{secrets.token_hex(NONCE_BYTES)}"


def probed_topics() -> dict[DeviceChannel, str]:
    """Return the topics of a device that does not exist, one a channel."""
    device = PROBED_DEVICE.format(nonce=secrets.token_hex(4))
    return {channel: device_topic(device, channel) for channel in DeviceChannel}
