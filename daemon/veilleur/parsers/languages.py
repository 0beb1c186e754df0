"""In which order the languages of an app are tried: the tablet's own, English, the others, that of no language last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from functools import lru_cache
from typing import Final

ANY_LANGUAGE: Final = "any"
FALLBACK_LANGUAGE: Final = "en"
_REMEMBERED_LOCALES: Final = 256
# Locales name a country where a catalogue names a script, and the other way round.
_SCRIPTS: Final = {
    "zh-cn": "zh-hans",
    "zh-sg": "zh-hans",
    "zh-tw": "zh-hant",
    "zh-hk": "zh-hant",
    "zh-mo": "zh-hant",
    "zh": "zh-hans",
}
_FORMER_NAMES: Final = {"in": "id", "iw": "he"}  # what Java, hence Android, still calls them


class _Nearness(IntEnum):
    """How near a catalogue's language is to the tablet's, nearest first."""

    EXACT = 0
    SAME_LANGUAGE = 1
    FALLBACK = 2
    OTHER = 3
    NONE = 4


class LanguageOrder:
    """Ranks the languages that there are catalogues for; every language has another rank."""

    def __init__(self, languages: Iterable[str]) -> None:
        self._languages = tuple(languages)
        self._default = self._ranked("")
        self._by_locale: dict[str, Mapping[str, int]] = {}

    def ranks(self, locale: str | None) -> Mapping[str, int]:
        """Return each language's place for a tablet of this locale, 0 first."""
        if not locale:
            return self._default
        tag = _normal_tag(locale)
        ranked = self._by_locale.get(tag)
        if ranked is None:
            ranked = self._ranked(tag)
            if len(self._by_locale) < _REMEMBERED_LOCALES:
                self._by_locale[tag] = ranked
        return ranked

    def _ranked(self, tag: str) -> Mapping[str, int]:
        nearest_first = sorted(self._languages, key=lambda language: (_nearness(language, tag), language))
        return {language: rank for rank, language in enumerate(nearest_first)}


def _nearness(language: str, tag: str) -> _Nearness:
    own = language.lower()
    if language == ANY_LANGUAGE:
        return _Nearness.NONE
    if own in (tag, _SCRIPTS.get(tag)):
        return _Nearness.EXACT
    if tag and own.partition("-")[0] == tag.partition("-")[0]:
        return _Nearness.SAME_LANGUAGE
    return _Nearness.FALLBACK if language == FALLBACK_LANGUAGE else _Nearness.OTHER


@lru_cache(_REMEMBERED_LOCALES)
def _normal_tag(locale: str) -> str:
    """Return `zh-hans` for `zh_Hans_CN`, `zh-tw` for `zh-TW`, `pt-br` for `pt-BR`, `he` for `iw_IL`."""
    primary, *rest = locale.replace("_", "-").lower().split("-")
    primary = _FORMER_NAMES.get(primary, primary)
    return f"{primary}-{rest[0]}" if rest and rest[0] else primary
