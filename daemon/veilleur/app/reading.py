"""Builds the line's reader and the line itself."""

from __future__ import annotations

import structlog

from veilleur.app.clock import utc_now
from veilleur.app.settings import Settings
from veilleur.ingest.line import Line
from veilleur.ingest.reading import Reader
from veilleur.parsers.registry import builtin_parsers
from veilleur.store.database import Database
from veilleur_bridge.codec import Codec
from veilleur_bridge.redaction import Screen
from veilleur_bridge.redaction_rules import load_rules

log = structlog.get_logger()


def build_reader(settings: Settings) -> Reader:
    """Return a reader with the contract's screen, the built-in parsers and the user's catalogues."""
    catalogues = settings.data_dir / "catalogues"
    codec = Codec()
    parsers = builtin_parsers(catalogues if catalogues.is_dir() else None, _log_failure)
    return Reader(codec, Screen(load_rules(), codec), parsers)


def build_line(settings: Settings, database: Database) -> Line:
    """Return the line into `database`."""
    return Line(database, build_reader(settings), utc_now)


def _log_failure(parser: str, error: type[Exception]) -> None:
    log.error("parser failed", parser=parser, error=error.__name__)
