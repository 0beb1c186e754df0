"""What a log format is: its name, how its first lines give it away, and who reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum

from veilleur_bridge.delivery import Clock, LogItem


class LogFormat(StrEnum):
    """The formats that `--format` names."""

    VEILLEUR = "veilleur"
    DUMPSYS = "dumpsys"
    TERMUX = "termux"


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


LogReader = Callable[[Iterator[bytes], LogContext], Iterator[LogItem]]
"""Reads pieces of UTF-8 of any size, lazily, in the file's order; lets `LogEndedEarly` pass through."""


@dataclass(frozen=True, slots=True)
class FormatReader:
    """One known format: `recognises` is given the first non-empty lines, the last perhaps cut."""

    format: LogFormat
    description: str
    recognises: Callable[[Sequence[bytes]], bool]
    read: LogReader
