"""Whose rows a reader may see: every read of the store takes a Scope."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from msgspec import Struct

DEFAULT_PROJECT: Final = "default"


class TokenScope(StrEnum):
    """What a bearer token allows."""

    READ_MENTIONS = "read:mentions"
    READ_PRIVATE = "read:private"
    WRITE_CASES = "write:cases"
    ADMIN = "admin"
    DEVICE = "device"


class Scope(Struct, frozen=True):
    """A reader's project, and whether rows of visibility `private` and `group` exist for it."""

    project: str = DEFAULT_PROJECT
    may_read_private: bool = False
