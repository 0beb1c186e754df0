"""Which plug-ins are installed, told by their metadata alone: nothing of them is imported here."""

from __future__ import annotations

from collections import defaultdict
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from msgspec import Struct

from veilleur.model.errors import ParserConflict
from veilleur.parsers.protocol import PLUGIN_GROUP

_UNKNOWN: Final = "unknown"


class Plugin(Struct, frozen=True, order=True):
    """One parser of an installed distribution; `target` is where it stands (`module:attribute`)."""

    distribution: str
    version: str
    target: str
    packages: frozenset[str]


def installed_plugins() -> tuple[Plugin, ...]:
    """Return the plug-ins of this Python's environment; raises ParserConflict where two of them read one package."""
    packages: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    owners: dict[str, tuple[str, str, str]] = {}
    for point in entry_points(group=PLUGIN_GROUP):
        owner = _owner(point)
        other = owners.setdefault(point.name, owner)
        if other != owner:
            raise ParserConflict(f"two plug-ins read {point.name}: {other[0]} and {owner[0]}; uninstall one of them")
        packages[owner].add(point.name)
    return tuple(sorted(Plugin(*owner, frozenset(read)) for owner, read in packages.items()))


def _owner(point: EntryPoint) -> tuple[str, str, str]:
    return (point.dist.name if point.dist else _UNKNOWN, point.dist.version if point.dist else "", point.value)
