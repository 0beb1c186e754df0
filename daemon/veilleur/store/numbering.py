"""Numbers messages without times among their equals: of one sender, wording and day, in the order they were shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection

from veilleur.store.chains import Refolded, Told
from veilleur.store.group_words import already_said, note_candidates
from veilleur.store.line_texts import LineText
from veilleur.store.said_keys import ids_in_line
from veilleur.store.thread_rows import (
    MessageRow,
    equal_messages,
    last_ordinal,
    remove_messages,
    write_messages,
)

_UNNUMBERED: Final = -1
_Equals = tuple[str, int]


class Found(NamedTuple):
    """A message that is new, and what its line says."""

    told: Told
    text: LineText

    @property
    def equals(self) -> _Equals:
        """Return what it is numbered among."""
        return self.told.chain, self.text.words_key


def number(connection: Connection, refolded: Refolded, found: Sequence[Found]) -> list[MessageRow]:
    """Write what was found and take out what is gone; return each message that changed, as it was and as it is."""
    remove_messages(connection, refolded.gone)
    withdrawn = _withdrawn(connection, found)
    late: defaultdict[_Equals, list[Found]] = defaultdict(list)
    appended: list[Found] = []
    for one in found:
        (late[one.equals] if one.told.chain in refolded.late_chains else appended).append(one)
    gone: defaultdict[_Equals, list[MessageRow]] = defaultdict(list)
    for row in refolded.gone:
        gone[row.chain, row.words_key].append(row)
    texts = {one.equals: one.text for one in found}
    numbered, replaced = _appended(connection, appended), list(refolded.gone)
    for equals in sorted({*late, *gone}):
        before, after = _renumbered(connection, equals, late[equals], gone[equals])
        replaced += before
        numbered += after
    rows = [row._replace(is_withdrawn=True) if _key(row) in withdrawn else row for row in numbered]
    write_messages(connection, rows)
    standing = [row for row in rows if not row.is_withdrawn and _key(row) in texts]
    note_candidates(connection, [(one, row.mention_id) for row in standing for one in _said_in(texts[_key(row)])])
    return [*replaced, *rows]


def _appended(connection: Connection, found: Sequence[Found]) -> list[MessageRow]:
    """Return the rows of what came after everything that its chain held."""
    last: dict[_Equals, int] = {}
    rows: list[MessageRow] = []
    for one in found:
        if one.equals not in last:
            highest = last_ordinal(connection, *one.equals)
            last[one.equals] = _UNNUMBERED if highest is None else highest
        ordinal = last[one.equals] = last[one.equals] + 1
        rows.append(_row(one)._replace(ordinal=ordinal, mention_id=one.text.mention_id(ordinal)))
    return rows


def _renumbered(
    connection: Connection, equals: _Equals, found: Sequence[Found], gone: Sequence[MessageRow]
) -> tuple[list[MessageRow], list[MessageRow]]:
    """Take out the equals whose number changes; return them, and all that are to be written."""
    stored = equal_messages(connection, *equals)
    ids = {row.ordinal: row.mention_id for row in (*stored, *gone)}
    ordered = sorted((*stored, *map(_row, found)), key=lambda row: (row.at, row.line))
    moved = [row for ordinal, row in enumerate(ordered) if row.ordinal not in (ordinal, _UNNUMBERED)]
    remove_messages(connection, moved)
    after = [
        row._replace(ordinal=ordinal, mention_id=ids.get(ordinal) or found[0].text.mention_id(ordinal))
        for ordinal, row in enumerate(ordered)
        if row.ordinal != ordinal
    ]
    return moved, after


def _row(one: Found) -> MessageRow:
    told = one.told
    place = (told.chain, told.at, told.line, one.text.words_key)
    unknown = one.text.mention_id(0)
    return MessageRow(*place, _UNNUMBERED, unknown, told.notification_id, None, is_withdrawn=False)


def _key(row: MessageRow) -> _Equals:
    return row.chain, row.words_key


def _withdrawn(connection: Connection, found: Sequence[Found]) -> set[_Equals]:
    """Return which candidates of summaries say what a child has said."""
    wanted = {one.equals: _said_in(one.text) for one in found if one.text.group}
    if not wanted:
        return set()
    shown = already_said(connection, set().union(*wanted.values()))
    return {equals for equals, ids in wanted.items() if not shown.isdisjoint(ids)}


def _said_in(text: LineText) -> tuple[int, ...]:
    return ids_in_line(text.group, text.line, text.draft.body) if text.group else ()
