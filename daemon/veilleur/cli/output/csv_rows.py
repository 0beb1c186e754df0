"""Records as CSV (RFC 4180, UTF-8) that a spreadsheet shows and never calculates.

A cell that begins with = + - @ (also full-width), a tab, a line end or an apostrophe gets one apostrophe in front:
take one leading apostrophe away to have the exact text back. An empty cell is unknown, lists are separated by
spaces, a nested field is `actor_name`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

from veilleur.cli.output.visible import escaped
from veilleur.exports.neutral import neutral


def write_csv(columns: Sequence[str], records: Iterable[Mapping[str, Any]], out: TextIO) -> None:
    """Write a header and one row for each record; on a terminal, controls are shown as escapes."""
    is_terminal = out.isatty()
    writer = csv.writer(out)
    writer.writerow(columns)
    for fields in records:
        flat = _flat(fields)
        writer.writerow([_cell(flat.get(column), is_terminal=is_terminal) for column in columns])


def _flat(fields: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(value, dict):
            flat |= {f"{name}_{inner}": part for inner, part in value.items()}
        else:
            flat[name] = value
    return flat


def _cell(value: object, *, is_terminal: bool) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case list() | tuple():
            text = " ".join(value)
        case _:
            text = str(value)
    safe = neutral(text)
    return escaped(safe) if is_terminal else safe
