"""The pages' texts: both languages whole, French as French is set, and the glossary's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from veilleur.dashboard.languages import Language, load_texts, preferred_language, written_number

_UNBOUND = re.compile(r" [:;!?»%]|« |\w[:;!?](?=\s|$)|'")


def flat(texts: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, text in texts.items():
        if isinstance(text, dict):
            yield from flat(text, f"{prefix}{name}.")
        else:
            yield prefix + name, text


def test_every_language_says_the_same_things() -> None:
    english, french = (dict(flat(load_texts(language))) for language in Language)

    assert english.keys() == french.keys()
    assert all([*english.values(), *french.values()])


def test_french_keeps_its_punctuation_with_the_word_before_it() -> None:
    wrong = {name: text for name, text in flat(load_texts(Language.FRENCH)) if _UNBOUND.search(text)}

    assert wrong == {}


@pytest.mark.parametrize("text", ["prêt : oui", "prêt: oui", "« oui", "vraiment ?", "l'appareil"])
def test_a_french_text_set_in_the_english_way_would_be_found(text: str) -> None:
    assert _UNBOUND.search(text)


@pytest.mark.parametrize(
    ("number", "english", "french"), [(0, "0", "0"), (999, "999", "999"), (1_240_000, "1,240,000", "1 240 000")]
)
def test_numbers_are_grouped_as_the_language_does(number: int, english: str, french: str) -> None:
    assert written_number(number, Language.ENGLISH) == english
    assert written_number(number, Language.FRENCH) == french.replace(" ", "\u202f")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr", Language.FRENCH),
        ("FR-ca", Language.FRENCH),
        ("fr;q=0.2, en;q=0.3", Language.ENGLISH),
        ("fr;q=0, en;q=0.1", Language.ENGLISH),
        ("fr;q=0", Language.ENGLISH),
        ("fr;q=zero", Language.ENGLISH),
        ("fr;q=-1,,;;,=", Language.ENGLISH),
        ("fr;q=nan", Language.ENGLISH),
        ("*", Language.ENGLISH),
        ("\x00, fr", Language.FRENCH),
        ("de," * 1_000 + "fr", Language.FRENCH),
    ],
)
def test_the_best_known_language_is_taken_and_nonsense_is_passed_over(header: str, language: Language) -> None:
    assert preferred_language(header) is language
