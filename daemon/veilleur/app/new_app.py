"""Wires `veilleur parsers new` and `allow`: an app that nobody read becomes a folder of the user's catalogues."""

from __future__ import annotations

import json
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from msgspec import Struct, structs

from veilleur.app.candidate_catalogues import candidate, read_again, replace_text, take_catalogues, try_catalogues
from veilleur.app.opening import open_store
from veilleur.app.patterns import additions_of
from veilleur.app.plugins.installed import installed_plugins
from veilleur.app.settings import Settings
from veilleur.ingest.rereading import MentionDifference, Progress, ReparseSummary
from veilleur.ingest.unknown_wordings import NumberedEnvelope, UnknownWordings
from veilleur.model.errors import CatalogueError
from veilleur.model.kinds import MentionKind, Platform
from veilleur.parsers.catalogue import Catalogue, Entry
from veilleur.parsers.catalogue_loading import APP_FILE, load_catalogues
from veilleur.parsers.golden_case import case_of
from veilleur.parsers.proposals import Proposal, UnknownText, propose
from veilleur.parsers.registry import builtin_parsers
from veilleur.parsers.source_app import Reader, is_package, load_source_app, source_apps
from veilleur.store.rereading import Which
from veilleur.store.unknown_rows import newest_of_package
from veilleur_bridge.codec import Codec
from veilleur_bridge.envelope import Envelope, Notification

_MOST_ROWS: Final = 5_000
_CASES_FILE: Final = "cases.jsonl"
_LEAST_TITLES: Final = 3
_EXAMPLE_KEY: Final = "0|example|1|null|10000"
_OWN: Final = "# Wordings as they were captured: look at each kind before you trust it.\n\n"
_quoted = partial(json.dumps, ensure_ascii=False)
_MESSAGES: Final = frozenset(
    {MentionKind.DIRECT_MESSAGE, MentionKind.GROUP_MESSAGE, MentionKind.MESSAGE_REQUEST, MentionKind.GROUP_EVENT}
)
_TO_CHOOSE: Final = frozenset({MentionKind.OTHER.value})
_NEW: Final = """# {package}, found in {count} notifications (`veilleur parsers new`). It is yours to change.
# `reads` is "push" (a title and a text; threads of messages as well), "conversation" (a messenger) or "anything".
# A channel tells the kind where its words are unknown; `also` names further kinds that words may tell in it.
# Mentions of the kinds in `private` need `read:private`: take out those that everybody can see in the app.

version = 1
platform = {platform}
packages = [{quoted}]
reads = "push"
headings = [{headings}]
private = [
{private}
]
verified = "Only what this installation captured."
"""
_CHANNEL: Final = """
[[channel]]
id = {id}
kind = {kind}
evidence = "inferred"
"""
_ALLOWED: Final = """# {package} is read as it is (`veilleur parsers allow`): threads as messages, all else as `other`.

version = 1
platform = "{platform}"
packages = ["{package}"]
reads = "anything"
"""


class AppDraft(Struct, frozen=True):
    """A folder of catalogues for one app: its files by name, and what stands in them."""

    package: str
    files: dict[str, str]
    proposals: tuple[Proposal, ...] = ()
    notifications: int = 0


def draft_app(settings: Settings, package: str) -> AppDraft:
    """Return what could be read of an app, from what was captured of it; all of it is private.

    The kinds are those of the wordings that other apps use for nearly the same. Raises CatalogueError where nothing was
    captured, and where the app is described already or a plug-in's.
    """
    _refuse_unfit(package)
    _refuse_described(settings, package)
    envelopes = _captured(settings, package)
    headings = _headings(one for _, one in envelopes)
    bare = AppDraft(package, {APP_FILE: _new_app(package, len(envelopes), headings, {})})
    with candidate(settings, partial(_write, draft=bare)) as folder:
        own = {"any": Catalogue("any", (), headings)}
        found = UnknownWordings(Codec(), builtin_parsers(folder), {package: own}).gather(envelopes)
    proposed = propose(found.texts, {package: _known(settings)}, found.names)
    files = {APP_FILE: _new_app(package, len(envelopes), headings, _channel_kinds(proposed, envelopes))}
    proposals = tuple(_wordings_among(proposed, found.texts))
    files |= {f"{language}.toml": _OWN + text for (_, language), text in additions_of(proposals).items()}
    return _with_cases(settings, AppDraft(package, files, proposals, len(envelopes)), envelopes)


