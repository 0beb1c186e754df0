"""Proves a device's account by canaries: what it says and is told arrives, and another's topics are shut."""

from __future__ import annotations

import time
from typing import Final

from veilleur_bridge.broker.findings import BrokerFinding, BrokerQuestion
from veilleur_bridge.broker.visit import Outgoing, visiting
from veilleur_bridge.broker_canary import make_canary, probed_topics
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt_url import MqttAddress
from veilleur_bridge.topics import READ_BY_DEVICE, WRITTEN_BY_DEVICE, DeviceChannel, device_topic

SOON_SECONDS: Final = 1.0
LOOK_EVERY_SECONDS: Final = 1.0
OWN_RULES: Final = "give the account the rules of deploy/mosquitto/veilleur.acl"


def check_account(ours: MqttAddress, device: MqttAddress) -> BrokerFinding:
    """Say whether a device comes in with this account and does what a device may, and no more.

    It comes under its own name as client id, as a device does: one that is connected at that moment is cut off, and
    comes again.
    """
    name = device.username or ""
    try:
        missing = _missing_channels(ours, device, name)
        trespassed = not missing and _is_heard(ours, device, probed_topics()[DeviceChannel.NOTIFICATIONS])
    except BrokerError as error:
        return BrokerFinding(BrokerQuestion.ACCOUNT, is_ok=False, detail=str(error), advice=OWN_RULES)
    if missing:
        detail = f"{name} comes in, but nothing passes on its {', '.join(missing)}"
    elif trespassed:
        detail = f"{name} comes in, and can speak as any other device"
    else:
        return BrokerFinding(BrokerQuestion.ACCOUNT, is_ok=True, detail=f"{name} comes in and is heard")
    return BrokerFinding(BrokerQuestion.ACCOUNT, is_ok=False, detail=detail, advice=OWN_RULES)


def await_account(ours: MqttAddress, device: MqttAddress, *, within_seconds: float) -> BrokerFinding:
    """Check again and again until all is well or the time is over; return the last finding."""
    deadline = time.monotonic() + within_seconds
    while True:
        finding = check_account(ours, device)
        if finding.is_ok or time.monotonic() > deadline:
            return finding
        time.sleep(LOOK_EVERY_SECONDS)


def _missing_channels(ours: MqttAddress, device: MqttAddress, name: str) -> list[DeviceChannel]:
    written = [
        channel for channel in sorted(WRITTEN_BY_DEVICE) if not _is_heard(ours, device, device_topic(name, channel))
    ]
    read = [channel for channel in sorted(READ_BY_DEVICE) if not _is_told(ours, device, device_topic(name, channel))]
    return [*written, *read]


def _is_heard(ours: MqttAddress, device: MqttAddress, topic: str) -> bool:
    canary = make_canary()
    with visiting(ours, subscriptions=(topic,)) as listener:
        with visiting(device, client_id=device.username) as speaker:
            speaker.say([Outgoing(topic, canary)], within_seconds=SOON_SECONDS)
        return bool(listener.hear(1, within_seconds=SOON_SECONDS, only=lambda message: message.payload == canary))


def _is_told(ours: MqttAddress, device: MqttAddress, topic: str) -> bool:
    canary = make_canary()
    with visiting(device, client_id=device.username, subscriptions=(topic,)) as listener:
        with visiting(ours) as speaker:
            speaker.say([Outgoing(topic, canary)], within_seconds=SOON_SECONDS)
        return bool(listener.hear(1, within_seconds=SOON_SECONDS, only=lambda message: message.payload == canary))
