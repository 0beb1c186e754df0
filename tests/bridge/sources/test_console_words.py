"""Words that a Windows console misread are read back, and words that it did not are left alone."""

from __future__ import annotations

import pytest

from veilleur_bridge.sources.console_words import repair_console_words

WORDS = ["été à Zürich", "l’été d’Émile", "½ tarif", "22° à Besançon", "C’est 😀", "مرحبا", "Γειά σου"]


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("code_page", ["cp437", "cp850"])
def test_misread_words_are_read_back(words: str, code_page: str) -> None:
    assert repair_console_words(words.encode().decode(code_page)) == words


@pytest.mark.parametrize("words", [*WORDS, "Íñigo", "Straße", "plain", "監視通知", "Привет", "│ menu │", "├── 1", "Ôç"])
def test_words_as_they_were_meant_are_left_alone(words: str) -> None:
    assert repair_console_words(words) == words
