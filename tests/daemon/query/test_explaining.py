"""What a query means is said in words, in both languages, for everything that a query can hold."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from docs.generate import REFERENCE
from veilleur.query.explaining import LANGUAGES, explain, language_of_locale
from veilleur.query.expression import NumberField, Part, State, ValueField
from veilleur.query.fields import FIELDS
from veilleur.query.reading import read_query

NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")

MEANT = {
    "": ("every mention", "toutes les mentions"),
    "#ratp (grève OR retard)": (
        "the hashtag #ratp, and (the word “grève” or the word “retard”)",
        "le hashtag #ratp, et (le mot « grève » ou le mot « retard »)",
    ),
    "NOT grèv*": ("not (a word that begins with “grèv”)", "sans (un mot qui commence par « grèv »)"),
    '"ligne 13" OR @nom lang:fr': (
        "the words “ligne 13”, one after another or (the handle @nom, and in the language fr)",
        "les mots « ligne 13 » à la suite ou (l’identifiant @nom, et dans la langue fr)",
    ),
    "coeur": ("the word “coeur” or the word “cœur”", "le mot « coeur » ou le mot « cœur »"),
    "«\xa0ligne 13\xa0»": (
        "the words “ligne 13”, one after another",
        "les mots « ligne 13 » à la suite",
    ),
    "kind:comment,reply": ("of the kind comment or reply", "du genre comment ou reply"),
    "from:@nom": ("from the account @nom", "du compte @nom"),
    "from:+33612345678": ("from the number +33612345678", "du numéro +33612345678"),
    "from:nadia": ("from somebody whose name holds “nadia”", "d’un compte dont le nom contient « nadia »"),
    "from:nad*": ("from somebody whose name holds “nad…”", "d’un compte dont le nom contient « nad… »"),
    "in:vip": (
        "in a conversation whose title holds “vip”",
        "dans une conversation dont le titre contient « vip »",
    ),
    "count:5..50": ("stating a number: from 5 to 50", "qui annonce un nombre : de 5 à 50"),
    "others:>=2": ("naming at least 2 other people", "qui compte au moins 2 autres personnes"),
    "since:24h": ("since 2026-11-11 10:30", "depuis le 2026-11-11 10:30"),
    "until:today": ("before 2026-11-13 00:00", "avant le 2026-11-13 00:00"),
}


@pytest.mark.parametrize("text", MEANT)
def test_a_query_is_said_in_words(text: str) -> None:
    query = read_query(text, now=NOW, zone=PARIS)
    assert tuple(explain(query, language=language, zone=PARIS) for language in LANGUAGES) == MEANT[text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_have_a_phrase_for_everything(language: str) -> None:
    phrases: dict[str, Any] = tomllib.loads(
        (files("veilleur.query") / "phrases" / f"{language}.toml").read_text("utf-8")
    )
    assert set(phrases["fields"]) == set(ValueField)
    assert set(phrases["has"]) == set(Part)
    assert set(phrases["is"]) == set(State)
    assert set(NumberField) < set(phrases)


def test_a_locale_is_the_first_that_is_set() -> None:
    assert language_of_locale({"LANG": "fr_FR.UTF-8"}) == "fr"
    assert language_of_locale({"LC_ALL": "C", "LANG": "fr_FR.UTF-8"}) == "en"
    assert language_of_locale({}) == "en"


def test_the_reference_names_every_field() -> None:
    page = (REFERENCE / "query-language.md").read_text("utf-8")
    assert [name for name in FIELDS if f"`{name}:" not in page] == []
