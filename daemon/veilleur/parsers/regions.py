"""The country of a phone number."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import phonenumbers

_REMEMBERED_PHONES: Final = 4_096


@lru_cache(_REMEMBERED_PHONES)
def region_of(phone: str) -> str | None:
    """Return the two letters of a number's country, None for one of no country or no such number."""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return None
    region = phonenumbers.region_code_for_number(number)
    return region if region and region.isalpha() else None
