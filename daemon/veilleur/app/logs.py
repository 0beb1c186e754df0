"""Logging: structlog to standard error; events are fixed phrases with fields, never a notification's words."""

from __future__ import annotations

import logging
import sys
from typing import Final

import structlog

from veilleur.app.settings import LogFormat, LogLevel, Settings

_LEVELS: Final = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def configure_logs(settings: Settings, *, is_brief: bool = False) -> None:
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
