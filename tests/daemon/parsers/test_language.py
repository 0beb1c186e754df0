"""The language of a text: told for short ones, and left out where it would be a guess."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veilleur.parsers.language import language_of

TOLD = {
    "Bonjour, à quelle heure ouvrez-vous ?": "fr",
    "Is the terrace open tonight?": "en",
    "Te mandé 2 mensajes a las 10 por el chat": "es",
    "Haben Sie heute noch einen Tisch frei?": "de",
    "Avete ancora un tavolo per stasera?": "it",
    "2 mesaj attım, bakar mısın?": "tr",
    "Здравствуйте, вы сегодня открыты?": "ru",
    "Добрий день, ви сьогодні працюєте?": "uk",
    "مرحبا هل أنتم مفتوحون اليوم": "ar",
    "क्या आज रात के लिए कोई टेबल मिलेगी": "hi",
    "คืนนี้มีโต๊ะว่างไหมคะ": "th",
    "今夜は空いている席がありますか": "ja",
    "오늘 저녁에 자리가 있나요 알려 주세요": "ko",
    "TRÈS BON ACCUEIL MERCI À TOUS": "fr",
}


@pytest.mark.parametrize("text", TOLD)
def test_a_short_sentence_tells_its_language(text: str) -> None:
    assert language_of(text) == TOLD[text]


@pytest.mark.parametrize(
    "text",
    [None, "", "Merci !", "ok super 🙏🏽🙏🏽🙏🏽", "12345678901234567890", "asdkjh qwlekj zxcmnb", "🔥" * 40],
)
def test_what_is_too_short_or_no_language_is_left_out(text: str | None) -> None:
    assert language_of(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "#restaurant #lyon #terrasse top",
        "@la.bonne.table @chez.nadia wow",
        "https://example.org/bonjour-tout-le-monde yes",
    ],
)
def test_hashtags_handles_and_links_are_no_words(text: str) -> None:
    assert language_of(text) is None


def test_lines_do_not_stop_the_reading() -> None:
    assert language_of("Bonjour à vous,\n\nà quelle heure\rouvrez-vous ?") == "fr"


@given(st.text(max_size=600))
def test_any_text_has_a_language_of_letters_or_none(text: str) -> None:
    told = language_of(text)

    assert told is None or (told.isalpha() and told.islower())
    assert told == language_of(text)


def test_half_a_surrogate_pair_stops_nothing() -> None:
    assert language_of("Bonjour tout le monde \ud83d") in {"fr", None}
