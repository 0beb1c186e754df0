"""The certificate that a broker shows whoever connects: its key, and until when it holds."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509

from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt_url import MqttAddress
from veilleur_bridge.tls import client_context, key_sha256_of

ANSWER_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class PresentedCertificate:
    """What was shown, by a server that we trust."""

    key_sha256: str
    expires_at: datetime


def presented_certificate(address: MqttAddress) -> PresentedCertificate:
    """Return what the broker at an encrypted address shows; raises BrokerError where it is not trusted or not there."""
    context = client_context(address.key_sha256)
    try:
        with (
            socket.create_connection((address.host, address.port), timeout=ANSWER_SECONDS) as line,
            context.wrap_socket(line, server_hostname=address.host) as encrypted,
        ):
            certificate = encrypted.getpeercert(binary_form=True) or b""
            expires_at = x509.load_der_x509_certificate(certificate).not_valid_after_utc
            return PresentedCertificate(key_sha256_of(certificate), expires_at)
    except (OSError, ValueError) as error:
        raise BrokerError(f"the broker at {address} shows no certificate that we trust: {error}") from error
