"""The catalogues that ship, overridden and extended by a user's folder: `FOLDER/APP/LANGUAGE.toml`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from veilleur.model.errors import CatalogueError
from veilleur.parsers.catalogue import Catalogue, load_catalogue
from veilleur.parsers.catalogue_checks import check_catalogue

BUILT_IN: Final = Path(__file__).parent / "catalogues"
APP_FILE: Final = "app.toml"
"""What makes a folder an app of its own; every other file is a language's."""
_FILES: Final = "*.toml"

FolderState = frozenset[tuple[str, int, int]]


def load_catalogues(app: str, user_folder: Path | None = None) -> dict[str, Catalogue]:
    """Return an app's catalogues by language: the built-in ones, overridden and extended by a user's folder.

    A user's pattern with the id of a built-in one takes its place. What a user's file touches is checked anew; the
    built-in ones alone are checked by the tests. Raises CatalogueError.
    """
    catalogues = _load_folder(BUILT_IN / app)
    if user_folder is not None:
        for language, own in _load_folder(user_folder / app).items():
            catalogues[language] = _extend(catalogues[language], own) if language in catalogues else own
            check_catalogue(catalogues[language])
    return catalogues


def catalogues_later(app: str, user_folder: Path | None = None) -> Callable[[], dict[str, Catalogue]]:
    """Return what loads an app's catalogues when they are first needed; a user's are read and checked at once.

    Raises CatalogueError.
    """
    if user_folder is None or not (user_folder / app).is_dir():
        return partial(load_catalogues, app)
    catalogues = load_catalogues(app, user_folder)
    return lambda: catalogues


def refuse_unknown_apps(user_folder: Path) -> None:
    """Raise CatalogueError for a folder of catalogues that no parser asks for."""
    known = sorted(folder.name for folder in BUILT_IN.iterdir())
    for folder in sorted(user_folder.iterdir()) if user_folder.is_dir() else ():
        if folder.name not in known and any(folder.glob(_FILES)) and not (folder / APP_FILE).exists():
            raise CatalogueError(
                f"{folder}: no parser reads `{folder.name}`; there are {', '.join(known)}, and an app of your own has"
                f" its {APP_FILE} (`veilleur parsers new`)"
            )


def folder_state(user_folder: Path | None) -> FolderState:
    """Return what changes when a catalogue of the folder does: names, sizes and times of its files."""
    if user_folder is None:
        return frozenset()
    found: set[tuple[str, int, int]] = set()
    for path in user_folder.glob(f"*/{_FILES}"):
        try:
            state = path.stat()
        except FileNotFoundError:  # taken away between the two looks
            continue
        found.add((str(path), state.st_size, state.st_mtime_ns))
    return frozenset(found)


def _load_folder(folder: Path) -> dict[str, Catalogue]:
    return {path.stem: load_catalogue(path) for path in sorted(folder.glob(_FILES)) if path.name != APP_FILE}


def _extend(built_in: Catalogue, own: Catalogue) -> Catalogue:
    entries = {entry.name: entry for entry in built_in.entries} | {entry.name: entry for entry in own.entries}
    return Catalogue(
        built_in.language,
        tuple(entries.values()),
        (*built_in.headings, *own.headings),
        own.several or built_in.several,
        (*built_in.own_names, *own.own_names),
    )
