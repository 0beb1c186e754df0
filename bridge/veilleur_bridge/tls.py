"""Trust in a server by its key: what it is called, who signed it and what its clock says play no part."""

from __future__ import annotations

import re
import ssl
from hashlib import sha256
from hmac import compare_digest
from typing import Final, Self

KEY_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
# RFC 5280 §4.1: the key's place in TBSCertificate, after serial, signature, issuer, validity and subject
FIELDS_BEFORE_KEY: Final = 5
EXPLICIT_VERSION: Final = 0xA0
LONG_FORM: Final = 0x80


class KeyNotTrusted(ssl.SSLCertVerificationError):
    """The server has another key than the one we were given; nothing was sent to it."""


class CarefulSocket(ssl.SSLSocket):
    """A TLS socket that is closed when its handshake fails (paho forgets to)."""

    def do_handshake(self, block: bool = False) -> None:
        """Shake hands, or close."""
        try:
            super().do_handshake(block)
            self.check_server()
        except (OSError, ValueError):
            self.close()
            raise

    def check_server(self) -> None:
        """Raise KeyNotTrusted unless the server is the right one; before anything of ours is written."""


class PinnedSocket(CarefulSocket):
    """A TLS socket whose handshake fails unless the server proves that it holds the context's key."""

    def check_server(self) -> None:
        """Compare the server's key with the context's."""
        certificate = self.getpeercert(binary_form=True)
        shown = "none" if certificate is None else key_sha256_of(certificate)
        if not (isinstance(self.context, PinnedContext) and compare_digest(shown, self.context.key_sha256)):
            raise KeyNotTrusted(1, f"the server's key is {shown[:16]}…, which is not the one in the pairing code")


class PinnedContext(ssl.SSLContext):
    """A client's TLS that trusts one key alone (SHA-256 of its SubjectPublicKeyInfo, hexadecimal)."""

    key_sha256: str
    sslsocket_class = PinnedSocket

    def __new__(cls, _key_sha256: str) -> Self:
        return super().__new__(cls, ssl.PROTOCOL_TLS_CLIENT)

    def __init__(self, key_sha256: str) -> None:
        if not KEY_SHA256.fullmatch(key_sha256):
            raise ValueError("a key's fingerprint is 64 hexadecimal digits")
        self.key_sha256 = key_sha256
        self.minimum_version = ssl.TLSVersion.TLSv1_2
        # a chain, a name and dates add nothing to a known key, and a tablet's clock may stand in 1970
        self.check_hostname = False
        self.verify_mode = ssl.CERT_NONE


def client_context(key_sha256: str | None) -> ssl.SSLContext:
    """Return the TLS of a client: trusting one key, or (None) the system's authorities and the server's name."""
    if key_sha256 is not None:
        return PinnedContext(key_sha256)
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = CarefulSocket
    return context


def key_sha256_of(certificate: bytes) -> str:
    """Return the SHA-256 of a certificate's SubjectPublicKeyInfo, both in DER, as hexadecimal digits.

    Reads with the standard library alone (Termux). Raises ValueError for what is no certificate.
    """
    try:
        start, _ = _content(certificate, 0)
        position, _ = _content(certificate, start)
        if certificate[position] == EXPLICIT_VERSION:
            position = _end(certificate, position)
        for _ in range(FIELDS_BEFORE_KEY):
            position = _end(certificate, position)
        end = _end(certificate, position)
    except IndexError as error:
        raise ValueError("the certificate is cut off") from error
    if end > len(certificate):
        raise ValueError("the certificate is cut off")
    return sha256(certificate[position:end]).hexdigest()


def _content(der: bytes, position: int) -> tuple[int, int]:
    """Return where the value at `position` begins after its tag and length, and where it ends (X.690 §8.1)."""
    length = der[position + 1]
    begin = position + 2
    if length >= LONG_FORM:
        digits = length & ~LONG_FORM
        length = int.from_bytes(der[begin : begin + digits], "big")
        begin += digits
    return begin, begin + length


def _end(der: bytes, position: int) -> int:
    return _content(der, position)[1]
