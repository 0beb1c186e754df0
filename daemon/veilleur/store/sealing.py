"""Secrets that must be read again, sealed under a key that does not lie in the database."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import cached_property
from hashlib import blake2b
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from veilleur.model.errors import ReceiverRefused
from veilleur.wording import refusals

_NONCE_BYTES: Final = 12


class Seal:
    """Seals texts with ChaCha20-Poly1305, each bound to what it belongs to, so that no row can take another's.

    `secret` is asked for when something is first sealed or opened.
    """

    def __init__(self, secret: Callable[[], str]) -> None:
        self._secret = secret

    @cached_property
    def _cipher(self) -> ChaCha20Poly1305:
        key = blake2b(self._secret().encode(), digest_size=32, person=b"veilleur sealed").digest()
        return ChaCha20Poly1305(key)

    def close(self, text: str, about: str) -> bytes:
        """Return a text sealed."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, text.encode(), about.encode())

    def open(self, sealed: bytes, about: str) -> str:
        """Return the text; raises ReceiverRefused where it was sealed under another key."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], about.encode()).decode()
        except InvalidTag as error:
            raise ReceiverRefused(refusals.OTHER_KEY) from error
