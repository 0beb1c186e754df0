"""What every page is made with: its headers, its texts, and templates that escape whatever they are given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any, Final

from babel import Locale
from jinja2 import Environment

from veilleur.dashboard.links import account_address, actor_key_address, crossing_address, hashtag_address, linked
from veilleur.dashboard.marks import flagged, hue, kind_worded, mark_class, monogram, part_name
from veilleur.dashboard.narrowing import term_of
from veilleur.dashboard.static_files import StaticFiles
from veilleur.dashboard.visitor import Visitor
from veilleur.parsers.app_names import alarm_subject_name, app_name
from veilleur.wording import languages
from veilleur.wording.alert_words import alert_title
from veilleur.wording.environment import translated, translated_environment
from veilleur.wording.languages import LANGUAGE_NAMES, Language, load_texts
from veilleur.wording.refusals import refusal_text
from veilleur.wording.retelling import retold

_SCRIPTLESS: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-src 'self'"
)
_POLICY: Final = f"{_SCRIPTLESS}; script-src 'self'; connect-src 'self'"
PAGE_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"{_POLICY}; frame-ancestors 'none'",
    # A form's Origin would be "null" under no-referrer.
    "Referrer-Policy": "same-origin",
    "Vary": "Accept-Language, Cookie",
    "X-Content-Type-Options": "nosniff",
}
FRAMING_HEADERS: Final = PAGE_HEADERS | {"Content-Security-Policy": f"{_SCRIPTLESS}; frame-ancestors 'none'"}
FRAMED_HEADERS: Final = PAGE_HEADERS | {"Content-Security-Policy": f"{_SCRIPTLESS}; frame-ancestors 'self'"}


class Templates:
    """The templates, in every language."""

    def __init__(self, statics: StaticFiles, *, version: str, program: str) -> None:
        self._environments = {language: _environment(language) for language in Language}
        self._same = {"static": statics.path, "version": version, "program": program}

    def render(self, name: str, visitor: Visitor, now: datetime, shown: Mapping[str, Any]) -> str:
        """Return a template filled in; numbers and times are written in the visitor's language and zone."""
        template = self._environments[visitor.language].get_template(name)
        zoned = partial(_written, visitor)
        return template.render(
            self._same | dict(shown),
            visitor=visitor,
            person=visitor.signed_in,
            now=now,
            languages=LANGUAGE_NAMES,
            instant=zoned(languages.written_instant),
            moment=zoned(languages.written_moment),
            hour=zoned(languages.written_hour),
            day=lambda one: languages.written_short_day(one, visitor.language),
            monday=lambda one: languages.written_monday(one, visitor.language),
            length=lambda seconds: languages.written_length(timedelta(seconds=seconds), visitor.language),
            number=lambda number: languages.written_number(number, visitor.language),
        )


def _written(visitor: Visitor, write: Any) -> Any:  # noqa: ANN401 - one of three functions of the same form
    return lambda at: write(at, visitor.language, visitor.zone)


@cache
def _environment(language: Language) -> Environment:
    environment = translated_environment("veilleur.dashboard", language)
    texts = load_texts(language)
    for name, told in (("flagged", flagged), ("kind_worded", kind_worded), ("part_name", part_name)):
        environment.filters[name] = partial(translated, texts, told)
    locale = Locale(language.value)
    environment.filters["language_name"] = lambda code: locale.languages.get(code, code)
    environment.filters["region_name"] = lambda code: locale.territories.get(code, code)
    environment.filters |= {"monogram": monogram, "mark_class": mark_class, "hue": hue, "app_name": app_name}
    environment.filters["alert_title"] = lambda one: alert_title(
        one.reason, one.match_count, alarm_subject_name, language
    )
    environment.filters |= {"linked": linked, "hashtag_address": hashtag_address, "term_of": term_of}
    environment.filters |= {
        "account_address": account_address,
        "actor_key_address": actor_key_address,
        "crossing_address": crossing_address,
    }
    environment.filters["refusal_text"] = lambda refused: refusal_text(refused, language)
    environment.filters["retold_text"] = lambda text: retold(text, language)
    environment.filters["rounded"] = lambda usual: languages.written_decimal(usual, language)
    for name, home in (("icon", "parts/icons.html"), ("retold", "parts/retold.html")):
        environment.globals[name] = getattr(environment.get_template(home).module, name)
    return environment
