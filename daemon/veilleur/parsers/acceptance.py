"""Which proposals a catalogue takes together: what is refused once it is accepted is never proposed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from msgspec import structs

from veilleur.model.errors import CatalogueError
from veilleur.parsers.catalogue import Catalogue, Entry, Evidence, read_meaning
from veilleur.parsers.catalogue_checks import check_catalogue
from veilleur.parsers.proposals import Proposal

Catalogues = Mapping[str, Mapping[str, Catalogue]]


def acceptable(proposals: Sequence[Proposal], catalogues: Catalogues) -> list[Proposal]:
    """Return the proposals that may be accepted all at once; of two that shut each other out, the one given first."""
    by_file: dict[tuple[str, str], list[Proposal]] = defaultdict(list)
    for one in proposals:
        by_file[one.app, one.language].append(one)
    taken = {
        (one.app, one.name)
        for (app, language), group in by_file.items()
        for one in _taken(group, catalogues.get(app, {}).get(language) or Catalogue(language, ()))
    }
    return [one for one in proposals if (one.app, one.name) in taken]


def _taken(proposals: Sequence[Proposal], catalogue: Catalogue) -> Iterator[Proposal]:
    extended = _with(catalogue, proposals)
    if _is_sound(extended):
        yield from proposals
        return
    for one in proposals:
        extended = _with(catalogue, [one])
        if _is_sound(extended):
            catalogue = extended
            yield one


def _with(catalogue: Catalogue, proposals: Sequence[Proposal]) -> Catalogue:
    return structs.replace(catalogue, entries=(*catalogue.entries, *map(_entry, proposals)))


def _entry(one: Proposal) -> Entry:
    return Entry(
        name=one.name,
        language=one.language,
        pattern=one.pattern,
        meaning=read_meaning(one.kind, one.name),
        example=one.example,
        evidence=Evidence.SEEN,
        object=one.object,
        media=one.media,
        place=one.name,
    )


def _is_sound(catalogue: Catalogue) -> bool:
    try:
        check_catalogue(catalogue)
    except CatalogueError:
        return False
    return True
