"""A summary's line is a message only while no child of the whole log shows its words."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from veilleur.threads.summaries import Summary, orphans

SAID = st.lists(
    st.tuples(st.sampled_from(["Ayo", "Clients: Bo"]), st.sampled_from(["ok", "on my way: 5 min", "hi"])), max_size=9
)


def words_of(summaries: list[Summary], child_words: set[str]) -> list[str]:
    return [one.words for one in orphans(summaries, child_words)]


def test_a_line_without_a_child_is_a_candidate_once() -> None:
    shown = [Summary(("e", 1), ("Ayo: ok",)), Summary(("e", 2), ("Ayo: ok", "Ayo: ok"))]
    assert [(one.words, one.ordinal, one.first_at) for one in orphans(shown, set())] == [
        ("Ayo: ok", 0, ("e", 1)),
        ("Ayo: ok", 1, ("e", 2)),
    ]


def test_a_child_withdraws_it_whenever_it_comes() -> None:
    shown = [Summary(("e", 1), ("Clients (Lyon): Ayo: on my way: 5 min", "hi"))]
    assert words_of(shown, {"on my way: 5 min"}) == ["hi"]
    assert words_of(shown, {"hi"}) == ["Clients (Lyon): Ayo: on my way: 5 min"]
    assert words_of(shown, {"5 minutes"}) == ["Clients (Lyon): Ayo: on my way: 5 min", "hi"]


@given(SAID, st.data())
def test_any_summaries_in_any_order_leave_what_no_child_showed(
    said: list[tuple[str, str]], data: st.DataObject
) -> None:
    has_child = [data.draw(st.booleans()) for _ in said]
    child_words = {words for (_, words), is_child in zip(said, has_child, strict=True) if is_child}
    lines = [f"{name}: {words}" for name, words in said]
    summaries = [Summary(("e", end), tuple(lines[max(0, end - 5) : end])) for end in range(1, len(lines) + 1)]
    random.Random(len(said)).shuffle(summaries)
    alone = {line for line, (_, words) in zip(lines, said, strict=True) if words not in child_words}
    assert set(words_of(summaries * 2, child_words)) == alone
