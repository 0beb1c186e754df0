"""Words beside a time of day: its halves in each language (CLDR's day periods), and words without meaning."""

from __future__ import annotations

import re
from datetime import time
from typing import Final

_BEFORE_NOON: Final = (
    "AM a ap. a.m. a.\u202fm. vm. v p.d. paradite ጥዋት ጠ ص صباحًا пр.об. 上午 早上 清晨 凌晨 dop. π.μ. πμ SF Safiya "
    'לפנה״צ לפנה"צ de. r.n. m. 午前 오전 тң таңкы ກ່ອນທ່ຽງ priekšp. priekšpusdienā priešpiet pr.p. претпл. PG ق.ظ. '
    "ق قبل‌ازظهر ق‌ظ manhã ਪੂ.ਦੁ. ਸ. dopoldne d fm förmiddag ఉ ก่อนเที่ยง ÖÖ дп TO SA s ա prijepodne g f.h. f. ү.ө. နံနက် "
    "पूर्वाह्न পূর্বাহ্ণ පෙ.ව. පෙ asubuhi pagi"
)
_AFTER_NOON: Final = (
    "PM p ip. p.m. p.\u202fm. nm. n m.d. pasdite ከሰዓት ከ م مساءً сл.об. 下午 晚上 odp. μ.μ. μμ YM Yamma אחה״צ "
    'אחה"צ du. i.n. p. 午後 오후 тк ຫຼັງທ່ຽງ pēcp. pēcpusdienā pēcpusd. popiet pop. попл. PTG ب.ظ. ب بعدازظهر ب‌ظ '
    "tarde ਬਾ.ਦੁ. ਸ਼. popoldne em eftermiddag సా หลังเที่ยง ÖS пп TK CH c հ popodne e.h. e. ү.х. ညနေ "
    "अपराह्न অপরাহ্ণ ප.ව. ප alasiri petang"
)
_NOON: Final = "中午"
_NOON_BEGINS: Final = 11
_HALF_A_DAY: Final = 12
_MEANINGLESS: Final = "klo kl. kell à às at um o u ч. г. h uhr uur óra ore ore. ora a las"
_SHELL: Final = re.compile(r"[\s.,،、\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")


def _fold(words: str) -> str:
    return _SHELL.sub("", words).casefold()


def _folded(words: str) -> frozenset[str]:
    return frozenset(_fold(word) for word in re.split(" ", words))


_MORNING: Final = _folded(_BEFORE_NOON)
_EVENING: Final = _folded(_AFTER_NOON)
_NOTHING: Final = _folded(_MEANINGLESS) | {"", "alas", "damanhã", "datarde"}


def is_known(words: str) -> bool:
    """Whether these words may stand beside a time."""
    folded = _fold(words)
    return folded in _NOTHING or folded in _MORNING or folded in _EVENING or folded == _NOON


def is_half_of_the_day(words: str) -> bool:
    """Whether these words make the hour one of twelve."""
    return is_known(words) and _fold(words) not in _NOTHING


def begins_half_of_the_day(words: str, after: str) -> bool:
    """Whether words are the beginning of a half of the day and of what follows it."""
    folded, tail = _fold(words), _fold(after)
    return any(f"{half}{tail}".startswith(folded) for half in (*_MORNING, *_EVENING, _NOON))


def read_time(hour: int, minute: int, second: int, words: str) -> time | None:
    """Return the time of day, None where there is none; hours beyond twelve stay as they are."""
    folded = _fold(words)
    if hour <= _HALF_A_DAY and folded not in _NOTHING:
        is_late = hour < _NOON_BEGINS if folded == _NOON else folded in _EVENING
        is_kept = folded == _NOON and not is_late
        hour = hour if is_kept else hour % _HALF_A_DAY + (_HALF_A_DAY if is_late else 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        return None
