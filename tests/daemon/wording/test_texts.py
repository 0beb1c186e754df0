"""Every text of pages and reports translated, French as French is set, and the words of the glossary (DESIGN §8)."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.architecture.source_file import PROJECT

DAEMON = PROJECT / "daemon" / "veilleur"
SPOKEN = ("alerts", "dashboard", "delivery", "exports", "model", "reports", "wording")
KEYWORDS: dict[str, Any] = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
GLOSSARY = {
    "mention (@)": "citation (@)",
    "notifications that nobody understood": "des notifications non comprises",
    "tonality": "tonalité",
    "An app changed its wording": "Libellé changé",
    "the device that saw it": "l’appareil",
    "Nothing is known to be missing in this span.": "angle mort",
    "Not seen in this span: about %(length)s, for one reason": "Angles morts",
}
FORBIDDEN = ("couverture", "notif ", "auteur", "fake news")
UNBOUND = re.compile(r" [:;!?»%](?!\()|« |\w[:;!?](?=\s|$)|'")


@pytest.fixture(scope="module")
def french() -> Catalog:
    """Read the French catalogue."""
    path = DAEMON / "wording" / "locale" / "fr" / "LC_MESSAGES" / "veilleur.po"
    return read_po(BytesIO(path.read_bytes()), locale="fr", abort_invalid=True)


@pytest.fixture(scope="module")
def english() -> set[str | tuple[str, ...]]:
    """Collect every text of the templates and of the code."""
    return {
        text if isinstance(text, str) else tuple(text)
        for package in SPOKEN
        for _, _, text, _, _ in extract_from_dir(
            DAEMON / package,
            [("**.py", "python"), ("templates/**", "jinja2")],
            {"templates/**": {"trimmed": "true"}},
            keywords=KEYWORDS,
        )
    }


def test_no_text_is_untranslated_and_none_is_left_over(french: Catalog, english: set[str | tuple[str, ...]]) -> None:
    translated = {one.id if isinstance(one.id, str) else tuple(one.id) for one in french if one.id and all(told(one))}

    assert english - translated == set()
    assert translated - english == set()
    assert not any(one.fuzzy for one in french if one.id)


def test_a_translation_holds_the_same_values(french: Catalog) -> None:
    wrong = [one.id for one in french if one.id and one.check(french)]

    assert wrong == []


def test_french_keeps_its_punctuation_with_the_word_before_it(french: Catalog) -> None:
    wrong = [text for one in french if one.id for text in told(one) if UNBOUND.search(text)]

    assert wrong == []


@pytest.mark.parametrize("text", ["prêt : oui", "prêt: oui", "« oui", "vraiment ?", "l'appareil"])
def test_a_french_text_set_in_the_english_way_would_be_found(text: str) -> None:
    assert UNBOUND.search(text)


def test_the_words_of_the_glossary_are_the_fixed_ones(french: Catalog) -> None:
    for message, word in GLOSSARY.items():
        translated = french.get(message)
        assert translated is not None, message
        assert word in str(translated.string)
    every = " ".join(text for one in french if one.id for text in told(one)).lower()
    assert [word for word in FORBIDDEN if word in every] == []


def told(message: Any) -> tuple[str, ...]:
    """Return a message's translations, one or one for each plural."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)
