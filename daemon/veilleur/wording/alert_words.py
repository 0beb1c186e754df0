"""Why an alert was opened, in a line: numbers and names that people gave, never a mention's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from gettext import NullTranslations
from typing import Final

from msgspec import Struct

from veilleur.model.alarms import AlarmCode
from veilleur.model.alert import AlertTrigger, Reason
from veilleur.model.spoken import N_
from veilleur.wording.languages import Language, load_texts, written_number
from veilleur.wording.retelling import retold
from veilleur.wording.spans import silence_text, span_text
from veilleur.wording.words import worded

_TENFOLD: Final = 10
_SIGNS: Final = {"handle": N_("the same handle"), "link": N_("the same link"), "words": N_("the same words")}
_ALARMS: Final[Mapping[AlertTrigger, AlarmCode]] = {
    AlertTrigger.APP_SILENT: AlarmCode.APP_SILENT,
    AlertTrigger.DEVICE_OFFLINE: AlarmCode.DEVICE_SILENT,
    AlertTrigger.PARSER_DRIFT: AlarmCode.PARSER_DRIFT,
}


def alert_title(
    reason: Reason, match_count: int, named: Callable[[str], str], language: Language = Language.ENGLISH
) -> str:
    """Return an alert's title; what an alarm says of itself, or its name where nobody has translated that.

    `named` gives an alarm's subject as people call it.
    """
    texts = load_texts(language)
    if reason.trigger in _ALARMS:
        told = {"subject": named(reason.subject or ""), "found": _alarm_text(reason, language)}
    else:
        finding = _Finding(reason, match_count, language, texts)
        told = {"subject": reason.watch or reason.subject or "", "found": finding.text()}
    return texts.gettext("%(subject)s: %(found)s") % told


def usual_text(usual: float | None, language: Language = Language.ENGLISH) -> str:
    """Return how many there usually are: "1", "0.3", "fewer than 0.1"."""
    texts = load_texts(language)
    if usual is None:
        return texts.gettext("unknown")
    if usual < 1 / _TENFOLD:
        return texts.gettext("fewer than 0.1")
    is_broken = usual < _TENFOLD and round(usual, 1) != round(usual)
    written = f"{usual:.1f}" if is_broken else f"{usual:.0f}"
    return written.replace(".", ",") if language is Language.FRENCH else written


def _alarm_text(reason: Reason, language: Language) -> str:
    if reason.window_s is not None and reason.usual is not None:
        return silence_text(timedelta(seconds=reason.window_s), timedelta(seconds=reason.usual), language)
    told = retold(reason.detail, language) if reason.detail else None
    return told or load_texts(language).gettext(worded(_ALARMS[reason.trigger]))


class _Finding(Struct, frozen=True):
    """What a rule on mentions found, in one language."""

    reason: Reason
    match_count: int
    language: Language
    texts: NullTranslations

    def text(self) -> str:
        gettext = self.texts.gettext
        match self.reason.trigger:
            case AlertTrigger.COUNT:
                return gettext("%(count)s in %(span)s") % self._values() + self._by_now()
            case AlertTrigger.BURST:
                return gettext("%(count)s in %(span)s, usually %(usual)s") % self._values() + self._by_now()
            case AlertTrigger.SILENCE:
                return gettext("nothing for %(span)s") % self._values()
            case AlertTrigger.SPILLWAY:
                return self._complaint()
            case _:
                return self._counted(self._each())

    def _each(self) -> str:
        ngettext, found = self.texts.ngettext, self.match_count
        match self.reason.trigger:
            case AlertTrigger.NEGATIVE:
                return ngettext("%(num)s mention with a negative word", "%(num)s mentions with a negative word", found)
            case AlertTrigger.NEW_ACTOR:
                return ngettext("%(num)s new account", "%(num)s new accounts", found)
            case _:
                return ngettext("%(num)s new mention", "%(num)s new mentions", found)

    def _values(self) -> dict[str, str]:
        span = timedelta(seconds=self.reason.window_s or 0)
        count = written_number(self.reason.count, self.language)
        usual = usual_text(self.reason.usual, self.language)
        return {"count": count, "span": span_text(span, self.language), "usual": usual}

    def _by_now(self) -> str:
        if self.match_count <= self.reason.count:
            return ""
        return " " + self._counted(self.texts.gettext("(%(num)s by now)"))

    def _complaint(self) -> str:
        if self.reason.sign is None:
            return self.texts.gettext("a complaint was not marked as treated within %(span)s") % self._values()
        sign = self.texts.gettext(_SIGNS[self.reason.sign])
        return self.texts.gettext("what was said in private shows in public (%(sign)s)") % {"sign": sign}

    def _counted(self, text: str) -> str:
        return text % {"num": written_number(self.match_count, self.language)}
