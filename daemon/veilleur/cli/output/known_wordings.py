"""How the wordings that the parsers know are listed: for each app, kinds by languages by evidence."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from rich.console import Group
from rich.table import Table
from rich.text import Text

from veilleur.cli.output.listing import Listing
from veilleur.cli.output.tables import bare_table, cell

if TYPE_CHECKING:
    from veilleur.parsers.inventory import KnownWordings

_COLUMNS: Final = ("parser", "parser_version", "kind", "evidence", "wordings", "languages")
_EVIDENCE: Final = ("own resources", "seen", "inferred")
_NO_LANGUAGE: Final = "any"


def _fields(known: KnownWordings) -> dict[str, Any]:
    return {name: getattr(known, name) for name in _COLUMNS}


def _tables(known: Sequence[KnownWordings], _zone: tzinfo, _width: int) -> Group:
    by_parser = groupby(known, lambda one: (one.parser, one.parser_version))
    return Group(*(_table(parser, version, list(rows)) for (parser, version), rows in by_parser))


def _table(parser: str, version: int, known: Sequence[KnownWordings]) -> Table:
    every = {language for one in known for language in one.languages} - {_NO_LANGUAGE}
    table = bare_table()
    table.title = Text(f"\n{parser} {version}, {len(every)} languages: {' '.join(_sorted(every))}", style="bold")
    table.title_justify = "left"
    table.add_column("Kind", no_wrap=True)
    table.add_column("Wordings", justify="right")
    for evidence in _EVIDENCE:
        table.add_column(evidence.capitalize(), overflow="fold")
    for kind, rows in groupby(known, lambda one: one.kind):
        of_kind = {one.evidence.value: one for one in rows}
        wordings = sum(one.wordings for one in of_kind.values())
        known_in = (of_kind[one].languages if one in of_kind else () for one in _EVIDENCE)
        table.add_row(cell(kind), f"{wordings:,}", *(cell(_said(languages, every)) for languages in known_in))
    return table


def _said(languages: Iterable[str], every: set[str]) -> str | None:
    """Return the languages, those that lack where they are fewer."""
    known = set(languages)
    missing = every - known
    if not known:
        return None
    if len(missing) >= len(known - {_NO_LANGUAGE}):
        return " ".join(_sorted(known))
    rest = f"all but {' '.join(_sorted(missing))}" if missing else f"all {len(every)}"
    return f"{rest}, {_NO_LANGUAGE}" if _NO_LANGUAGE in known else rest


def _sorted(languages: Iterable[str]) -> list[str]:
    return sorted(languages, key=str.lower)


LISTING: Final = Listing("parsers", _fields, _COLUMNS, _tables, rows_in_table=sys.maxsize)
