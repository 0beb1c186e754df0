"""What the parsers can read with this data folder's catalogues."""

from __future__ import annotations

from collections.abc import Iterator

from veilleur.app.settings import Settings
from veilleur.parsers.inventory import KnownWordings, inventory


def known_wordings(settings: Settings) -> Iterator[KnownWordings]:
    """Yield kinds, languages and evidence of each parser; raises CatalogueError."""
    return inventory(settings.catalogues_dir)
