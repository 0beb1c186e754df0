"""What a log format is: its name, how its first lines give it away, and who reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum
from typing import Final

from veilleur_bridge.delivery import Clock, LogItem


class LogFormat(StrEnum):
    """The formats that `--format` names."""

    VEILLEUR = "veilleur"
    DUMPSYS = "dumpsys"
    TERMUX = "termux"
    WHATSAPP = "whatsapp"
    TELEGRAM = "telegram"
    TIKTOK = "tiktok"


class DateOrder(StrEnum):
    """In which order an export writes day, month and year."""

    DAY_MONTH_YEAR = "dmy"
    MONTH_DAY_YEAR = "mdy"
    YEAR_MONTH_DAY = "ymd"
    YEAR_DAY_MONTH = "ydm"


@dataclass(frozen=True, slots=True)
class ExportHints:
    """What the file of a chat may leave open: the order of its dates, the conversation's title, who exported it."""

    date_order: DateOrder | None = None
    conversation: str | None = None
    own_name: str | None = None


NO_HINTS: Final = ExportHints()


@dataclass(frozen=True, slots=True)
class LogContext:
    """What a reader is told besides the bytes.

    `name` begins every origin (`sample.jsonl:12`). `device` and `zone` are for imported formats, which name neither;
    `zone` is that of times written without one, None for this machine's.
    """

    name: str
    device: str
    clock: Clock
    zone: tzinfo | None = None
    hints: ExportHints = NO_HINTS


LogReader = Callable[[Iterator[bytes], LogContext], Iterator[LogItem]]
"""Reads pieces of UTF-8 of any size, lazily, in the file's order; lets `LogEndedEarly` pass through."""


@dataclass(frozen=True, slots=True)
class FormatReader:
    """One known format: `recognises` is given the first non-empty lines, the last perhaps cut."""

    format: LogFormat
    description: str
    recognises: Callable[[Sequence[bytes]], bool]
    read: LogReader
