"""Cursors of what comes in order of arrival: sealed, because plain numbers would count what a reader may not see."""

from __future__ import annotations

import secrets
from enum import StrEnum
from hashlib import blake2b
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from veilleur.model.errors import StaleCursor
from veilleur.store.database import Database
from veilleur.store.facts import fact
from veilleur.store.receipts import STORE, new_store

CURSOR_PATTERN: Final = "^[0-9a-f]{32}$"
_KEY: Final = "cursor_key"
_KEY_BYTES: Final = 16
_HALF_BYTES: Final = 8


class Feed(StrEnum):
    """What a cursor is a place in."""

    CHANGES = "changes"
    WATCH_HITS = "watch_hits"
    ALERTS = "alerts"
    BURSTS = "bursts"
    DELIVERIES = "deliveries"


class SealedCursors:
    """Seals a place into one block together with whose place it is, and opens it again."""

    def __init__(self, database: Database, feed: Feed) -> None:
        key = bytes.fromhex(fact(database, _KEY, secrets.token_hex(_KEY_BYTES)))
        store = fact(database, STORE, new_store())
        # One block under a key of our own, and never two meanings of one text: no mode could add anything.
        self._cipher = Cipher(AES(key), ECB())  # noqa: S305 - see above
        self._whose = blake2b(f"{feed} of {store}".encode(), digest_size=_HALF_BYTES).digest()

    def seal(self, seq: int) -> str:
        """Return the cursor of the place after one that has this number."""
        return self._cipher.encryptor().update(seq.to_bytes(_HALF_BYTES) + self._whose).hex()

    def open(self, cursor: str) -> int:
        """Return the place that a cursor names; raises StaleCursor for one that this store did not give."""
        try:
            block = bytes.fromhex(cursor)
        except ValueError:
            block = b""
        opened = self._cipher.decryptor().update(block) if len(block) == 2 * _HALF_BYTES else b""
        if opened[_HALF_BYTES:] != self._whose:
            raise StaleCursor("this cursor is of another store, or from before it was restored")
        return int.from_bytes(opened[:_HALF_BYTES])
