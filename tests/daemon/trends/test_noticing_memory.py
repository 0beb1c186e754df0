"""What noticing bursts keeps in memory of a long backlog, in which every mention says a word that no other does."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from msgspec.structs import replace

from tests.daemon.exports.hostile_mentions import mention
from tests.daemon.trends.background import START_MS
from veilleur.model.changes import Change
from veilleur.model.identity import MentionId
from veilleur.model.kinds import ChangeKind
from veilleur.store.instants import from_ms
from veilleur.store.opening import open_database
from veilleur.trends.noticing import Noticing

_EACH_MS = 10_000
_COUNT = 20_000
_BATCH = 500
_MOST_BYTES = 140


def test_a_word_that_comes_once_costs_little_memory(tmp_path: Path) -> None:
    """20,000 words in 56 hours: their mentions are forgotten after the longest window, and their times stand in rows.

    Broken lines: the sweep left out of `_Memory.take`; an array for each key; they reported 426 and 292 bytes
    a word.
    """
    with closing(open_database(f"sqlite:///{tmp_path / 'veilleur.db'}")) as database:
        held = _held_after_all(Noticing(database, lambda: from_ms(START_MS)))

    assert held / _COUNT < _MOST_BYTES, f"{held / _COUNT:.0f} bytes a word"


def _held_after_all(noticing: Noticing) -> int:
    """Return the bytes that it holds after all but the first batch, before which it has read its past."""
    changes = _batches()
    noticing.judge(next(changes))
    gc.collect()
    tracemalloc.start()
    try:
        for batch in changes:
            noticing.judge(batch)
        gc.collect()
        return tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()


def _batches() -> Iterator[list[Change]]:
    for start in range(0, _COUNT, _BATCH):
        yield [_change(number) for number in range(start, start + _BATCH)]


def _change(number: int) -> Change:
    at = from_ms(START_MS + number * _EACH_MS)
    said = replace(mention(number, f"word{number}"), happened_at=at, conversation=None)
    return Change(
        op=ChangeKind.CREATED,
        mention_id=MentionId(f"{number:032x}"),
        project="default",
        is_replayed=False,
        mention=said,
    )
