"""Logging: structlog to standard error; events are fixed phrases with fields, never a notification's words."""

from __future__ import annotations

import logging
import sys
from enum import StrEnum
from typing import Final, Protocol

import structlog


class LogLevel(StrEnum):
    """How much is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """How log lines look: for people, or one JSON object a line."""

    TEXT = "text"
    JSON = "json"


class LogSettings(Protocol):
    """The settings that logging asks for."""

    @property
    def log_level(self) -> LogLevel: ...

    @property
    def log_format(self) -> LogFormat: ...


_LEVELS: Final = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def configure_logs(settings: LogSettings, *, is_brief: bool = False) -> None:
    """Send structlog's and the libraries' records to standard error at the wanted level.

    A brief command, which tells a person what it did, logs warnings only, unless more was asked for.
    """
    is_default = settings.log_level is LogLevel.INFO
    level = logging.WARNING if is_brief and is_default else _LEVELS[settings.log_level]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if settings.log_format is LogFormat.JSON
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(
        level=max(level, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )
