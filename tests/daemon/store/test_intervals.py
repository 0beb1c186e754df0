"""Received seqs: the watermark and the spans above it."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from veilleur.store.intervals import Received

SPANS = st.lists(st.tuples(st.integers(1, 60), st.integers(0, 8)).map(lambda span: (span[0], span[0] + span[1])))


@given(SPANS, st.integers(1, 70), st.integers(0, 20))
def test_what_is_missing_of_a_span_is_exactly_what_was_not_added(
    spans: list[tuple[int, int]], first: int, more: int
) -> None:
    received = Received(0, spans)
    missing = received.missing(first, first + more)

    listed = [seq for start, end in missing for seq in range(start, end + 1)]
    assert listed == [seq for seq in range(first, first + more + 1) if seq not in received]
    assert all(end + 1 < start for (_, end), (start, _) in pairwise(missing))
    assert received.highest == max((last for _, last in spans), default=0)


@given(SPANS)
def test_spans_hold_exactly_what_was_added(spans: list[tuple[int, int]]) -> None:
    received, model = Received(), set[int]()
    for first, last in spans:
        received.add(first, last)
        model.update(range(first, last + 1))
    assert {seq for seq in range(1, 80) if seq in received} == model
    assert received.watermark == next(seq for seq in range(80) if seq + 1 not in model)
    again = Received(received.watermark, received.spans)
    assert (again.watermark, again.spans) == (received.watermark, received.spans)
    assert all(end + 1 < start for (_, end), (start, _) in zip(received.spans, received.spans[1:], strict=False))
