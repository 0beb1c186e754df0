"""Wires `veilleur patterns`: patterns proposed for what nobody knew, tried against the raw log, and added."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final

from veilleur.app.candidate_catalogues import replace_text, retry_unknown, take_catalogues, try_catalogues
from veilleur.app.opening import open_store
from veilleur.app.settings import Settings
from veilleur.ingest.rereading import MentionDifference, Progress, ReparseSummary
from veilleur.ingest.unknown_wordings import UnknownWordings
from veilleur.model.errors import CatalogueError
from veilleur.model.scope import Scope
from veilleur.parsers.acceptance import acceptable
from veilleur.parsers.catalogue_loading import BUILT_IN, load_catalogues
from veilleur.parsers.proposals import Proposal as Proposal  # noqa: PLC0414 - what the commands show
from veilleur.parsers.proposals import propose
from veilleur.parsers.registry import builtin_parsers
from veilleur.store.unknown_rows import newest_unknown
from veilleur_bridge.codec import Codec

_MOST_TEXTS: Final = 2_000
_PATTERN_HEADER: Final = "[[pattern]]"
_SUGGESTED: Final = re.compile(r"^# ([a-z0-9_-]+)/([A-Za-z-]+)\.toml: seen .*\n", re.MULTILINE)
_HEADING: Final = "# Patterns of your own, read over those that ship. `veilleur patterns accept` adds here.\n"

Additions = Mapping[tuple[str, str], str]
"""Entries to add, as text, by app and language."""


def suggest(settings: Settings, scope: Scope) -> list[Proposal]:
    """Return a pattern for each shape among the project's newest unknown wordings, the most frequent first."""
    folder = settings.catalogues_dir
    catalogues = {path.name: load_catalogues(path.name, folder) for path in sorted(BUILT_IN.iterdir()) if path.is_dir()}
    unknown = UnknownWordings(Codec(), builtin_parsers(folder), catalogues)
    with closing(open_store(settings)) as database:
        found = unknown.gather(unknown.decoded(newest_unknown(database, scope, limit=_MOST_TEXTS)))
    return acceptable(propose(found.texts, catalogues, found.names), catalogues)


def additions_of(proposals: Iterable[Proposal]) -> dict[tuple[str, str], str]:
    """Return the entries of these proposals by app and language."""
    found: dict[tuple[str, str], str] = {}
    for one in proposals:
        key = (one.app, one.language)
        found[key] = f"{found[key]}\n{one.as_toml()}" if key in found else one.as_toml()
    return found


def read_additions(path: Path, app: str | None, language: str | None) -> dict[tuple[str, str], str]:
    """Return the entries of a catalogue file, by app and language.

    These are as given, else as `patterns suggest` wrote above its entries, else the file's folder and its own name.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path}: {error}") from error
    before, *suggested = _SUGGESTED.split(text)
    if app is None and language is None and suggested and not before.strip():
        return _suggested_additions(suggested)
    head, header, entries = text.partition(_PATTERN_HEADER)
    if not header:
        raise CatalogueError(f"{path}: it holds no {_PATTERN_HEADER}; `veilleur patterns suggest` shows what one is")
    if any(line.strip() and not line.lstrip().startswith("#") for line in head.splitlines()):
        raise CatalogueError(f"{path}: add what stands above the first {_PATTERN_HEADER} to the catalogue by hand")
    return {(app or path.absolute().parent.name, language or path.stem): header + entries}


def _suggested_additions(suggested: list[str]) -> dict[tuple[str, str], str]:
    """Join the entries of each app and language; `suggested` is app, language and an entry, again and again."""
    found: dict[tuple[str, str], str] = {}
    for app, language, entry in zip(suggested[::3], suggested[1::3], suggested[2::3], strict=True):
        found[app, language] = found.get((app, language), "") + entry
    return found


def try_patterns(settings: Settings, additions: Additions, on_progress: Progress) -> Iterator[MentionDifference]:
    """Yield what the mentions of the whole raw log would become with these entries; nothing is stored."""
    return try_catalogues(settings, partial(write_additions, additions=additions), on_progress)


def accept_patterns(settings: Settings, additions: Additions, on_progress: Progress) -> ReparseSummary:
    """Add entries to the user's catalogues, and read again what nobody understood.

    Raises CatalogueError for entries that no parser takes; then nothing is added.
    """
    take_catalogues(settings, partial(write_additions, additions=additions))
    return retry_unknown(settings, on_progress)


def write_additions(folder: Path, *, additions: Additions) -> None:
    """Write entries at the end of a folder's catalogues."""
    for (app, language), entries in additions.items():
        path = folder / app / f"{language}.toml"
        before = path.read_text(encoding="utf-8") if path.exists() else _HEADING
        replace_text(path, f"{before.rstrip()}\n\n{entries.strip()}\n")
