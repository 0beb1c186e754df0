"""Numbers are read as apps write them, and only those."""

from __future__ import annotations

import pytest

from veilleur.parsers.written_numbers import read_number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("7", 7),
        ("1,240", 1240),
        ("1 240", 1240),
        ("1.240", 1240),
        ("1,240,000", 1_240_000),
        ("1.2K", 1200),
        ("1,2 k", 1200),
        ("12 k", 12_000),
        ("1.24M", 1_240_000),
        ("1,5 Md", 1_500_000_000),
        ("25M+", 25_000_000),
        ("99+", 99),
        ("1.25", None),
        ("12,3456", None),
        ("3 apples", None),
        ("", None),
        ("9" * 40, None),
    ],
)
def test_a_number_is_read_as_it_is_written(written: str, number: int | None) -> None:
    assert read_number(written) == number
