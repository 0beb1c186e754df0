"""The MQTT topics of contract v1: their names, their filters, and which device a topic names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

DEVICE_NAME: Final = re.compile(r"[a-z0-9-]{1,64}", re.ASCII)

NAMELESS_DEVICE: Final = "_nameless"
"""Whom a message is kept under whose topic names no device; no device can have this name."""

_ROOT: Final = "veilleur/1"
_DEVICES: Final = f"{_ROOT}/devices/"
ERASED_MENTIONS: Final = f"{_ROOT}/mentions/erased"
"""Where it is told that a mention is to be taken out again."""
_MENTION_LEVEL: Final = re.compile(r"[a-z0-9_-]{1,64}", re.ASCII)


class DeviceChannel(StrEnum):
    """What a device and the daemon tell each other, one topic each."""

    NOTIFICATIONS = "notifications"
    RECEIPT = "receipt"
    STATUS = "status"
    CONFIG = "config"


WRITTEN_BY_DEVICE: Final = frozenset({DeviceChannel.NOTIFICATIONS, DeviceChannel.STATUS})
READ_BY_DEVICE: Final = frozenset({DeviceChannel.RECEIPT, DeviceChannel.CONFIG})

_CHANNELS: Final = frozenset(channel.value for channel in DeviceChannel)


@dataclass(frozen=True, slots=True)
class DeviceTopic:
    """One topic of one device; `str()` gives the name on the wire."""

    device: str
    channel: DeviceChannel

    def __str__(self) -> str:
        return f"{_DEVICES}{self.device}/{self.channel}"


def is_device_name(name: str) -> bool:
    """Tell whether a name can stand in a topic (`[a-z0-9-]{1,64}`)."""
    return DEVICE_NAME.fullmatch(name) is not None


def device_topic(device: str, channel: DeviceChannel) -> str:
    """Return a device's topic; raises ValueError for a name that no topic can hold."""
    if not is_device_name(device):
        raise ValueError("a device name is 1 to 64 of a-z, 0-9 and -")
    return str(DeviceTopic(device, channel))


def device_filter(channel: DeviceChannel) -> str:
    """Return the subscription filter for one channel of every device."""
    return f"{_DEVICES}+/{channel}"


def parse_topic(topic: str) -> DeviceTopic | None:
    """Return what a device topic names, or None for any other topic."""
    if not topic.startswith(_DEVICES):
        return None
    device, _, channel = topic.removeprefix(_DEVICES).partition("/")
    if channel not in _CHANNELS or not is_device_name(device):
        return None
    return DeviceTopic(device, DeviceChannel(channel))


@lru_cache(maxsize=1_024)
def device_of(topic: str) -> str | None:
    """Return the device that a device topic names, whatever the channel."""
    named = parse_topic(topic)
    return None if named is None else named.device


def mention_topic(platform: str, kind: str) -> str:
    """Return the topic on which a mention is republished; raises ValueError for a level MQTT would misread."""
    if not (_MENTION_LEVEL.fullmatch(platform) and _MENTION_LEVEL.fullmatch(kind)):
        raise ValueError("platform and kind are 1 to 64 of a-z, 0-9, _ and -")
    return f"{_ROOT}/mentions/{platform}/{kind}"


def mention_filter(platform: str | None = None) -> str:
    """Return the subscription filter for every republished mention, or for one platform's."""
    return f"{_ROOT}/mentions/#" if platform is None else f"{mention_topic(platform, 'all').removesuffix('all')}+"
