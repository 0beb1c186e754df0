"""What the parsers can read: which kinds, in which languages, known from what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from veilleur.parsers import tiktok, whatsapp
from veilleur.parsers.catalogue import Catalogue, Evidence, Meaning
from veilleur.parsers.catalogue_loading import load_catalogues
from veilleur.parsers.tiktok import TikTokParser
from veilleur.parsers.whatsapp import WhatsAppParser

_WORDED: Final = ((tiktok.CATALOGUE, TikTokParser), (whatsapp.CATALOGUE, WhatsAppParser))


class KnownWordings(Struct, frozen=True):
    """The wordings of one kind that one kind of evidence speaks for; `kind` is written as catalogues write it."""

    parser: str
    parser_version: int
    kind: str
    evidence: Evidence
    wordings: int
    languages: tuple[str, ...]


def inventory(user_catalogues: Path | None) -> Iterator[KnownWordings]:
    """Yield what each parser's catalogues hold, a user's over the built-in ones; raises CatalogueError."""
    for app, parser in _WORDED:
        for (kind, evidence), counts in sorted(_counted(load_catalogues(app, user_catalogues)).items()):
            yield KnownWordings(
                parser.name, parser.version, kind, evidence, sum(counts.values()), tuple(sorted(counts, key=str.lower))
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
