"""What is suggested at a caret: fields, values of a field, hashtags; and how a click narrows a query."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from veilleur.dashboard.completion import complete
from veilleur.dashboard.narrowing import is_narrowed, toggled


def known(field: str) -> Iterable[str]:
    return {"#": ("pouletrose", "Vaubrume"), "platform": ("tiktok", "whatsapp"), "device": ("salle-1",)}.get(field, ())


@pytest.mark.parametrize(
    ("text", "at", "inserted"),
    [
        ("ki", 2, "kind:"),
        ("-ki", 3, "kind:"),
        ("(été KI", 7, "kind:"),
        ("kind:com", 8, "kind:comment "),
        ("kind:like,com", 13, "kind:like,comment "),
        ("#pou", 4, "#pouletrose "),
        ("#vau été", 4, "#Vaubrume "),
        ("platform:t", 10, "platform:tiktok "),
        ("since:", 6, "since:today "),
        ("is:del", 6, "is:deleted "),
    ],
)
def test_the_word_at_the_caret_is_completed(text: str, at: int, inserted: str) -> None:
    first = complete(text, at, known)[0]

    assert first.insert == inserted
    assert text[first.start : first.end] in inserted or first.insert.lower().startswith(text[first.start : at].lower())


def test_what_stands_around_the_word_stays() -> None:
    first = complete("a kind:co b", 9, known)[0]

    assert "a kind:co b"[: first.start] + first.insert + "a kind:co b"[first.end :] == "a kind:comment  b"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("“", ""),
        ("„", ""),
        ("«", ""),
        ("＂", ""),
        ("「", ""),
        ("『", ""),
        ("“a ", "”"),
        ("« a ", " »"),
        ("»a ", "«"),
        ("‘a ", "’"),
        ("‚a ", "‘"),
        ("「a ", "」"),
        ("from:“a ", ""),
        ("“a” 「", " b"),
    ],
)
def test_nothing_is_suggested_within_a_phrase_however_it_is_quoted(before: str, after: str) -> None:
    """Broken line: straight marks counted alone; it reported `kind:` where a word stands behind a space."""
    assert complete(f"{before}ki{after}", len(before) + 2, known) == []


@pytest.mark.parametrize(
    "before", ["“a” ", "« a » ", "»a« ", "‘a b’ ", "‘Ali ", "rock ’n’ roll ", "「a」 ", '“a"b” ', "a” "]
)
def test_behind_a_phrase_and_an_apostrophe_words_are_completed(before: str) -> None:
    """As queries are read. Broken line: what is closed told open; it reported five phrases."""
    first = complete(f"{before}ki", len(before) + 2, known)[0]

    assert (first.start, first.end, first.insert) == (len(before), len(before) + 2, "kind:")


@pytest.mark.parametrize(("text", "at"), [('"kind:', 6), ("nonsense:x", 10), ("#zzz", 4), ("xyz", 99)])
def test_nothing_is_suggested_where_nothing_fits(text: str, at: int) -> None:
    assert complete(text, at, known) == []


def test_an_empty_field_suggests_fields() -> None:
    assert [one.insert for one in complete("", 0, known)][:2] == ["platform:", "kind:"]


@pytest.mark.parametrize(
    ("text", "term", "narrowed"),
    [
        ("", "kind:like", "kind:like"),
        ("été", "kind:like", "été kind:like"),
        ("a OR b", "kind:like", "(a OR b) kind:like"),
        ("été kind:like", "kind:like", "été"),
    ],
)
def test_a_click_adds_a_value_or_takes_it_out(text: str, term: str, narrowed: str) -> None:
    assert toggled(text, term) == narrowed
    assert is_narrowed(text, term) is (term in text)
