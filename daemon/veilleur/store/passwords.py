"""People's passwords as argon2id hashes (RFC 9106), checked one at a time: a flood of guesses costs no memory."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's second choice (19 MiB, two passes): it fits beside a daemon on a small computer.
_hasher: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_one_at_a_time: Final = Lock()


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    with _one_at_a_time:
        return _hasher.hash(password.encode("utf-8", "surrogatepass"))


def is_password(kept: str | None, password: str) -> bool:
    """Return whether this is the password; takes as long where there is none to compare with."""
    compared = kept or _nobodys()
    with _one_at_a_time:
        try:
            _hasher.verify(compared, password.encode("utf-8", "surrogatepass"))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


@cache
def _nobodys() -> str:
    return hash_password("")
