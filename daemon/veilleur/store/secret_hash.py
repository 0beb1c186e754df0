"""How secrets of our own making are kept: as a SHA-256, since a slow hash adds nothing to so many random bits."""

from __future__ import annotations

from hashlib import sha256


def secret_hash(secret: str) -> bytes:
    """Return what is stored of a secret, and sought when somebody shows one."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
