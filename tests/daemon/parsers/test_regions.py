"""The country of a phone number, and none where the number is of none."""

from __future__ import annotations

import pytest

from veilleur.parsers.regions import region_of


@pytest.mark.parametrize(
    ("phone", "region"),
    [("+33612345678", "FR"), ("+12125550123", "US"), ("+447400123456", "GB"), ("+212612345678", "MA")],
)
def test_a_number_tells_its_country(phone: str, region: str) -> None:
    assert region_of(phone) == region


@pytest.mark.parametrize("phone", ["", "+", "+1", "0612345678", "+80012345678", "+999123456789", "nobody"])
def test_what_is_no_number_of_a_country_tells_none(phone: str) -> None:
    assert region_of(phone) is None