def allow_app(settings: Settings, package: str) -> AppDraft:
    """Return the folder of an app that is read as it is.

    Raises CatalogueError where it is described already or a plug-in's.
    """
    _refuse_unfit(package)
    if (settings.catalogues_dir / package / APP_FILE).exists():
        raise CatalogueError(f"{package} stands in your catalogues already: {settings.catalogues_dir / package}")
    return AppDraft(package, {APP_FILE: _allowed(package)})


def try_app(settings: Settings, draft: AppDraft, on_progress: Progress) -> Iterator[MentionDifference]:
    """Yield what would be read of the past with a draft; nothing is stored."""
    return try_catalogues(settings, partial(_write, draft=draft), on_progress)


def add_app(settings: Settings, draft: AppDraft, on_progress: Progress) -> ReparseSummary:
    """Add an app to the user's catalogues, and read the past again: all of it, where the app was read before."""
    is_known = (settings.catalogues_dir / draft.package / APP_FILE).exists()
    take_catalogues(settings, partial(_write, draft=draft))
    return read_again(settings, Which.EVERY if is_known else Which.UNKNOWN, on_progress)


def disallow_app(settings: Settings, package: str, on_progress: Progress) -> ReparseSummary:
    """Take back that an app is read as it is, and all that was read of it; raises CatalogueError where it is not."""
    _refuse_no_package(package)
    path = settings.catalogues_dir / package / APP_FILE
    if not path.exists() or load_source_app(path).reader is not Reader.ANYTHING:
        raise CatalogueError(f"{package} is not read as it is: `veilleur parsers` lists what is read")
    path.unlink()
    return read_again(settings, Which.EVERY, on_progress)


def _refuse_no_package(package: str) -> None:
    if not is_package(package):
        raise CatalogueError(f"`{package}` is no package; write it as org.example.app")


def _refuse_unfit(package: str) -> None:
    """Refuse what is no package, and one that a plug-in reads: two parsers of one package stop the reading."""
    _refuse_no_package(package)
    for plugin in installed_plugins():
        if package in plugin.packages:
            raise CatalogueError(f"{package} is read by the plug-in {plugin.distribution}; uninstall it first")


def _refuse_described(settings: Settings, package: str) -> None:
    """Refuse a folder in which more stands than `allow` wrote: it is somebody's work."""
    folder = settings.catalogues_dir / package
    names = {path.name for path in folder.glob("*")}
    is_allowed = names == {APP_FILE} and (folder / APP_FILE).read_bytes() == _allowed(package).encode()
    if names and not is_allowed:
        raise CatalogueError(
            f"{package} stands in your catalogues already: change its files in {folder}, or move that folder away to"
            " have the app described anew"
        )


def _allowed(package: str) -> str:
    return _ALLOWED.format(package=package, platform=Platform.OTHER)


def _captured(settings: Settings, package: str) -> list[NumberedEnvelope]:
    with closing(open_store(settings)) as database:
        rows = newest_of_package(database, package, limit=_MOST_ROWS)
    envelopes = list(UnknownWordings(Codec(), builtin_parsers(), {}).decoded(rows))
    if not envelopes:
        raise CatalogueError(
            f"nothing of {package} was captured yet: allow it on the tablet (`veilleur device config set`), and let it"
            " show a few notifications"
        )
    return envelopes


def _write(folder: Path, *, draft: AppDraft) -> None:
    for name, text in draft.files.items():
        replace_text(folder / draft.package / name, text)


