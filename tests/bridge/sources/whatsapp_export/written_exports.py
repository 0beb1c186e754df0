"""Writes exports as WhatsApp does, in the formats of dates and clocks that its languages use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

ARABIC, BENGALI, DEVANAGARI, PERSIAN = "\u0660", "\u09e6", "\u0966", "\u06f0"


class Said(NamedTuple):
    """One message: naive local time, sender (None: the app itself), words."""

    at: datetime
    sender: str | None
    words: str


@dataclass(frozen=True)
class ExportFormat:
    """How one language and system write the head of a message."""

    name: str
    date: Callable[[datetime], str]
    clock: Callable[[datetime], str]
    is_ios: bool = False
    zero: str = "0"
    comma: str = ", "
    mark: str = ""

    @property
    def has_seconds(self) -> bool:
        return self.is_ios

    def write(self, chat: Sequence[Said], *, has_bom: bool = False, line_end: str = "\n") -> bytes:
        lines = [self._head(one) + self._who(one) for one in chat]
        return (("\ufeff" if has_bom else "") + "".join(line + line_end for line in lines)).encode()

    def _head(self, said: Said) -> str:
        moment = f"{self.date(said.at)}{self.comma}{self.clock(said.at)}".translate(
            {ord("0") + digit: chr(ord(self.zero) + digit) for digit in range(10)}
        )
        return f"{self.mark}[{moment}] " if self.is_ios else f"{self.mark}{moment} - "

    def _who(self, said: Said) -> str:
        return said.words if said.sender is None else f"{said.sender}: {said.words}"


def _dated(pattern: str) -> Callable[[datetime], str]:
    def write(at: datetime) -> str:
        return pattern.format(d=at.day, m=at.month, y=at.year, yy=at.year % 100)

    return write


def _24(pattern: str = "{h:02}:{mi:02}") -> Callable[[datetime], str]:
    return lambda at: pattern.format(h=at.hour, mi=at.minute, s=at.second)


def _12(morning: str, evening: str, pattern: str = "{h}:{mi:02}\u202f{half}") -> Callable[[datetime], str]:
    def write(at: datetime) -> str:
        half = evening if at.hour >= 12 else morning
        return pattern.format(h=at.hour % 12 or 12, mi=at.minute, s=at.second, half=half)

    return write


_SECONDS = "{h:02}:{mi:02}:{s:02}"
FORMATS = (
    ExportFormat("en-US android", _dated("{m}/{d}/{yy:02}"), _12("AM", "PM")),
    ExportFormat("en-US android, plain space", _dated("{m}/{d}/{yy:02}"), _12("AM", "PM", "{h}:{mi:02} {half}")),
    ExportFormat(
        "en-US ios", _dated("{m}/{d}/{yy:02}"), _12("AM", "PM", "{h}:{mi:02}:{s:02}\u202f{half}"), is_ios=True
    ),
    ExportFormat("en-GB android", _dated("{d:02}/{m:02}/{y}"), _24()),
    ExportFormat("en-GB ios", _dated("{d:02}/{m:02}/{y}"), _24(_SECONDS), is_ios=True, mark="\u200e"),
    ExportFormat("fr android", _dated("{d:02}/{m:02}/{y}"), _24(), comma=" à "),
    ExportFormat("fr ios", _dated("{d:02}/{m:02}/{y}"), _24(_SECONDS), is_ios=True, comma=" "),
    ExportFormat("es-AR android", _dated("{d}/{m}/{yy:02}"), _12("a.\u202fm.", "p.\u202fm.")),
    ExportFormat("es-MX android, spaces", _dated("{d:02}/{m:02}/{yy:02}"), _12("a. m.", "p. m.", "{h}:{mi:02} {half}")),
    ExportFormat("pt-BR android", _dated("{d:02}/{m:02}/{y}"), _24(), comma=" "),
    ExportFormat("de android", _dated("{d:02}.{m:02}.{yy:02}"), _24()),
    ExportFormat("de ios", _dated("{d:02}.{m:02}.{yy:02}"), _24(_SECONDS), is_ios=True),
    ExportFormat("pl android", _dated("{d:02}.{m:02}.{y}"), _24()),
    ExportFormat("cs android", _dated("{d:02}.{m:02}.{yy:02}"), _24("{h}:{mi:02}"), comma=" "),
    ExportFormat("sk android", _dated("{d}. {m}. {y}"), _24("{h}:{mi:02}")),
    ExportFormat("fi ios", _dated("{d}.{m}.{y}"), _24("{h}.{mi:02}.{s:02}"), is_ios=True, comma=" klo "),
    ExportFormat("da android", _dated("{d:02}.{m:02}.{y}"), _24("{h:02}.{mi:02}"), comma=" "),
    ExportFormat("nl android", _dated("{d:02}-{m:02}-{y}"), _24(), comma=" "),
    ExportFormat("sv android", _dated("{y}-{m:02}-{d:02}"), _24(), comma=" "),
    ExportFormat("year, day, month", _dated("{y}/{d:02}/{m:02}"), _24()),
    ExportFormat("id android", _dated("{d:02}/{m:02}/{yy:02}"), _24("{h:02}.{mi:02}")),
    ExportFormat("bg android", _dated("{d}.{m:02}.{yy:02}\u202fг."), _24("{h}:{mi:02} ч.")),
    ExportFormat("hu android", _dated("{y}. {m:02}. {d:02}."), _24(), comma=" "),
    ExportFormat("tr android", _dated("{d}.{m:02}.{y}"), _12("ÖÖ", "ÖS", "{half} {h}:{mi:02}"), comma=" "),
    ExportFormat("el android", _dated("{d}/{m}/{yy:02}"), _12("π.μ.", "μ.μ.")),
    ExportFormat("ja android", _dated("{y}/{m:02}/{d:02}"), _24("{h}:{mi:02}"), comma=" "),
    ExportFormat("ko android", _dated("{y}. {m}. {d}."), _12("오전", "오후", "{half} {h}:{mi:02}"), comma=" "),
    ExportFormat("ko written out", _dated("{y}년 {m}월 {d}일"), _12("오전", "오후", "{half} {h}:{mi:02}"), comma=" "),
    ExportFormat("zh-Hans android", _dated("{y}/{m}/{d}"), _12("上午", "下午", "{half}{h}:{mi:02}"), comma=" "),
    ExportFormat("zh-Hant ios", _dated("{y}/{m}/{d}"), _12("上午", "下午", "{half}{h}:{mi:02}:{s:02}"), is_ios=True),
    ExportFormat("hi android", _dated("{d}/{m}/{yy:02}"), _12("am", "pm", "{h}:{mi:02} {half}")),
    ExportFormat("hi native digits", _dated("{d}/{m}/{yy:02}"), _12("am", "pm", "{h}:{mi:02} {half}"), zero=DEVANAGARI),
    ExportFormat("bn android", _dated("{d}/{m}/{yy:02}"), _12("AM", "PM", "{h}:{mi:02} {half}"), zero=BENGALI),
    ExportFormat(
        "ar android",
        _dated("{d}\u200f/{m}\u200f/{y}"),
        _12("ص", "م", "{h}:{mi:02} {half}"),
        zero=ARABIC,
        comma="، ",
        mark="\u200f",
    ),
    ExportFormat("fa android", _dated("{y}/{m}/{d}"), _24(), zero=PERSIAN, comma="،\u200f "),
    ExportFormat("he android", _dated("{d}.{m}.{y}"), _24("{h}:{mi:02}")),
    ExportFormat("th android", lambda at: f"{at.day}/{at.month}/{at.year + 543}", _24(), comma=" "),
    ExportFormat("vi android", _dated("{d:02}/{m:02}/{y}"), _12("SA", "CH", "{h:02}:{mi:02} {half}"), comma=" "),
)
