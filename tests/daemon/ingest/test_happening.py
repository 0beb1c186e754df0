"""When a mention happened: the first plausible of three clocks."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from veilleur.ingest.happening import happened
from veilleur.model.kinds import TimeQuality

RECEIVED = 1_794_312_000_000
CAPTURED = RECEIVED - 5_000
MINUTE = 60_000
YEAR_2015 = int(datetime(2015, 1, 1, tzinfo=UTC).timestamp() * 1_000)


@pytest.mark.parametrize(
    ("occurred", "captured", "expected"),
    [
        (RECEIVED - 60 * MINUTE, CAPTURED, (RECEIVED - 60 * MINUTE, TimeQuality.OCCURRED)),
        (YEAR_2015, CAPTURED, (YEAR_2015, TimeQuality.OCCURRED)),
        (RECEIVED + 10 * MINUTE, CAPTURED, (RECEIVED + 10 * MINUTE, TimeQuality.OCCURRED)),
        (None, CAPTURED, (CAPTURED, TimeQuality.CAPTURED)),
        (0, CAPTURED, (CAPTURED, TimeQuality.CAPTURED)),
        (-1, CAPTURED, (CAPTURED, TimeQuality.CAPTURED)),
        (1_000, CAPTURED, (CAPTURED, TimeQuality.CAPTURED)),
        (YEAR_2015 - 1, CAPTURED, (CAPTURED, TimeQuality.CAPTURED)),
        (RECEIVED + 10 * MINUTE + 1, CAPTURED, (CAPTURED, TimeQuality.CAPTURED)),
        (2**63 - 1, CAPTURED, (CAPTURED, TimeQuality.CAPTURED)),
        (0, RECEIVED + 10 * MINUTE, (RECEIVED + 10 * MINUTE, TimeQuality.CAPTURED)),
        (0, 0, (RECEIVED, TimeQuality.RECEIVED)),
        (None, RECEIVED + 24 * 60 * MINUTE, (RECEIVED, TimeQuality.RECEIVED)),
    ],
)
def test_the_first_plausible_clock_tells(
    occurred: int | None, captured: int, expected: tuple[int, TimeQuality]
) -> None:
    assert happened(occurred, captured, RECEIVED) == expected
