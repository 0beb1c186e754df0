"""The one tokeniser: what is folded away, where text is cut, and what stays whole, script by script."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veilleur.query.tokens import MAX_INDEXED_TOKENS, fold, tokens, words_text

CUTS = {
    "French elision": ("L'été d’Aurélie aujourd'hui", ["l", "ete", "d", "aurelie", "aujourd", "hui"]),
    "Latin accents and ligatures": ("ÉPICÉ Straße ﬁn Ångström İzmir", ["epice", "strasse", "fin", "angstrom", "izmir"]),
    "Greek accents and final sigma": ("ΆΛΦΑ ὀδός", ["αλφα", "οδοσ"]),
    "Cyrillic accents": ("Ёлка й МОСКВА", ["елка", "и", "москва"]),
    "Arabic vowel marks and tatweel": ("سَلَامٌ ســلام", ["سلام", "سلام"]),
    "Arabic letters with hamza": ("أحمد آمال", ["احمد", "امال"]),
    "Hindi vowels are no accents": ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
    "Tamil vowels are no accents": ("வணக்கம்", ["வணக்கம்"]),
    "Thai pairs": ("สวัสดี", ["สว", "วั", "ัส", "สด", "ดี", "ี"]),
    "Han pairs": ("東京都", ["東京", "京都", "都"]),
    "a single Han": ("水 water", ["水", "water"]),
    "kana keep their voice marks": ("がぎ か", ["がぎ", "ぎ", "か"]),
    "half-width kana are kana": ("ﾃﾚﾋﾞ", ["テレ", "レビ", "ビ"]),
    "Han beside digits and Latin": ("東京2020年abc", ["東京", "京", "2020", "年", "abc"]),
    "Hangul has words": ("한국어 소식", ["한국어", "소식"]),
    "a tag is whole": ("#Été_2026 #東京都 ＃Resto", ["#ete_2026", "#東京都", "#resto"]),
    "a handle is whole, without the full stop after it": ("@Nadia.B. ＠léa", ["@nadia.b", "@lea"]),
    "tags in a row": ("#a#b", ["#a", "#b"]),
    "full-width forms": ("ＡＢＣ１２", ["abc12"]),
    "invisible marks": ("pla\u200bin\u00adte \u202egauche\u202c a\u061cb w\u2060x", ["plainte", "gauche", "ab", "wx"]),
    "signs alone are nothing": ("# @ … !? 👍🏽 🇫🇷 ❤\ufe0f", []),
    "a keycap is its digit": ("1\ufe0f\u20e3 2\u20e3", ["1", "2"]),
    "a mark without a letter is nothing": ("\u0301 \u093f \ufe0f", []),
}


@pytest.mark.parametrize(("text", "expected"), CUTS.values(), ids=CUTS.keys())
def test_text_is_cut_as_the_design_says(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_every_mark_of_unicode_belongs_to_the_tag_that_it_stands_in() -> None:
    """Seen to catch a pattern whose marks are sought in the first plane alone."""
    marks = (chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code))[0] == "M")
    assert [mark for mark in marks if len(tokens(f"#क{mark}र")) != 1] == []


def test_only_the_first_tokens_are_words_text_over_all_texts() -> None:
    long = " ".join(f"w{number}" for number in range(MAX_INDEXED_TOKENS - 1))
    assert words_text(long, "last beyond").split(" ")[-2:] == [f"w{MAX_INDEXED_TOKENS - 2}", "last"]
    assert words_text(None, "") == ""


def test_an_endless_word_is_cut_the_same_for_index_and_query() -> None:
    """PostgreSQL's indexes take no entry of more than 2,704 bytes: a long word would stop every batch it is in."""
    word = "x" * 5_000
    [token] = tokens(word)
    assert words_text(word, None) == token
    for endless in (word, "é" * 5_000, "字" * 5_000, "#" + "字" * 5_000, "@" + "ж" * 5_000, "\U00020000" * 5_000):
        assert max(len(token.encode()) for token in tokens(endless)) <= 1_100


@given(st.text())
def test_folding_and_cutting_again_changes_nothing(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert tokens(folded) == tokens(text)


@given(st.text())
def test_tokens_are_safe_between_spaces_and_in_quotes(text: str) -> None:
    found = tokens(text)
    assert all(found)
    assert not set(' "\0').intersection("".join(found))
    assert words_text(text, None).split(" ") == found or not found
