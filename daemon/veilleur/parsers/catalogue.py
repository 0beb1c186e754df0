"""Pattern catalogues: the wordings of one app in one language, read from data files and checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from veilleur.model.errors import CatalogueError
from veilleur.model.kinds import AmendmentKind, MediaKind, MentionKind

_PATTERN_HEADER: Final = "[[pattern]]"
_SLOT: Final = re.compile(r"\{([^{}]*)\}")
_REASON: Final = re.compile(r"[a-z][a-z0-9_]*")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_VERSION: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})*")
_REMEMBERED_VERSIONS: Final = 256


class Slot(StrEnum):
    """What may stand in a pattern.

    `actors` is any of the catalogue's ways to name several people, `stars` a rating as written: "4-star", "★★★★☆".
    """

    ACTOR = "actor"
    ACTORS = "actors"
    OTHERS = "others"
    TARGET = "target"
    BODY = "body"
    COUNT = "count"
    DURATION = "duration"
    STARS = "stars"


class Evidence(StrEnum):
    """How the wording is known: read in the app's own resources, seen by somebody, or supposed."""

    OWN_RESOURCES = "own resources"
    SEEN = "seen"
    INFERRED = "inferred"


SURENESS: Final = {Evidence.OWN_RESOURCES: 0.9, Evidence.SEEN: 0.9, Evidence.INFERRED: 0.7}
"""How sure a mention is that a wording alone tells, by how the wording is known."""


class Use(StrEnum):
    """A meaning that is no kind of mention: a message of the thread's own kind, or the shape of a title."""

    MESSAGE = "message"
    TITLE = "title"


_SLOTS: Final = frozenset(map(str, Slot))
_USES: Final = frozenset(map(str, Use))
_KINDS: Final = frozenset(map(str, MentionKind))
# A wording tells of a deletion alone: an edit shows the new words and says nothing of itself.
_AMENDMENTS: Final = frozenset({AmendmentKind.DELETED.value})


class Meaning(Struct, frozen=True):
    """What a wording says: exactly one of the four is set."""

    kind: MentionKind | None = None
    use: Use | None = None
    ignored: str | None = None
    amends: AmendmentKind | None = None


class AppVersions(Struct, frozen=True):
    """The versions of the app that showed a wording, both ends included; `until` 43 includes 43.9."""

    since: tuple[int, ...] = ()
    until: tuple[int, ...] = ()

    def include(self, version: str | None) -> bool:
        """Whether the app may be one of them; an unknown version may."""
        if not self.since and not self.until:
            return True
        parts = _read_version(version or "")
        return not parts or (self.since <= parts and (not self.until or parts[: len(self.until)] <= self.until))


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
    versions: AppVersions = AppVersions()


class Catalogue(Struct, frozen=True):
    """The wordings of one app in one language.

    `headings` are titles that name nobody; `several` are the ways to name more than one person; `own_names` what the
    app calls the account of the tablet itself ("You").
    """

    language: str
    entries: tuple[Entry, ...]
    headings: tuple[str, ...] = ()
    several: tuple[str, ...] = ()
    own_names: tuple[str, ...] = ()


class _PatternTable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    id: str
    pattern: str
    kind: str
    example: str
    evidence: Evidence
    object: str | None = None
    media: MediaKind | None = None
    since: str | None = None
    until: str | None = None


class _CatalogueFile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    headings: tuple[str, ...] = ()
    several: tuple[str, ...] = ()
    own_names: tuple[str, ...] = ()
    pattern: list[dict[str, Any]] = []


def slots_of(pattern: str) -> tuple[str, ...]:
    """Return the names between braces, in order, known or not."""
    return tuple(_SLOT.findall(pattern))


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
    if not _LANGUAGE.fullmatch(language):
        raise CatalogueError(f"{path}: name the file after its language: en.toml, pt-BR.toml, any.toml")
    entries = tuple(_read_entry(table, language, place) for table, place in zip(file.pattern, places, strict=True))
    _refuse_repeated_names(entries)
    return Catalogue(language, entries, file.headings, file.several, file.own_names)


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
        meaning=read_meaning(fields.kind, place),
        example=fields.example,
        evidence=fields.evidence,
        object=fields.object,
        media=fields.media,
        place=place,
        versions=AppVersions(_read_bound(fields.since, place), _read_bound(fields.until, place)),
    )


def _read_bound(version: str | None, place: str) -> tuple[int, ...]:
    if version is None:
        return ()
    if not _VERSION.fullmatch(version):
        raise CatalogueError(f'{place}: `{version}` is no version of an app; write it as "43.1.4"')
    return _read_version(version)


@lru_cache(_REMEMBERED_VERSIONS)
def _read_version(version: str) -> tuple[int, ...]:
    """Return the numbers that a version begins with; none where it does not begin with one."""
    match = _VERSION.match(version)
    return tuple(map(int, match[0].split("."))) if match else ()


def read_meaning(kind: str, place: str) -> Meaning:
    """Return what a catalogue's `kind` stands for; raises CatalogueError."""
    """Return what a kind as catalogues write it says; raises CatalogueError, naming `place`."""
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
