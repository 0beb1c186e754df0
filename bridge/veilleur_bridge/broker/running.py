"""Finds the embedded broker that runs over a folder, wherever it listens now."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import Final

from veilleur_bridge.broker.accounts import daemon_address
from veilleur_bridge.broker.store_lock import current_holder
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt_url import MqttAddress

LOOPBACK: Final = "127.0.0.1"


def running_broker(folder: Path) -> MqttAddress | None:
    """Return the daemon's address at the broker that some process runs over this folder now, or None."""
    holder = current_holder(folder)
    if holder is None:
        return None
    return daemon_address(folder, host=own_host(holder.host), port=holder.port, key_sha256=holder.key_sha256)


def find_running_broker(folder: Path) -> MqttAddress:
    """Return the daemon's address at the broker that runs over this folder now; raises BrokerError where none does."""
    found = running_broker(folder)
    if found is None:
        message = "no broker: set VEILLEUR_MQTT_URL, or start the embedded one with `veilleur up` or `veilleur broker`"
        raise BrokerError(message)
    return found


def own_host(host: str) -> str:
    """Return the address by which this machine reaches what listens on `host`."""
    return LOOPBACK if ip_address(host).is_unspecified else host
