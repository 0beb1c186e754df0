"""The embedded broker's own certificate: nobody signs it, and devices trust the key that their pairing code names."""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from veilleur_bridge.broker.addresses import own_addresses
from veilleur_bridge.broker.secret_file import write_private
from veilleur_bridge.errors import BrokerError

VALID_FOR: Final = timedelta(days=3650)
# a tablet whose clock is behind must not see a certificate of tomorrow
BEGINS_BEFORE: Final = timedelta(days=2)
RENEW_COMMAND: Final = "veilleur broker certificate --renew"
NEW_KEY_COMMAND: Final = "veilleur broker certificate --new-key"


@dataclass(frozen=True, slots=True)
class CertificateFiles:
    """Where key and certificate lie, each readable by its owner only."""

    key_file: Path
    certificate_file: Path


@dataclass(frozen=True, slots=True)
class BrokerCertificate:
    """What the broker shows: `key_sha256` is what devices trust, and stays when the certificate is renewed."""

    key_sha256: str
    sha256: str
    expires_at: datetime

    @property
    def server_name(self) -> str:
        """The name by which the broker is found with mDNS, as service and as host."""
        return f"veilleur-{self.key_sha256[:6]}"


def read_or_make_certificate(files: CertificateFiles) -> BrokerCertificate:
    """Return the certificate, made on the first call; raises BrokerError where key and certificate do not agree."""
    if not files.certificate_file.exists():
        return renew_certificate(files)
    certificate = _read_certificate(files.certificate_file)
    if not files.key_file.exists():
        raise BrokerError(
            f"{files.key_file} is missing: restore it from a backup, or run `{NEW_KEY_COMMAND}` and pair every "
            "device again"
        )
    if _public_bytes(_read_key(files.key_file).public_key()) != _public_bytes(certificate.public_key()):
        raise BrokerError(f"{files.certificate_file} is not of the key in {files.key_file}: run `{RENEW_COMMAND}`")
    return _described(certificate)


def renew_certificate(files: CertificateFiles, *, has_new_key: bool = False) -> BrokerCertificate:
    """Make a certificate for ten years, of the same key unless told otherwise: a new key must be paired anew."""
    keeps_key = files.key_file.exists() and not has_new_key
    key = _read_key(files.key_file) if keeps_key else ec.generate_private_key(ec.SECP256R1())
    certificate = _signed(key)
    try:
        for file in (files.key_file, files.certificate_file):
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not keeps_key:
            private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            write_private(files.key_file, private.decode("ascii"))
        write_private(files.certificate_file, certificate.public_bytes(Encoding.PEM).decode("ascii"))
    except OSError as error:
        raise BrokerError(f"the broker's certificate cannot be written: {error}") from error
    return _described(certificate)


def _signed(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    spki = _public_bytes(key.public_key())
    server_name = f"veilleur-{sha256(spki).hexdigest()[:6]}"
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, server_name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BEGINS_BEFORE)
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.SubjectAlternativeName(_names(server_name)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    )
    return builder.sign(key, hashes.SHA256())


def _names(server_name: str) -> list[x509.GeneralName]:
    """Return this machine's names and addresses: for other programs' clients, ours do not look at them."""
    hosts = dict.fromkeys(["localhost", f"{server_name}.local", socket.gethostname()])
    names: list[x509.GeneralName] = []
    for host in hosts:
        with contextlib.suppress(ValueError):
            names.append(x509.DNSName(host))
    return names + [x509.IPAddress(ip_address(one)) for one in ("127.0.0.1", "::1", *own_addresses())]


def _described(certificate: x509.Certificate) -> BrokerCertificate:
    return BrokerCertificate(
        key_sha256=sha256(_public_bytes(certificate.public_key())).hexdigest(),
        sha256=sha256(certificate.public_bytes(Encoding.DER)).hexdigest(),
        expires_at=certificate.not_valid_after_utc,
    )


def _public_bytes(key: CertificatePublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _read_certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        raise BrokerError(f"{path} holds no certificate that can be read: run `{RENEW_COMMAND}`") from error


def _read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise BrokerError(f"{path} holds no key that can be read: restore it, or run `{NEW_KEY_COMMAND}`") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise BrokerError(f"{path} holds another kind of key than ours: run `{NEW_KEY_COMMAND}`")
    return key
