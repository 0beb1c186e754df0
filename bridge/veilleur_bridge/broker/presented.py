"""The certificate that a broker shows whoever connects: its key, and until when it holds."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509

from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt_url import MqttAddress
from veilleur_bridge.tls import client_context, key_sha256_of

ANSWER_SECONDS: Final = 5.0


class CertificateRefused(BrokerError):
    """A server answered, with a certificate that we do not trust (expired, or of an unknown authority or key)."""


@dataclass(frozen=True, slots=True)
class PresentedCertificate:
    """What was shown, by a server that we trust."""

    key_sha256: str
    expires_at: datetime


def presented_certificate(address: MqttAddress) -> PresentedCertificate:
    """Return what the broker at an encrypted address shows.

    Raises CertificateRefused where it is not trusted, another BrokerError where nobody answers.
    """
    context = client_context(address.key_sha256)
    try:
        with (
            socket.create_connection((address.host, address.port), timeout=ANSWER_SECONDS) as line,
            context.wrap_socket(line, server_hostname=address.host) as encrypted,
        ):
            certificate = encrypted.getpeercert(binary_form=True) or b""
            expires_at = x509.load_der_x509_certificate(certificate).not_valid_after_utc
            return PresentedCertificate(key_sha256_of(certificate), expires_at)
    except ssl.SSLCertVerificationError as error:
        raise CertificateRefused(f"the broker's certificate at {address} is not trusted ({error.strerror})") from error
    except (OSError, ValueError) as error:
        raise BrokerError(f"the broker at {address} shows no certificate: {error}") from error
