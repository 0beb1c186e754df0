"""An ordinary app as data: what it is and what its channels tell, read from `APP/app.toml` beside its wordings."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from veilleur.model.errors import CatalogueError
from veilleur.model.kinds import MentionKind
from veilleur.parsers.catalogue import Evidence, Meaning, Slot, read_meaning
from veilleur.parsers.catalogue_loading import APP_FILE, BUILT_IN
from veilleur.parsers.linear import is_expression
from veilleur_bridge.envelope import Notification

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
_PACKAGE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)+")
ANY: Final = "*"
_LINKS: Final = ("https://", "http://")


class Reader(StrEnum):
    """How an app's notifications are read: as pushes (a title and a text), as threads, as mails, or as they are."""

    PUSH = "push"
    CONVERSATION = "conversation"
    MAIL = "mail"
    ANYTHING = "anything"


class NamePlace(StrEnum):
    """Where a notification of a channel names the account; the other of the two holds the words."""

    TITLE = "title"
    TEXT = "text"


class WordsAre(StrEnum):
    """What unknown words under a name are in a channel."""

    BODY = Slot.BODY.value
    TARGET = Slot.TARGET.value


class ChannelReading(Struct, frozen=True, kw_only=True):
    """What a channel tells before a word is read: a kind, or with `noise` that all of it is ignored.

    A channel without a kind believes the kinds of `also` alone. `ignored` None stands for every reason. `private` where
    nothing of it can be seen by everybody.
    """

    id: str
    kind: MentionKind | None
    noise: str | None
    also: frozenset[MentionKind]
    ignored: frozenset[str] | None
    words: WordsAre | None
    name: NamePlace
    evidence: Evidence
    private: bool = False

    def accepts(self, meaning: Meaning) -> bool:
        """Whether a wording of this meaning is believed in this channel."""
        if meaning.ignored is not None:
            return self.ignored is None or meaning.ignored in self.ignored
        return meaning.kind is not None and (meaning.kind is self.kind or meaning.kind in self.also)


class Channels(Struct, frozen=True):
    """Channels by id; an id that begins or ends with `*` stands for many, and is asked after the exact ones."""

    exact: Mapping[str, ChannelReading]
    wild: Sequence[ChannelReading]

    def find(self, channel_id: str | None, suffix: str | None = None) -> ChannelReading | None:
        """Return what a channel tells; None for an unknown one and for none at all."""
        if channel_id is None:
            return None
        base = channel_id.partition(suffix)[0] if suffix else channel_id
        found = self.exact.get(base)
        return found or next((one for one in self.wild if _is_of(one.id, base)), None)


class SourceApp(Struct, frozen=True, kw_only=True):
    """One ordinary app; `name` is its folder's, `verified` says what is known from real records and what is supposed.

    `handle` is an expression of a whole shown name, its one group the handle; `profile` and `search` are addresses with
    `{handle}`, with `{name}` or, where a place matters more than a person, `{target}`. `category_extra` names an extra
    that is finer than the channel, told by `categories`. `without_text` is what a record without a text means in no
    known channel; `private` are kinds that not everybody can see in this app, beside those that nobody else ever sees.
    """

    name: str
    version: int
    platform: str
    packages: frozenset[str]
    reader: Reader
    channels: Channels
    categories: Channels
    channel_suffix: str | None
    category_extra: str | None
    headings: tuple[str, ...]
    titles_tell: bool
    handle: str | None
    profile: str | None
    search: str | None
    verified: str | None
    without_text: Meaning | None = None
    private: frozenset[MentionKind] = frozenset()

    def reading_of(self, notification: Notification) -> ChannelReading | None:
        """Return what the notification's category tells, else its channel; None for unknown ones."""
        finer = self.categories.find(self._category(notification.extras)) if self.category_extra else None
        return finer or self.channels.find(notification.channel, self.channel_suffix)

    def _category(self, extras: Mapping[str, Any] | None) -> str | None:
        """Return the finer category among the extras; apps put their own package before its name, or do not."""
        named = (value for name, value in (extras or {}).items() if _is_of(self.category_extra or "", name))
        return next((value for value in named if isinstance(value, str)), None)


class _ChannelTable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    id: str
    evidence: Evidence
    kind: str | None = None
    also: frozenset[MentionKind] = frozenset()
    ignored: frozenset[str] | None = None
    words: WordsAre | None = None
    name: NamePlace = NamePlace.TITLE
    private: bool = False


