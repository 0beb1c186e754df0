"""What a busy moment took of the heap goes back to the system, seldom enough to cost nothing."""

from __future__ import annotations

import psutil

from veilleur.app.one_heap import FreedMemory

_PIECE_BYTES = 8_000
_PIECES = 8_000
_MOST_KEPT_BYTES = 40 * 1024 * 1024


class Watch:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        """Return what it shows."""
        return self.now_s


def grown_bytes(before: int) -> int:
    return psutil.Process().memory_info().rss - before


def test_free_pages_between_kept_ones_are_given_back_once_a_second() -> None:
    """64 MB are taken and all but a sixteenth freed: glibc gives back by itself what lies behind the last kept alone.

    Broken lines: the trimming left out (reported 64,471,040 bytes still held); the pause left out (6,049,792 were
    held before the second was over).
    """
    watch = Watch()
    freed = FreedMemory(watch)
    # What earlier tests left free would be taken again, and nothing grow: it goes back first.
    watch.now_s += 1.0
    freed.give_back()
    before = psutil.Process().memory_info().rss
    kept = [bytes(_PIECE_BYTES) for _ in range(_PIECES)][::16]
    freed.give_back()
    at_once = grown_bytes(before)
    watch.now_s += 1.0
    freed.give_back()
    later = grown_bytes(before)

    assert kept
    assert at_once > _MOST_KEPT_BYTES
    assert later < _MOST_KEPT_BYTES
