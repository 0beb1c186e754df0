"""What the parsers can read: which kinds, in which languages, known from what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from veilleur.parsers.catalogue import Catalogue, Evidence, Meaning
from veilleur.parsers.catalogue_loading import APP_FILE, load_catalogues
from veilleur.parsers.conversation_record import MessagingApp
from veilleur.parsers.registry import MESSAGING_APPS
from veilleur.parsers.source_app import SourceApp, source_apps

BUILT_IN_APP: Final = "built in"
YOUR_OWN: Final = "your own"
READS: Final = "reads"


class KnownWordings(Struct, frozen=True):
    """The wordings of one kind that one kind of evidence speaks for; `kind` is written as catalogues write it."""

    parser: str
    parser_version: int
    kind: str
    evidence: Evidence
    wordings: int
    languages: tuple[str, ...]


class KnownApp(Struct, frozen=True, kw_only=True):
    """One app that is read: how many of its wordings each kind of evidence speaks for, and in how many languages.

    `verified` says in words what is known from real records, None where nobody said.
    """

    parser: str
    parser_version: str
    platform: str
    origin: str
    state: str
    packages: tuple[str, ...]
    own_resources: int
    seen: int
    inferred: int
    languages: int
    verified: str | None


def known_apps(user_catalogues: Path | None) -> Iterator[KnownApp]:
    """Yield each app that is described, by name, a user's own among them; raises CatalogueError."""
    own = user_catalogues or Path()
    apps: list[SourceApp | MessagingApp] = [*source_apps(user_catalogues), *MESSAGING_APPS]
    for app in sorted(apps, key=lambda app: app.name):
        counted = _counted(load_catalogues(app.name, user_catalogues))
        counts = dict.fromkeys(Evidence, 0)
        for (_, evidence), by_language in counted.items():
            counts[evidence] += sum(by_language.values())
        is_own = user_catalogues is not None and (own / app.name / APP_FILE).exists()
        yield KnownApp(
            parser=app.name,
            parser_version=str(app.version),
            platform=app.platform,
            origin=YOUR_OWN if is_own else BUILT_IN_APP,
            state=READS,
            packages=tuple(sorted(app.packages)),
            own_resources=counts[Evidence.OWN_RESOURCES],
            seen=counts[Evidence.SEEN],
            inferred=counts[Evidence.INFERRED],
            languages=len({language for one in counted.values() for language in one}),
            verified=app.verified,
        )


def inventory(user_catalogues: Path | None) -> Iterator[KnownWordings]:
    """Yield what each parser's catalogues hold, a user's over the built-in ones; raises CatalogueError."""
    described = ((app.name, app.version) for app in source_apps(user_catalogues))
    for app, version in (*described, *((app.name, app.version) for app in MESSAGING_APPS)):
        for (kind, evidence), counts in sorted(_counted(load_catalogues(app, user_catalogues)).items()):
            yield KnownWordings(
                app, version, kind, evidence, sum(counts.values()), tuple(sorted(counts, key=str.lower))
            )


def _counted(catalogues: dict[str, Catalogue]) -> dict[tuple[str, Evidence], dict[str, int]]:
    counted: dict[tuple[str, Evidence], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for language, catalogue in catalogues.items():
        for entry in catalogue.entries:
            counted[_written(entry.meaning), entry.evidence][language] += 1
    return counted


def _written(meaning: Meaning) -> str:
    if meaning.ignored is not None:
        return f"ignored:{meaning.ignored}"
    return f"amend:{meaning.amends}" if meaning.amends else str(meaning.kind or meaning.use)
