"""Addresses without their passwords."""

from __future__ import annotations

import re
from typing import Final

_PASSWORD: Final = re.compile(r"(?<=://)([^:/?#]*):.*@")
_SECRET_PARAMETER: Final = re.compile(r"([?&][^=&]*(?:password|passwd|secret|token|key)[^=&]*=)[^&]*", re.IGNORECASE)


def masked(value: str) -> str:
    """Return an address with `***` for its password, and for what its parameters keep secret."""
    return _SECRET_PARAMETER.sub(r"\1***", _PASSWORD.sub(r"\1:***@", value))
