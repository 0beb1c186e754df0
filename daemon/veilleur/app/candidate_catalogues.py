"""A change in the user's catalogues: first tried in a copy against the raw log, then made, then the past read again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import structs

from veilleur.app.logs import configure_logs
from veilleur.app.opening import open_store
from veilleur.app.reading import known_plugins, opened_reader
from veilleur.app.settings import Settings
from veilleur.ingest.rereading import MentionDifference, Progress, ReparseSummary, compare, reparse
from veilleur.model.errors import CatalogueError
from veilleur.parsers.registry import builtin_parsers
from veilleur.store.arrival_ledger import recount_quarantine
from veilleur.store.rereading import Which

Write = Callable[[Path], None]
"""Makes a change in a folder of catalogues."""


def try_catalogues(settings: Settings, write: Write, on_progress: Progress) -> Iterator[MentionDifference]:
    """Yield what the mentions of the whole raw log would become with this change; nothing is stored."""
    configure_logs(settings, is_brief=True)
    with candidate(settings, write) as folder, closing(open_store(settings)) as database:
        choice = structs.replace(settings.parser_choice, catalogues=folder)
        with opened_reader(choice) as reader:
            yield from compare(database, reader, on_progress, plug_ins=known_plugins(choice))


def take_catalogues(settings: Settings, write: Write) -> None:
    """Make a change in the user's catalogues; raises CatalogueError where no parser takes it, and nothing is made."""
    with candidate(settings, write):
        write(settings.catalogues_dir)


def retry_unknown(settings: Settings, on_progress: Progress) -> ReparseSummary:
    """Read again what is in quarantine, and what a channel alone told."""
    return read_again(settings, Which.UNKNOWN, on_progress)


def read_again(settings: Settings, which: Which, on_progress: Progress) -> ReparseSummary:
    """Read the raw log again with the catalogues as they stand."""
    configure_logs(settings, is_brief=True)
    with closing(open_store(settings)) as database, opened_reader(settings.parser_choice) as reader:
        summary = reparse(database, reader, on_progress, only=which, plug_ins=known_plugins(settings.parser_choice))
        recount_quarantine(database)
        return summary


@contextmanager
def candidate(settings: Settings, write: Write) -> Iterator[Path]:
    """Give a copy of the user's catalogues with a change that the parsers take; raises CatalogueError."""
    with TemporaryDirectory(prefix="veilleur-catalogues-") as name:
        folder = Path(name)
        if settings.catalogues_dir.is_dir():
            shutil.copytree(settings.catalogues_dir, folder, dirs_exist_ok=True)
        write(folder)
        try:
            builtin_parsers(folder)
        except CatalogueError as error:
            raise CatalogueError(str(error).replace(f"{folder}{os.sep}", "")) from error
        yield folder


def replace_text(path: Path, text: str) -> None:
    """Write a file whole or not at all, its folder made where there is none."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
