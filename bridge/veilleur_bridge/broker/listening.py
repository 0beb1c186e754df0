"""Where one run of the embedded broker listens, and how our own programs reach it there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from veilleur_bridge.broker.accounts import daemon_address
from veilleur_bridge.broker.certificate import BrokerCertificate
from veilleur_bridge.broker.running import own_host
from veilleur_bridge.mqtt_url import MqttAddress


@dataclass(frozen=True, slots=True)
class Listening:
    """Where one run of the broker listens; without a certificate it is unencrypted, and on loopback alone."""

    host: str
    port: int
    certificate: BrokerCertificate | None = None

    def daemon_address(self, folder: Path) -> MqttAddress:
        """Return the address by which our own programs reach it."""
        key_sha256 = None if self.certificate is None else self.certificate.key_sha256
        return daemon_address(folder, host=own_host(self.host), port=self.port, key_sha256=key_sha256)
