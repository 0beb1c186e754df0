"""Lines posted again and again, in windows, with deletions and restarts: exactly the messages that were written."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veilleur.threads.lines import Line, Snapshot, Undated, fold, grown

WINDOW = 7
WORDS = ("ok", "cold again", "📷 Photo", "Ayo: ok")
STEPS = st.lists(
    st.tuples(
        st.integers(0, 2), st.sampled_from(["say", "say twice", "delete", "clear", "post again"]), st.integers(0, 99)
    ),
    max_size=40,
)


class Model:
    """One conversation as the app holds it: what was written, and the notification that shows the last of it."""

    def __init__(self) -> None:
        self.written: list[Line] = []
        self.shown_from = 0
        self.is_cleared = False
        self.deleted: set[int] = set()
        self.snapshots: list[Snapshot] = []

    def say(self, number: int) -> None:
        sender = ("Ayo", "Bram")[number % 2]
        # Where the window is full, equal lines cannot be told apart: no reader could.
        is_full = len(self.written) - self.shown_from >= WINDOW - 1
        self.written.append(Line(sender, f"m{len(self.written)}" if is_full else WORDS[number % len(WORDS)]))

    def post(self, seq: int) -> None:
        first = max(self.shown_from, len(self.written) - WINDOW)
        lines = [
            Line(line.sender, "This message was deleted", is_deleted=True) if first + place in self.deleted else line
            for place, line in enumerate(self.written[first:])
        ]
        if lines:
            self.snapshots.append(Snapshot(("epoch", seq), tuple(lines), self.is_cleared))
            self.is_cleared = False

    def step(self, action: str, number: int, seq: int) -> None:
        if action.startswith("say"):
            for _ in range(1 + action.endswith("twice")):
                self.say(number)
        elif action == "clear":
            self.shown_from, self.is_cleared = len(self.written), True
            return
        elif action == "delete" and len(self.written) > self.shown_from:
            first = max(self.shown_from, len(self.written) - WINDOW)
            self.deleted.add(first + number % (len(self.written) - first))
        self.post(seq)


def told(messages: tuple[Undated, ...]) -> list[tuple[str | None, str, bool]]:
    return [(one.sender, one.words, one.is_deleted) for one in messages]


@given(STEPS, st.randoms(use_true_random=False))
@settings(max_examples=400, deadline=None)
def test_any_order_of_snapshots_gives_the_messages_that_were_written(
    steps: list[tuple[int, str, int]], chance: random.Random
) -> None:
    models = [Model() for _ in range(3)]
    for seq, (which, action, number) in enumerate(steps):
        models[which].step(action, number, seq)
    for model in models:
        arrived = model.snapshots * 2  # a log is replayed, and a daemon that starts again reads all of it
        chance.shuffle(arrived)
        expected = [(line.sender, line.words, place in model.deleted) for place, line in enumerate(model.written)]
        messages = fold(arrived)
        assert told(messages) == expected
        assert len({(one.sender, one.words, one.ordinal) for one in messages}) == len(messages)


def lines(*words: str) -> tuple[Line, ...]:
    return tuple(Line("Ayo", one) for one in words)


def snapshots(*windows: tuple[Line, ...], **fields: Any) -> list[Snapshot]:
    return [Snapshot(("e", seq), window, **fields) for seq, window in enumerate(windows)]


def test_equal_words_are_as_many_messages_as_they_stood_beside_each_other() -> None:
    messages = fold(snapshots(lines("ok"), lines("ok", "ok"), lines("ok", "ok")))
    assert [(one.words, one.ordinal, one.first_at) for one in messages] == [("ok", 0, ("e", 0)), ("ok", 1, ("e", 1))]


def test_the_same_words_after_the_notification_was_removed_are_another_message() -> None:
    assert len(fold([Snapshot(("e", 1), lines("ok")), Snapshot(("e", 2), lines("ok"), is_fresh=True)])) == 2


def test_a_message_that_was_deleted_before_it_was_seen_is_none() -> None:
    deleted = (Line("Ayo", "This message was deleted", is_deleted=True),)
    assert told(fold([Snapshot(("e", 1), deleted), Snapshot(("e", 2), (*deleted, Line("Ayo", "hi")))])) == [
        ("Ayo", "hi", False)
    ]


@pytest.mark.parametrize(
    ("before", "now", "new"),
    [
        (None, "One", "One"),
        ("One", "One Two", "Two"),
        ("One", "One", None),
        ("One Two", "Three", "Three"),
        (None, " ", None),
    ],
)
def test_only_what_a_text_grew_by_is_new(before: str | None, now: str, new: str | None) -> None:
    assert grown(before, now) == new
