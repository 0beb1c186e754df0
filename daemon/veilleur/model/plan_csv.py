"""The watch plan as CSV: out with `,`; in with `,` or `;` and with Excel's mark at the beginning."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from veilleur.model.errors import PlanError
from veilleur.model.plan import MOST_ENTRIES, PlanEntry, PlanKind, checked_entry

COLUMNS: Final = ("kind", "target", "platform", "device", "authorised_by", "ground", "note")
LARGEST_BYTES: Final = 2 * 1024 * 1024
_NEEDED: Final = frozenset({"kind", "target"})
_QUOTE: Final = "'"
_FORMULA_STARTS: Final = tuple("=+-@\t\r＝＋－＠'")


def read_plan(data: bytes) -> tuple[PlanEntry, ...]:
    """Return the entries of a file; raises PlanError naming the line and the column of the first that is wrong."""
    if len(data) > LARGEST_BYTES:
        raise PlanError(f"the file is larger than {LARGEST_BYTES // 1024 // 1024} MiB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlanError("the file is not UTF-8: in Excel save it as “CSV UTF-8”") from error
    head = text.partition("\n")[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return tuple(_entries(rows))
    except csv.Error as error:
        message = f"line {rows.line_num}: a quotation mark is not closed, or stands in the middle of a cell ({error})"
        raise PlanError(message) from error


def write_plan(entries: Iterable[PlanEntry]) -> str:
    """Return the file that `read_plan` reads back, one that a spreadsheet shows and never calculates."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for entry in entries:
        writer.writerow([_safe(getattr(entry, column)) for column in COLUMNS])
    return out.getvalue()


def _entries(rows: Iterator[list[str]]) -> Iterator[PlanEntry]:
    header = [name.strip().lower() for name in next(rows, [])]
    unknown = [name for name in header if name not in COLUMNS]
    if unknown or _NEEDED.difference(header):
        named = f"no column is called {unknown[0]!r}" if unknown else "kind and target are needed"
        raise PlanError(f"line 1: {named}; the columns are {', '.join(COLUMNS)}")
    seen: dict[tuple[object, ...], int] = {}
    for number, cells in enumerate(rows, 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            raise PlanError(f"line {number}, column {len(header) + 1}: a cell too many")
        values = {name: _plain(cell) for name, cell in zip(header, cells, strict=False)}
        entry = _entry(number, header, values)
        key = (entry.kind, entry.target, entry.platform, entry.device)
        if key in seen:
            raise PlanError(f"line {number}: the same entry as in line {seen[key]}")
        seen[key] = number
        if len(seen) > MOST_ENTRIES:
            raise PlanError(f"line {number}: a plan has at most {MOST_ENTRIES:,} entries")
        yield entry


def _entry(number: int, header: list[str], values: dict[str, str | None]) -> PlanEntry:
    kind = (values.get("kind") or "").lower()
    if kind not in set(PlanKind):
        place = header.index("kind") + 1
        raise PlanError(f"line {number}, column {place} (kind): write one of {', '.join(PlanKind)}")
    try:
        return checked_entry(
            PlanEntry(
                kind=PlanKind(kind),
                target=values.get("target") or "",
                platform=(values.get("platform") or "").lower(),
                device=values.get("device"),
                authorised_by=values.get("authorised_by"),
                ground=values.get("ground"),
                note=values.get("note"),
            )
        )
    except PlanError as error:
        name = str(error).partition(":")[0].partition(" ")[0]
        column = f", column {header.index(name) + 1}" if name in header else ""
        message = f"line {number}{column}: {error}"
        raise PlanError(message) from error


def _plain(cell: str) -> str | None:
    text = cell.strip()
    return (text[1:] if text.startswith(_QUOTE) and text[1:].startswith(_FORMULA_STARTS) else text) or None


def _safe(text: str | None) -> str:
    return "" if text is None else _QUOTE + text if text.startswith(_FORMULA_STARTS) else text
