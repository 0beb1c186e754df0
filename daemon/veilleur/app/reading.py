"""Builds the line's reader; imported by the reading process too, hence without database and settings."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog

from veilleur.ingest.reading import Reader
from veilleur.model.errors import CatalogueError
from veilleur.parsers.catalogue_loading import folder_state
from veilleur.parsers.registry import builtin_parsers
from veilleur_bridge.codec import Codec
from veilleur_bridge.redaction import Screen
from veilleur_bridge.redaction_rules import load_rules

_LOOK_EVERY_S: Final = 1.0

log = structlog.get_logger()


def build_reader(catalogues: Path | None) -> Reader:
    """Return a reader with the contract's screen, the built-in parsers and the user's catalogues."""
    codec = Codec()
    return Reader(codec, Screen(load_rules(), codec), builtin_parsers(catalogues, _log_failure))


class CatalogueWatch:
    """Looks now and then whether the user's catalogues changed, and makes the parsers anew where they did."""

    def __init__(self, folder: Path | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._clock = clock
        self._looked_at = clock()
        self._state = folder_state(folder)

    def renew(self, reader: Reader) -> None:
        """Let `reader` use the catalogues as they stand; wrong ones are told once, and the former ones stay."""
        now = self._clock()
        if now - self._looked_at < _LOOK_EVERY_S:
            return
        self._looked_at = now
        state = folder_state(self._folder)
        if state == self._state:
            return
        self._state = state
        try:
            reader.use(builtin_parsers(self._folder, _log_failure))
        except CatalogueError as error:
            log.error("catalogues refused, the former ones stay in use", reason=str(error))  # noqa: TRY400 - says it all
            return
        log.info("catalogues read again", files=len(state))


def _log_failure(parser: str, error: type[Exception]) -> None:
    log.error("parser failed", parser=parser, error=error.__name__)