class _AppFile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    version: int
    platform: str
    packages: frozenset[str]
    reads: Reader = Reader.PUSH
    channel: list[dict[str, Any]] = []
    category: list[dict[str, Any]] = []
    channel_suffix: str | None = None
    category_extra: str | None = None
    headings: tuple[str, ...] = ()
    titles_tell: bool = False
    private: frozenset[MentionKind] = frozenset()
    handle: str | None = None
    profile: str | None = None
    search: str | None = None
    verified: str | None = None
    without_text: str | None = None


def is_package(name: str) -> bool:
    """Whether a name has the form of an Android package, which no path has."""
    return _PACKAGE.fullmatch(name) is not None


def source_apps(user_folder: Path | None = None) -> list[SourceApp]:
    """Return the ordinary apps that ship and a user's own, by name; a user's takes the place of one of its name.

    Raises CatalogueError.
    """
    found: dict[str, SourceApp] = {}
    for folder in (BUILT_IN, user_folder):
        if folder is not None:
            found |= {path.parent.name: load_source_app(path) for path in sorted(folder.glob(f"*/{APP_FILE}"))}
    return sorted(found.values(), key=lambda app: app.name)


def load_source_app(path: Path) -> SourceApp:
    """Read one `APP/app.toml`; raises CatalogueError with the file and the reason."""
    try:
        file = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _AppFile)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise CatalogueError(f"{path}: {error}") from error
    _refuse_wrong(file, path)
    return SourceApp(
        name=path.parent.name,
        version=file.version,
        platform=file.platform,
        packages=file.packages,
        reader=file.reads,
        channels=_channels(file.channel, f"{path}: channel"),
        categories=_channels(file.category, f"{path}: category"),
        channel_suffix=file.channel_suffix,
        category_extra=file.category_extra,
        headings=file.headings,
        titles_tell=file.titles_tell,
        handle=file.handle,
        profile=file.profile,
        search=file.search,
        verified=file.verified,
        private=file.private,
        without_text=_told(file.without_text, f"{path}: without_text"),
    )


def _refuse_wrong(file: _AppFile, path: Path) -> None:
    if file.version < 1:
        raise CatalogueError(f"{path}: version counts from 1")
    if not _NAME.fullmatch(file.platform):
        raise CatalogueError(f"{path}: platform `{file.platform}` is no name: small letters, digits and _, at most 32")
    if not file.packages:
        raise CatalogueError(f"{path}: name at least one package")
    for package in sorted(file.packages):
        if not is_package(package):
            raise CatalogueError(f"{path}: `{package}` is no package; write it as org.example.app")
    if file.handle is not None and not is_expression(file.handle):
        raise CatalogueError(f"{path}: handle `{file.handle}` is no expression that re2 takes")
    for link in filter(None, (file.profile, file.search)):
        if not link.startswith(_LINKS):
            raise CatalogueError(f"{path}: `{link}` is no web address")


def _channels(tables: Sequence[Mapping[str, Any]], place: str) -> Channels:
    readings = [_reading(table, f"{place} {number}") for number, table in enumerate(tables, 1)]
    exact: dict[str, ChannelReading] = {}
    for one in readings:
        if exact.setdefault(one.id, one) is not one:
            raise CatalogueError(f"{place} `{one.id}` stands twice")
    wild = tuple(one for one in readings if one.id.startswith(ANY) or one.id.endswith(ANY))
    return Channels(exact, wild)


def _reading(table: Mapping[str, Any], place: str) -> ChannelReading:
    try:
        fields = msgspec.convert(table, _ChannelTable)
    except msgspec.ValidationError as error:
        raise CatalogueError(f"{place}: {error}") from error
    meaning = _told(fields.kind, place) or Meaning()
    if fields.kind is None and not fields.also:
        raise CatalogueError(
            f"{place}: name the `kind` that it tells, or with `also` the kinds that words may tell in it"
        )
    return ChannelReading(
        id=fields.id,
        kind=meaning.kind,
        noise=meaning.ignored,
        also=fields.also,
        ignored=fields.ignored,
        words=fields.words,
        name=fields.name,
        evidence=fields.evidence,
        private=fields.private,
    )


def _told(kind: str | None, place: str) -> Meaning | None:
    if kind is None:
        return None
    meaning = read_meaning(kind, place)
    if meaning.kind is None and meaning.ignored is None:
        raise CatalogueError(f"{place}: kind `{kind}` is no kind of mention and no `ignored:REASON`")
    return meaning


def _is_of(pattern: str, channel_id: str) -> bool:
    if ANY not in pattern:
        return pattern == channel_id
    if pattern.startswith(ANY) and pattern.endswith(ANY):
        return pattern.strip(ANY) in channel_id
    if pattern.startswith(ANY):
        return channel_id.endswith(pattern[1:])
    return channel_id.startswith(pattern[:-1])
