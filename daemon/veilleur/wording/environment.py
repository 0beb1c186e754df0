"""Templates in a reader's language: their texts from the catalogue, and whatever they are given escaped."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from gettext import NullTranslations
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from veilleur.wording.languages import Language, load_texts
from veilleur.wording.words import worded

_PLAIN_TEXT: Final = ".txt"


def translated_environment(package: str, language: Language) -> Environment:
    """Return the templates of a package in one language; all but plain texts escape."""
    environment = Environment(
        loader=PackageLoader(package),
        autoescape=lambda name: name is None or not name.endswith(_PLAIN_TEXT),  # noqa: S701 - a plain text has no marks
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    texts = load_texts(language)
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(texts.gettext, texts.ngettext, newstyle=True)  # type: ignore[attr-defined]  # known when it runs
    environment.filters["worded"] = partial(translated, texts, worded)
    return environment


def translated(texts: NullTranslations, told: Callable[[Any], str], word: object) -> str:
    """Return how people are told a word, in the language of these texts."""
    return texts.gettext(told(word))
