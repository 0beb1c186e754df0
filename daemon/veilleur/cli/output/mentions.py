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
from veilleur.model.mention import Mention
from veilleur.model.wire import mention_fields

_NARROW_WIDTH: Final = 80
_WHO_SHARE: Final = 4

CSV_COLUMNS: Final = (
    "id",
    "happened_at",
    "time_quality",
    "platform",
    "kind",
    "visibility",
    "actor_name",
    "actor_handle",
    "actor_phone",
    "actor_others_count",
    "conversation_id",
    "conversation_title",
    "conversation_is_group",
    "target",
    "body",
    "hashtags",
    "handles",
    "links",
    "emojis",
    "language",
    "region",
    "media_kind",
    "media_duration_s",
    "count",
    "open_url",
    "open_exactness",
    "edited",
    "deleted",
    "flags",
    "package",
    "device",
    "project",
    "occurred_at",
    "captured_at",
    "received_at",
    "notification_id",
    "envelope_id",
    "parser",
    "parser_version",
    "pattern",
    "confidence",
)


def mention_table(mentions: Sequence[Mention], zone: tzinfo, width: int) -> Table:
    """Draw mentions; on a narrow terminal, time, platform and kind share a column."""
    table = bare_table()
    is_narrow = width < _NARROW_WIDTH
    for header in ("When",) if is_narrow else ("When", "Platform", "Kind"):
        table.add_column(header, no_wrap=True)
    table.add_column("Who", max_width=max(width // _WHO_SHARE, 1), overflow="fold")
    table.add_column("What", overflow="fold", ratio=1)
    for mention in mentions:
        about = (shown_minute(mention.happened_at, zone), mention.platform, mention.kind.value)
        place = [Text(f"{about[0]}\n{in_one_line(about[1])} {about[2]}")] if is_narrow else [cell(one) for one in about]
        table.add_row(*place, _who(mention), _what(mention))
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


MENTIONS: Final = Listing("mentions", mention_fields, CSV_COLUMNS, mention_table)
