"""How acts, the journal of a mention, and rules are listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any, Final

from rich.table import Table

from veilleur.cli.output.listing import Listing
from veilleur.cli.output.tables import bare_table, cell
from veilleur.cli.zones import shown_minute
from veilleur.model.qualification import JournalEntry, QualificationAct, QualificationChange, Qualifier
from veilleur.model.rules import QualificationRule
from veilleur.model.wire import act_fields, journal_fields, rule_fields


def change_text(change: QualificationChange) -> str:
    """Return a change in a few words: `tone negative, +sav, off-topic`."""
    flags = {
        "off-topic": change.is_off_topic is True,
        "not off-topic": change.is_off_topic is False,
        "treated": change.is_treated is True,
        "not treated": change.is_treated is False,
        "note": change.note is not None,
    }
    parts = [f"tone {change.tone}"] if change.tone else []
    parts += [f"+{tag}" for tag in change.add_tags] + [f"-{tag}" for tag in change.remove_tags]
    return ", ".join(parts + [name for name, is_so in flags.items() if is_so] + [f"no {one}" for one in change.clear])


def _act_table(acts: Sequence[QualificationAct], zone: tzinfo, _width: int) -> Table:
    table = bare_table()
    table.add_column("Act", justify="right")
    for header in ("When", "Who", "Said", "Query"):
        table.add_column(header, overflow="fold")
    table.add_column("Mentions", justify="right")
    table.add_column("Undone")
    for act in acts:
        undone = "" if act.undone_at is None else f"{shown_minute(act.undone_at, zone)} {act.undone_by}"
        when = shown_minute(act.done_at, zone)
        cells = (cell(when), cell(_who(act.done_by)), cell(change_text(act.change)), cell(act.query))
        table.add_row(str(act.id), *cells, f"{act.mention_count:,}", cell(undone))
    return table


def _journal_table(entries: Sequence[JournalEntry], zone: tzinfo, _width: int) -> Table:
    table = bare_table()
    for header in ("When", "Who", "What", "Before", "After"):
        table.add_column(header, overflow="fold")
    for one in entries:
        what = one.field.value + (" (undone)" if one.undone_at else "")
        cells = (shown_minute(one.said_at, zone), _who(one.said_by), what, one.before, one.after)
        table.add_row(*map(cell, cells))
    return table


def _rule_table(rules: Sequence[QualificationRule], _zone: tzinfo, _width: int) -> Table:
    table = bare_table()
    for header in ("Name", "Query", "Words", "Says", "By"):
        table.add_column(header, overflow="fold")
    for rule in rules:
        words = ", ".join(rule.words)
        table.add_row(*map(cell, (rule.name, rule.query, words, change_text(rule.change), rule.created_by)))
    return table


def _who(by: Qualifier) -> str:
    return f"rule {by.name}" if by.is_rule else by.name


def _flat_act(act: QualificationAct) -> dict[str, Any]:
    return act_fields(act) | {"done_by": _who(act.done_by), "change": change_text(act.change)}


def _flat_entry(entry: JournalEntry) -> dict[str, Any]:
    return journal_fields(entry) | {"said_by": _who(entry.said_by)}


def _flat_rule(rule: QualificationRule) -> dict[str, Any]:
    return rule_fields(rule) | {"change": change_text(rule.change)}


ACTS: Final = Listing(
    "acts",
    act_fields,
    ("id", "done_at", "done_by", "change", "query", "mention_count", "undone_at", "undone_by"),
    _act_table,
    flat=_flat_act,
)
JOURNAL: Final = Listing(
    "entries",
    journal_fields,
    ("act_id", "mention_id", "said_at", "said_by", "field", "tag", "before", "after", "undone_at"),
    _journal_table,
    flat=_flat_entry,
)
RULES: Final = Listing(
    "rules",
    rule_fields,
    ("name", "query", "words", "change", "may_read_private", "created_by", "created_at", "project"),
    _rule_table,
    flat=_flat_rule,
)
