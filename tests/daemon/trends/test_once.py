"""When keys came that came once: known again by a part of their hash, none taken for another."""

from __future__ import annotations

from veilleur.model.trends import TrendKey, TrendKind
from veilleur.trends.once import Once


def test_each_of_many_keys_is_found_with_its_own_time_and_no_other_is() -> None:
    """50,000 words, some 200 on each shelf.

    Broken line: the time looked up at the mark's byte, not at its number; words of a shelf got others' times.
    """
    once = Once()
    for number in range(50_000):
        once.keep(TrendKey(TrendKind.WORD, f"word{number}"), number)

    assert all(once.time_of(TrendKey(TrendKind.WORD, f"word{number}")) == number for number in range(50_000))
    assert once.time_of(TrendKey(TrendKind.WORD, "word50000")) is None
    assert once.time_of(TrendKey(TrendKind.HASHTAG, "word7")) is None