def _new_app(package: str, count: int, headings: Iterable[str], channels: Mapping[str, str]) -> str:
    return _NEW.format(
        package=package,
        count=f"{count:,}",
        platform=_quoted(_platform(package)),
        quoted=_quoted(package),
        headings=", ".join(map(_quoted, headings)),
        private=textwrap.indent(textwrap.fill(", ".join(map(_quoted, MentionKind)), 100), "  "),
    ) + "".join(_CHANNEL.format(id=_quoted(channel), kind=_quoted(kind)) for channel, kind in sorted(channels.items()))


def _platform(package: str) -> str:
    last = "".join(letter if letter.isalnum() else "_" for letter in package.rpartition(".")[2].lower())
    return last[:32] if last[:1].isalpha() and last.isascii() else Platform.OTHER.value


def _known(settings: Settings) -> dict[str, Catalogue]:
    """Return by language what all apps are known to say: a new one says it nearly alike."""
    entries: dict[str, list[Entry]] = defaultdict(list)
    for app in source_apps():
        for language, catalogue in load_catalogues(app.name, settings.catalogues_dir).items():
            entries[language] += [entry for entry in catalogue.entries if _is_public(entry)]
    return {language: Catalogue(language, tuple(found)) for language, found in entries.items()}


def _is_public(entry: Entry) -> bool:
    """Whether a wording tells of something that people do in the open; messages come as threads, not as wordings."""
    return entry.meaning.kind is not None and entry.meaning.kind not in _MESSAGES


def _headings(envelopes: Iterable[Envelope]) -> tuple[str, ...]:
    """Return the titles that stand over so much that they can name nobody."""
    titles = Counter(shown.title for one in envelopes if (shown := one.notification) and not shown.messages)
    least = max(_LEAST_TITLES, sum(titles.values()) / 2)
    return tuple(title for title, count in titles.items() if title and count >= least)


def _wordings_among(proposals: Iterable[Proposal], texts: Iterable[UnknownText]) -> Iterator[Proposal]:
    """Leave out what was said once and is like no known wording: it may be what somebody wrote."""
    said = {one.notification_id: one.text for one in texts}
    for proposal in proposals:
        if proposal.like is not None or len({said[number] for number in proposal.notification_ids}) > 1:
            yield proposal


def _channel_kinds(proposals: Sequence[Proposal], envelopes: Sequence[NumberedEnvelope]) -> dict[str, str]:
    """Return the channels in which all that was seen says the same."""
    channels = {number: one.notification.channel for number, one in envelopes if one.notification}
    kinds: dict[str, set[str]] = defaultdict(set)
    for proposal in proposals:
        for number in proposal.notification_ids:
            if (channel := channels.get(number)) is not None:
                kinds[channel].add(proposal.kind)
    alike = {channel: next(iter(told)) for channel, told in kinds.items() if len(told) == 1}
    return {channel: kind for channel, kind in alike.items() if kind not in _TO_CHOOSE}


def _with_cases(settings: Settings, draft: AppDraft, envelopes: Sequence[NumberedEnvelope]) -> AppDraft:
    """Return the draft with a golden case for each pattern: its example, which names nobody real, as it is read."""
    shown = dict(envelopes)
    with candidate(settings, partial(_write, draft=draft)) as folder:
        parsers = builtin_parsers(folder)
        examples = [(one.name, _example(shown[one.notification_ids[0]], one)) for one in draft.proposals]
        cases = [case_of(name, example, parsers.read(example).outcome) for name, example in examples]
    lines = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases)
    return structs.replace(draft, files=draft.files | {_CASES_FILE: lines})


def _example(envelope: Envelope, proposal: Proposal) -> Envelope:
    channel = envelope.notification.channel if envelope.notification else None
    return replace(envelope, notification=Notification(_EXAMPLE_KEY, channel=channel, text=proposal.example))
