"""How mentions are listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from rich.table import Table
from rich.text import Text

from veilleur.cli.output.listing import Listing
from veilleur.cli.output.tables import bare_table, cell
from veilleur.cli.output.visible import in_one_line
from veilleur.cli.zones import shown_minute
from veilleur.exports.columns import COLUMN_NAMES, flat_fields
from veilleur.model.mention import Mention
from veilleur.model.wire import mention_fields

_WIDE: Final = 100
_MEDIUM: Final = 60
_WHO_SHARE: Final = 4
_LINE_END: Final = Text("\n")


def mention_table(mentions: Sequence[Mention], zone: tzinfo, width: int) -> Table:
    """Draw mentions; the narrower the terminal, the more stands in one column, line under line."""
    table = bare_table()
    for header in ("When", "Platform", "Kind") if width >= _WIDE else ("When",):
        table.add_column(header, no_wrap=True)
    if width >= _MEDIUM:
        table.add_column("Who", max_width=width // _WHO_SHARE, overflow="fold")
    table.add_column("What", overflow="fold", ratio=1)
    for mention in mentions:
        about = [Text(shown_minute(mention.happened_at, zone)), cell(mention.platform), cell(mention.kind.value)]
        words = [_who(mention), _what(mention)]
        stacked = about if width >= _WIDE else [_LINE_END.join(about)]
        table.add_row(*stacked, *(words if width >= _MEDIUM else [_LINE_END.join(words)]))
    return table


def _who(mention: Mention) -> Text:
    actor, conversation = mention.actor, mention.conversation
    who = cell(actor.name if actor else None)
    if actor and actor.handle and actor.handle.casefold() != actor.name.removeprefix("@").casefold():
        who.append(f" @{in_one_line(actor.handle)}")
    if actor and actor.others_count:
        who.append(f" +{actor.others_count:,}")
    if conversation and conversation.title and conversation.is_group:
        who.append(f" in {in_one_line(conversation.title)}", style="dim")
    return who


def _what(mention: Mention) -> Text:
    what = Text()
    if mention.deleted or mention.edited:
        what.append("(deleted) " if mention.deleted else "(edited) ", style="dim")
    if mention.media:
        what.append(f"[{mention.media.kind.value}] ", style="dim")
    what.append(in_one_line(mention.body or ""))
    if mention.target:
        what.append(f" on: {in_one_line(mention.target)}" if mention.body else in_one_line(mention.target), style="dim")
    if mention.count is not None:
        what.append(f" ({mention.count:,})")
    return what


MENTIONS: Final = Listing("mentions", mention_fields, COLUMN_NAMES, mention_table, flat=flat_fields)
