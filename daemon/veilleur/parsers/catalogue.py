"""Pattern catalogues: the wordings of one app in one language, read from data files and checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from veilleur.model.errors import CatalogueError
from veilleur.model.kinds import AmendmentKind, MediaKind, MentionKind

BUILT_IN: Final = Path(__file__).parent / "catalogues"
ANY_LANGUAGE: Final = "any"
_PATTERN_HEADER: Final = "[[pattern]]"
_SLOT: Final = re.compile(r"\{([^{}]*)\}")
_REASON: Final = re.compile(r"[a-z][a-z0-9_]*")


class Slot(StrEnum):
    """What may stand in a pattern; `actors` is any of the catalogue's ways to name several people."""

    ACTOR = "actor"
    ACTORS = "actors"
    OTHERS = "others"
    TARGET = "target"
    BODY = "body"
    COUNT = "count"
    DURATION = "duration"


class Evidence(StrEnum):
    """How the wording is known: read in the app's own resources, seen by somebody, or supposed."""

    OWN_RESOURCES = "own resources"
    SEEN = "seen"
    INFERRED = "inferred"


class Use(StrEnum):
    """A meaning that is no kind of mention: a message of the thread's own kind, or the shape of a title."""

    MESSAGE = "message"
    TITLE = "title"


_SLOTS: Final = frozenset(map(str, Slot))
_USES: Final = frozenset(map(str, Use))
_KINDS: Final = frozenset(map(str, MentionKind))
_AMENDMENTS: Final = frozenset(map(str, AmendmentKind))


class Meaning(Struct, frozen=True):
    """What a wording says: exactly one of the four is set."""

    kind: MentionKind | None = None
    use: Use | None = None
    ignored: str | None = None
    amends: AmendmentKind | None = None


class Entry(Struct, frozen=True, kw_only=True):
    """One pattern of a catalogue; `name` is unique in its language, `place` tells a person where it stands."""

    name: str
    language: str
    pattern: str
    meaning: Meaning
    example: str
    evidence: Evidence
    object: str | None
    media: MediaKind | None
    place: str


class Catalogue(Struct, frozen=True):
    """The wordings of one app in one language.

    `headings` are titles that name nobody; `several` are the ways to name more than one person.
    """

    language: str
    entries: tuple[Entry, ...]
    headings: tuple[str, ...] = ()
    several: tuple[str, ...] = ()


class _PatternTable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    id: str
    pattern: str
    kind: str
    example: str
    evidence: Evidence
    object: str | None = None
    media: MediaKind | None = None


class _CatalogueFile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    headings: tuple[str, ...] = ()
    several: tuple[str, ...] = ()
    pattern: list[dict[str, Any]] = []


def slots_of(pattern: str) -> tuple[str, ...]:
    """Return the names between braces, in order, known or not."""
    return tuple(_SLOT.findall(pattern))


def load_catalogues(app: str, user_folder: Path | None = None) -> dict[str, Catalogue]:
    """Return an app's catalogues by language: the built-in ones, overridden and extended by a user's folder.

    A user's pattern with the id of a built-in one takes its place. Raises CatalogueError.
    """
    catalogues = _load_folder(BUILT_IN / app)
    if user_folder is not None:
        for language, own in _load_folder(user_folder / app).items():
            catalogues[language] = _extend(catalogues[language], own) if language in catalogues else own
    return catalogues


def load_catalogue(path: Path) -> Catalogue:
    """Read one file, named `LANGUAGE.toml`; raises CatalogueError with file, line and reason."""
    try:
        text = path.read_text(encoding="utf-8")
        file = msgspec.convert(tomllib.loads(text), _CatalogueFile)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise CatalogueError(f"{path}: {error}") from error
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.strip() == _PATTERN_HEADER]
    places = [f"{path}, line {number}" for number in lines]
    if len(places) != len(file.pattern):
        raise CatalogueError(f"{path}: write each pattern under a line {_PATTERN_HEADER} of its own")
    language = path.stem
    entries = tuple(_read_entry(table, language, place) for table, place in zip(file.pattern, places, strict=True))
    _refuse_repeated_names(entries)
    return Catalogue(language, entries, file.headings, file.several)


def _load_folder(folder: Path) -> dict[str, Catalogue]:
    return {path.stem: load_catalogue(path) for path in sorted(folder.glob("*.toml"))}


def _extend(built_in: Catalogue, own: Catalogue) -> Catalogue:
    entries = {entry.name: entry for entry in built_in.entries} | {entry.name: entry for entry in own.entries}
    return Catalogue(
        built_in.language,
        tuple(entries.values()),
        (*built_in.headings, *own.headings),
        own.several or built_in.several,
    )


def _read_entry(table: Mapping[str, Any], language: str, place: str) -> Entry:
    try:
        fields = msgspec.convert(table, _PatternTable)
    except msgspec.ValidationError as error:
        raise CatalogueError(f"{place}: {error}") from error
    _refuse_wrong_slots(fields.pattern, place)
    return Entry(
        name=fields.id,
        language=language,
        pattern=fields.pattern,
        meaning=_read_meaning(fields.kind, place),
        example=fields.example,
        evidence=fields.evidence,
        object=fields.object,
        media=fields.media,
        place=place,
    )


def _read_meaning(kind: str, place: str) -> Meaning:
    prefix, _, rest = kind.partition(":")
    if prefix == "ignored" and _REASON.fullmatch(rest):
        return Meaning(ignored=rest)
    if prefix == "amend" and rest in _AMENDMENTS:
        return Meaning(amends=AmendmentKind(rest))
    if kind in _USES:
        return Meaning(use=Use(kind))
    if kind in _KINDS:
        return Meaning(kind=MentionKind(kind))
    raise CatalogueError(
        f"{place}: kind `{kind}` is no kind of mention, `message`, `ignored:REASON` or `amend:deleted`"
    )


def _refuse_wrong_slots(pattern: str, place: str) -> None:
    for name in slots_of(pattern):
        if name not in _SLOTS:
            raise CatalogueError(f"{place}: unknown slot {{{name}}}; known are {', '.join(sorted(_SLOTS))}")
    if "}{" in pattern:
        raise CatalogueError(f"{place}: two slots need words between them")
    if not _SLOT.sub("", pattern).strip():
        raise CatalogueError(f"{place}: a pattern of slots alone matches everything")


def _refuse_repeated_names(entries: tuple[Entry, ...]) -> None:
    seen: dict[str, Entry] = {}
    for entry in entries:
        if entry.name in seen:
            raise CatalogueError(f"{entry.place}: id `{entry.name}` stands already at {seen[entry.name].place}")
        seen[entry.name] = entry
