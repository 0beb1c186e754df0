"""Builds the line's reader; imported by the reading process too, hence without database and settings."""

from __future__ import annotations

from pathlib import Path

import structlog

from veilleur.ingest.reading import Reader
from veilleur.parsers.registry import builtin_parsers
from veilleur_bridge.codec import Codec
from veilleur_bridge.redaction import Screen
from veilleur_bridge.redaction_rules import load_rules

log = structlog.get_logger()


def build_reader(catalogues: Path | None) -> Reader:
    """Return a reader with the contract's screen, the built-in parsers and the user's catalogues."""
    codec = Codec()
    return Reader(codec, Screen(load_rules(), codec), builtin_parsers(catalogues, _log_failure))


def _log_failure(parser: str, error: type[Exception]) -> None:
    log.error("parser failed", parser=parser, error=error.__name__)
