"""How people are told for how long: in the largest unit that says enough, and an app's silence beside the usual one."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from veilleur.model.spoken import N_
from veilleur.wording.languages import Language, load_texts

_MINUTE_S: Final = 60
_HOUR_S: Final = 3_600
_DAY_S: Final = 24 * _HOUR_S
_SILENT: Final = N_("silent for %(silent)s, usually %(usual)s: is the app logged out? Look on the tablet")
_DAYS: Final = N_("%(num)s days")
_HOURS: Final = N_("%(num)s h")
_MINUTES: Final = N_("%(num)s min")
SPAN_SENTENCES: Final = (_SILENT, _DAYS, _HOURS, _MINUTES)


def silence_text(lasted: timedelta, usual: timedelta, language: Language = Language.ENGLISH) -> str:
    """Return what is told of an app that is silent for longer than it ever is."""
    sentence = load_texts(language).gettext(_SILENT)
    return sentence % {"silent": span_text(lasted, language), "usual": span_text(usual, language)}


def span_text(span: timedelta, language: Language = Language.ENGLISH) -> str:
    """Return a time in the largest unit that says enough: "40 min", "9 h", "3 days"."""
    texts, seconds = load_texts(language), int(span.total_seconds())
    if seconds >= 2 * _DAY_S:
        return texts.gettext(_DAYS) % {"num": f"{seconds / _DAY_S:.0f}"}
    if seconds >= 2 * _HOUR_S:
        return texts.gettext(_HOURS) % {"num": f"{seconds / _HOUR_S:.0f}"}
    return texts.gettext(_MINUTES) % {"num": max(1, round(seconds / _MINUTE_S))}
