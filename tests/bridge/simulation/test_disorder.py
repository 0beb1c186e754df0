"""A simulated tablet's errors: what is sent twice or in disorder, and what a person may write for it."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from veilleur_bridge.command.written_values import clock_errors, rate, share, speed, whole_number
from veilleur_bridge.simulation.disorder import Disorder, ErringClock
from veilleur_bridge.spool.contents import SpoolItem, SpoolRecord

RECORDS: list[SpoolItem] = [SpoolRecord(seq, b"") for seq in range(1, 101)]


def test_in_disorder_every_record_is_sent_and_the_earlier_half_in_its_order() -> None:
    """Seen to catch a shuffle of all of them: the drainer began anew after each few, and 3,000 never came to an end."""
    sent = Disorder(reorders=True).applied(RECORDS)

    assert sent[:50] == RECORDS[:50]
    assert sent != RECORDS
    assert sorted(item.seq for item in sent) == [item.seq for item in RECORDS]


def test_a_share_is_sent_twice_and_none_is_left_out() -> None:
    sent = Counter(item.seq for item in Disorder(duplicates=0.2).applied(RECORDS))

    assert set(sent) == {item.seq for item in RECORDS}
    assert 5 < sum(times == 2 for times in sent.values()) < 40


def test_a_clock_errs_by_what_it_is_told() -> None:
    clock = ErringClock(now=lambda: datetime(2026, 11, 22, tzinfo=UTC))
    clock.ahead = timedelta(days=-1)

    assert clock() == datetime(2026, 11, 21, tzinfo=UTC)


def test_values_are_read_as_people_write_them() -> None:
    assert (speed("60x"), rate("100/s"), rate("max"), share("2%"), whole_number("7")) == (60, 100, None, 0.02, 7)
    assert clock_errors("+1d,-90m") == (timedelta(days=1), timedelta(minutes=-90))
    assert datetime.now(UTC) + clock_errors("1970")[0] < datetime(1970, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("read", "written"),
    [
        (speed, "0x"),
        (speed, "fast"),
        (rate, "10/m"),
        (share, "200%"),
        (share, "2"),
        (whole_number, "0"),
        (whole_number, "-1"),
        (clock_errors, "1d"),
        (clock_errors, "+1w"),
    ],
)
def test_what_means_nothing_is_refused_and_repeated(read: Callable[[str], object], written: str) -> None:
    with pytest.raises(ArgumentTypeError):
        read(written)
