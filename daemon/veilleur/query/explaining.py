"""Says in words what a query means, in English or French; the wordings are in `phrases/`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from functools import cache, reduce
from importlib.resources import files
from typing import Any, Final

from veilleur.query.expression import (
    AllOf,
    AnyOf,
    Between,
    Expression,
    Has,
    Is,
    Not,
    OneOf,
    Query,
    Since,
    TextColumn,
    Until,
    Words,
)

LANGUAGES: Final = ("en", "fr")


def explain(query: Query, *, language: str = "en", zone: tzinfo = UTC) -> str:
    """Return what the query asks for as one phrase, times in `zone`; a language without phrases is told in English."""
    phrases = _phrases(language if language in LANGUAGES else LANGUAGES[0])
    if query.expression is None:
        return str(phrases["everything"])
    return _Explainer(phrases, zone).told(query.expression)


def language_of_locale(environment: Mapping[str, str]) -> str:
    """Return the language that the environment of a process asks for."""
    asked = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "fr" if asked.lower().startswith("fr") else "en"


class _Explainer:
    def __init__(self, phrases: dict[str, Any], zone: tzinfo) -> None:
        self._phrases = phrases
        self._zone = zone

    def told(self, expression: Expression) -> str:
        match expression:
            case AllOf(parts):
                return self._joined("and", [self._within(part, AnyOf) for part in parts])
            case AnyOf(parts):
                return self._joined("or", [self._within(part, AllOf) for part in parts])
            case Not(part):
                return self._say("not", part=self.told(part))
            case _:
                return self._term(expression)

    def _within(self, part: Expression, grouped: type[AllOf | AnyOf]) -> str:
        told = self.told(part)
        return self._say("grouped", part=told) if isinstance(part, grouped) else told

    def _term(self, term: Words | OneOf | Has | Is | Between | Since | Until) -> str:
        match term:
            case Words():
                told = self._say(_form(term), text=_shown(term))
            case OneOf(field, values):
                told = str(self._phrases["fields"][field]).format(values=self._joined("list", values))
            case Has(part):
                told = str(self._phrases["has"][part])
            case Is(state):
                told = str(self._phrases["is"][state])
            case Between():
                told = self._say(term.field, range=self._range(term))
            case Since(at):
                told = self._say("since", at=self._time(at))
            case Until(before):
                told = self._say("until", at=self._time(before))
        return told

    def _range(self, term: Between) -> str:
        least, most = (None if bound is None else f"{bound:g}" for bound in (term.least, term.most))
        if least == most:
            return self._say("exactly", least=least)
        form = "between" if least and most else "least" if least else "most"
        return self._say(form, least=least, most=most)

    def _time(self, at: datetime) -> str:
        return f"{at.astimezone(self._zone):%Y-%m-%d %H:%M}"

    def _joined(self, form: str, parts: Sequence[str]) -> str:
        return reduce(lambda one, other: self._say(form, one=one, other=other), parts)

    def _say(self, form: str, **values: str | None) -> str:
        return str(self._phrases[form]).format(**values)


def _shown(words: Words) -> str:
    """Return what was written; how a name or title begins ends with an ellipsis."""
    return words.written + "…" if words.is_prefix and words.column is not TextColumn.WORDS else words.written


def _form(words: Words) -> str:
    if words.column is TextColumn.PLACES:
        return "place"
    if words.column is TextColumn.NAMES:
        return {"@": "actor_handle", "+": "phone"}.get(words.tokens[0][0], "name")
    if words.is_prefix:
        return "prefix"
    if len(words.tokens) > 1:
        return "phrase"
    return {"#": "hashtag", "@": "handle"}.get(words.tokens[0][0], "word")


@cache
def _phrases(language: str) -> dict[str, Any]:
    return tomllib.loads((files("veilleur.query") / "phrases" / f"{language}.toml").read_text("utf-8"))
