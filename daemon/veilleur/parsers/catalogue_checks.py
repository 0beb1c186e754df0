"""What is checked of an app's catalogues as a whole: each pattern can be reached, and its example is read by it."""

from __future__ import annotations

from collections.abc import Iterable

from veilleur.model.errors import CatalogueError
from veilleur.parsers.catalogue import Catalogue, Entry
from veilleur.parsers.languages import LanguageOrder
from veilleur.parsers.plaintext import make_plain
from veilleur.parsers.wording_forms import ActorPlace, fixed_words
from veilleur.parsers.wordings import Matcher


def check_catalogue(catalogue: Catalogue) -> None:
    """Raise CatalogueError for two patterns of the same words, and an example that its own pattern does not read."""
    _refuse_same_words(catalogue.entries)
    matcher = Matcher({catalogue.language: catalogue}, ActorPlace.IN_TEXT)
    ranks = LanguageOrder([catalogue.language]).ranks(None)
    for entry in catalogue.entries:
        example = make_plain(entry.example)
        candidates = matcher.candidates(example)
        found = matcher.best_of(candidates, example, ranks, lambda _meaning: True, _a_version_of(entry))
        if found is None:
            raise CatalogueError(f"{entry.place}: the example does not match the pattern")
        if found.entry is not entry:
            raise CatalogueError(
                f"{entry.place}: the example is read by `{found.entry.name}` ({found.entry.place});"
                " write a pattern with more of its fixed words, or take one of the two out"
            )


def _refuse_same_words(entries: Iterable[Entry]) -> None:
    """Two patterns may share their words only where their versions of the app differ."""
    seen: dict[tuple[object, ...], Entry] = {}
    for entry in entries:
        words = (fixed_words(make_plain(entry.pattern).text), entry.versions)
        other = seen.setdefault(words, entry)
        if other is not entry:
            raise CatalogueError(
                f"{entry.place}: the words of `{entry.name}` are those of `{other.name}` ({other.place}), which is read"
                " first: nothing ever reaches this one"
            )


def _a_version_of(entry: Entry) -> str | None:
    bound = entry.versions.since or entry.versions.until
    return ".".join(map(str, bound)) if bound else None
