"""Builds the line's reader; imported by the reading process too, hence without database and settings."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Final

import structlog

from veilleur.app.clock import utc_now
from veilleur.app.parser_choice import ParserChoice
from veilleur.app.plugins.door import PluginDoor
from veilleur.app.plugins.installed import installed_plugins
from veilleur.app.plugins.standing import Standings
from veilleur.ingest.reading import Reader
from veilleur.ingest.repeats import Repeats
from veilleur.ingest.telling import Teller
from veilleur.model.errors import CatalogueError, ParserConflict
from veilleur.parsers.catalogue_loading import folder_state
from veilleur.parsers.protocol import PluggedIn
from veilleur.parsers.registry import builtin_parsers
from veilleur_bridge.codec import Codec
from veilleur_bridge.redaction import Screen
from veilleur_bridge.redaction_rules import load_rules

_LOOK_EVERY_S: Final = 1.0

log = structlog.get_logger()


@contextmanager
def opened_reader(choice: ParserChoice) -> Iterator[Reader]:
    """Give a reader with the contract's screen, the built-in parsers, the user's catalogues and the plug-ins.

    Raises CatalogueError, and ParserConflict where two parsers read one package.
    """
    with opened_line(choice) as line:
        yield line.reader


@contextmanager
def opened_line(
    choice: ParserChoice, clock: Callable[[], float] = time.monotonic, repeats: Repeats | None = None
) -> Iterator[RenewedReader]:
    """Give a reader that takes over what changes in the user's catalogues; with `repeats` it gives messages once."""
    plugins = installed_plugins() if choice.plugins else ()
    if choice.plugins is None or not plugins:
        yield RenewedReader(choice, (), clock, repeats)
        return
    with closing(PluginDoor(plugins, choice.plugins, utc_now)) as door:
        yield RenewedReader(choice, door.parsers, clock, repeats)


def known_plugins(choice: ParserChoice) -> frozenset[str]:
    """Return the plug-ins that ever read here, whether still installed or not."""
    return Standings(choice.plugins.folder, utc_now).known() if choice.plugins else frozenset()


def line_teller(catalogues: Path | None, clock: Callable[[], float] = time.monotonic) -> Teller:
    """Return what tells messages without times; its reader is built when a stored notification is read again.

    It takes over what changes in the catalogues. What a plug-in read is not read again here: `veilleur reparse` does.
    """
    opened = cache(lambda: RenewedReader(ParserChoice(catalogues), (), clock))

    def find_reader() -> Reader:
        line = opened()
        line.renew()
        return line.reader

    return Teller(find_reader)


class RenewedReader:
    """A reader, and who looks now and then whether the user's catalogues changed."""

    def __init__(
        self,
        choice: ParserChoice,
        plugged: Sequence[PluggedIn],
        clock: Callable[[], float],
        repeats: Repeats | None = None,
    ) -> None:
        self._folder = choice.catalogues
        self._plugged = plugged
        self._clock = clock
        self._looked_at = clock()
        self._state = folder_state(self._folder)
        codec = Codec()
        parsers = builtin_parsers(self._folder, _log_failure, plugged)
        self.reader = Reader(codec, Screen(load_rules(), codec), parsers, repeats)

    def renew(self) -> None:
        """Read with the catalogues as they stand; wrong ones are told once, and the former ones stay."""
        now = self._clock()
        if now - self._looked_at < _LOOK_EVERY_S:
            return
        self._looked_at = now
        state = folder_state(self._folder)
        if state == self._state:
            return
        self._state = state
        try:
            self.reader.use(builtin_parsers(self._folder, _log_failure, self._plugged))
        except (CatalogueError, ParserConflict) as error:
            log.error("catalogues refused, the former ones stay in use", reason=str(error))  # noqa: TRY400 - says it all
            return
        log.info("catalogues read again", files=len(state))


def _log_failure(parser: str, error: type[Exception]) -> None:
    log.error("parser failed", parser=parser, error=error.__name__)
