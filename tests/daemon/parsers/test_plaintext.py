"""Plain forms match whatever marks stand between; what was shown comes back as it was."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veilleur.parsers.plaintext import LONGEST_WORDING, as_shown, clean_name, make_plain

CHARACTERS = "ab é’\u00a0\u202f\u200e\u2068\u2069\u0301\u0327\u09c7\u09be가각\U0001f525\u1100\u1161"
TEXTS = st.text(CHARACTERS, max_size=24) | st.text(max_size=24)


@pytest.mark.parametrize(
    ("shown", "plain"),
    [
        ("  hi ", "hi"),
        ("l’été\u00a0: 1\u202f240", "l'été : 1 240"),
        ("\u200e\u2068Nadia\u2069 \u202b", "Nadia"),
        ("e\u0301te\u0301", "été"),
        ("e\u200e\u0301", "é"),
    ],
)
def test_a_plain_text_has_no_marks_and_one_form(shown: str, plain: str) -> None:
    assert make_plain(shown).text == plain


@given(TEXTS, TEXTS, TEXTS)
def test_the_words_between_two_fixed_ones_come_back_as_they_were_shown(before: str, words: str, after: str) -> None:
    shown = f"{before}<x> {words} <y>{after}"
    plain = make_plain(shown)
    start, end = plain.data.index(b"<x>") + 3, plain.data.rindex(b"<y>")
    (back,) = as_shown(plain, [(start, end)])
    assert (back or "") == shown[shown.index("<x>") + 3 : shown.rindex("<y>")].strip()


def test_a_letter_and_its_accent_on_two_sides_of_a_mark_are_one_letter() -> None:
    plain = make_plain("e\u200e\u0301: \u2068words\u2069")
    assert plain.text == "é: words"
    assert as_shown(plain, [(4, len(plain.data))]) == ["\u2068words\u2069"]


@pytest.mark.parametrize("syllable", ["\u1100\u2068\u1161", "\u1100\u2068\u1161\u200e\u11a8", "\uac00\u2068\u11a8"])
def test_the_letters_of_a_korean_syllable_on_two_sides_of_a_mark_are_one_syllable(syllable: str) -> None:
    """Broken line: `_CLUSTER` without marks between letters; it reported `: wor` where `words` stand."""
    plain = make_plain(f"{syllable}: words.")
    start = plain.data.index(b"words")
    assert as_shown(plain, [(start, start + 5)]) == ["words"]


@given(TEXTS)
def test_making_plain_twice_changes_nothing(shown: str) -> None:
    once = make_plain(shown).text
    assert make_plain(once).text == once
    assert unicodedata.is_normalized("NFC", once)


def test_a_text_longer_than_android_lets_through_is_no_wording() -> None:
    assert make_plain("x" * LONGEST_WORDING).text
    assert make_plain("x" * (LONGEST_WORDING + 1)).text == ""


def test_a_name_keeps_joiners_emoji_and_case() -> None:
    assert clean_name(" \u2068👨\u200d🍳\u00a0Luc\u2069 ") == "👨\u200d🍳 Luc"
