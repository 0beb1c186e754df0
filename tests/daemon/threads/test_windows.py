"""Windows of lines, one after another: exactly the messages that are new in each."""

from __future__ import annotations

import pytest

from veilleur.model.identity import UndatedSlot
from veilleur.model.kinds import MentionKind, Visibility
from veilleur.model.outcome import Draft, UndatedLine, UndatedThread
from veilleur.threads.windows import NO_MESSAGE, Step, step, window_of, words_at

DELETED = "(deleted)"


def thread(*lines: str, grows: bool = False) -> UndatedThread:
    """Return what a notification shows: `Sender: words`, or words that Ayo said; `You` makes no message."""
    return UndatedThread("chat", tuple(map(_line, lines)), grows=grows)


def _line(line: str) -> UndatedLine:
    sender, colon, words = line.partition(": ")
    slot = UndatedSlot("chat", sender if colon else "Ayo", words if colon else line)
    if slot.words == DELETED:
        return UndatedLine(slot, is_deleted=True)
    if slot.sender == "You":
        return UndatedLine(slot)
    kind, seen_by = MentionKind.DIRECT_MESSAGE, Visibility.PRIVATE
    return UndatedLine(slot, Draft(kind=kind, visibility=seen_by, identity=slot, pattern="p", confidence=1.0))


def told(*windows: UndatedThread, fresh_at: int | None = None, is_summary: bool = False) -> list[list[str]]:
    """Return the new words of each window."""
    before, news = Step(()), []
    for at, one in enumerate(windows):
        before = step(before, at, window_of(one, is_fresh=at == fresh_at, is_summary=is_summary))
        news.append([words_at(one, line) for line in before.told_at(at)])
    return news


@pytest.mark.parametrize(
    ("windows", "news"),
    [
        ([["a"], ["a", "b"], ["b", "c"]], [["a"], ["b"], ["c"]]),
        ([["ok"], ["ok", "ok"], ["ok", "ok"]], [["ok"], ["ok"], []]),
        ([["Ayo: ok"], ["Bram: ok"]], [["ok"], ["ok"]]),
        ([["a", "You: b"], ["You: b", "c"]], [["a"], ["c"]]),
        # one vanished: read elsewhere, or taken back
        ([["a", "b", "c"], ["a", "c"], ["c"]], [["a", "b", "c"], [], []]),
        ([["a", "b", "a"], ["a", "a"], ["a", "a", "a"]], [["a", "b", "a"], [], ["a"]]),
        # one vanished out of a full window, and an older one came back at its top
        ([["c", "d", "e", "f"], ["b", "c", "e", "f"]], [["c", "d", "e", "f"], []]),
        ([["a", "b"], ["x", "y"]], [["a", "b"], ["x", "y"]]),
    ],
)
def test_only_what_came_since_the_window_before_is_new(windows: list[list[str]], news: list[list[str]]) -> None:
    assert told(*(thread(*lines) for lines in windows)) == news


def test_what_stands_where_a_notification_was_removed_is_all_new() -> None:
    assert told(thread("ok"), thread("ok"), fresh_at=1) == [["ok"], ["ok"]]


@pytest.mark.parametrize(
    ("windows", "news"),
    [
        # one conversation was read: its lines go, and those of another come back above the ones that stay
        ([["a", "b", "c"], ["b", "c", "d"], ["a", "b", "d"]], [["a", "b", "c"], ["d"], []]),
        ([["a", "b"], ["c", "d"], ["a", "b", "e"]], [["a", "b"], ["c", "d"], ["e"]]),
        # what comes back was deleted meanwhile, and says nothing of what stands below it
        ([["a", "b"], [f"Ayo: {DELETED}", "a", "b"]], [["a", "b"], []]),
        ([["ok"], ["ok", "ok"], ["ok"], ["ok", "ok"]], [["ok"], ["ok"], [], []]),
    ],
)
def test_a_summary_tells_each_line_once_wherever_it_comes_back(windows: list[list[str]], news: list[list[str]]) -> None:
    """A message that it shows as deleted stays: of several messages, its line does not say which."""
    assert told(*(thread(*lines) for lines in windows), is_summary=True) == news


def test_a_summary_that_was_posted_anew_tells_everything_it_shows() -> None:
    assert told(thread("ok"), thread("ok"), fresh_at=1, is_summary=True) == [["ok"], ["ok"]]


def test_a_deletion_names_the_message_whose_place_it_took_and_is_told_once() -> None:
    first = step(Step(()), 1, window_of(thread("a", "b"), is_fresh=True))
    second = step(first, 2, window_of(thread(f"Ayo: {DELETED}", "b"), is_fresh=False))
    third = step(second, 3, window_of(thread(f"Ayo: {DELETED}", "b", "c"), is_fresh=False))
    assert (second.deleted, third.deleted) == (((1, 0),), ())
    assert third.told_at(3) == (2,)


def test_a_message_that_was_deleted_before_it_was_seen_is_none() -> None:
    deleted = step(Step(()), 1, window_of(thread(f"Ayo: {DELETED}"), is_fresh=True))
    assert deleted.told_at(1) == ()
    assert [one.line for one in deleted.held] == [NO_MESSAGE]
    assert step(deleted, 2, window_of(thread(f"Ayo: {DELETED}", "hi"), is_fresh=False)).told_at(2) == (1,)


@pytest.mark.parametrize(
    ("texts", "news"),
    [
        (["One", "One Two", "One Two Three"], [["One"], ["Two"], ["Three"]]),
        (["One", "One", "One"], [["One"], [], []]),
        (["One Two", "One", "One Three"], [["One Two"], [], ["Three"]]),
        (["One", "Onerous"], [["One"], ["Onerous"]]),
        (["One", "One two  three\nfour "], [["One"], ["two  three\nfour "]]),
    ],
)
def test_only_what_a_text_grew_by_is_new(texts: list[str], news: list[list[str]]) -> None:
    assert told(*(thread(text, grows=True) for text in texts)) == news


def test_what_is_kept_holds_no_words() -> None:
    kept = repr(step(Step(()), 1, window_of(thread("a secret", "Ayo: another"), is_fresh=True)))
    assert not any(words in kept for words in ("secret", "another", "Ayo"))


def test_a_hostile_window_costs_no_more_than_its_hundred_newest_lines() -> None:
    endless = window_of(thread(*["ok"] * 60_000), is_fresh=False)
    first = step(Step(()), 1, endless)
    assert len(first.held) == 100
    assert step(first, 2, endless).told_at(2) == ()
