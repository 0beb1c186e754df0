"""The flat columns of a mention: one name, kind and meaning for CSV, JSON lines, XLSX and Parquet alike.

Columns are only ever added, at the end: files made by an older release line up with newer ones.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

from veilleur.model.mention import Mention
from veilleur.model.wire import instant_text

Value = str | int | float | bool | datetime | None


class ColumnKind(StrEnum):
    """What a column's values are; `list` is texts joined by spaces, `instant` a moment in UTC."""

    TEXT = "text"
    LIST = "list"
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"
    INSTANT = "instant"


class Column(Struct, frozen=True):
    """One column: `source` is the field of the mention, `actor.name` one of a part of it."""

    name: str
    kind: ColumnKind
    source: str
    meaning: str


_TEXT, _LIST, _INTEGER = ColumnKind.TEXT, ColumnKind.LIST, ColumnKind.INTEGER
_NUMBER, _FLAG, _INSTANT = ColumnKind.NUMBER, ColumnKind.FLAG, ColumnKind.INSTANT

COLUMNS: Final = (
    Column("id", _TEXT, "id", "32 hexadecimal digits; survives a replay and a reparse"),
    Column("happened_at", _INSTANT, "happened_at", "what rows are ordered by, the newest first"),
    Column("time_quality", _TEXT, "time_quality", "where `happened_at` comes from: occurred, captured, received …"),
    Column("platform", _TEXT, "platform", "tiktok, whatsapp, feed …"),
    Column("kind", _TEXT, "kind", "comment, like, direct_message …"),
    Column("visibility", _TEXT, "visibility", "public, private or group"),
    Column("actor_name", _TEXT, "actor.name", "who did it, as the app showed it"),
    Column("actor_handle", _TEXT, "actor.handle", "without @"),
    Column("actor_phone", _TEXT, "actor.phone", "where the app showed a number"),
    Column("actor_others_count", _INTEGER, "actor.others_count", "12 for “A and 12 others”"),
    Column("conversation_id", _TEXT, "conversation.id", "the thread that a message belongs to"),
    Column("conversation_title", _TEXT, "conversation.title", "its name"),
    Column("conversation_is_group", _FLAG, "conversation.is_group", "whether it has more than two members"),
    Column("target", _TEXT, "target", "what it was about"),
    Column("body", _TEXT, "body", "the words themselves"),
    Column("hashtags", _LIST, "hashtags", "without #"),
    Column("handles", _LIST, "handles", "accounts that the words name, without @"),
    Column("links", _LIST, "links", "addresses in the words"),
    Column("emojis", _LIST, "emojis", "emoji in the words"),
    Column("language", _TEXT, "language", "of the body, ISO 639"),
    Column("region", _TEXT, "region", "the country of the actor's phone number"),
    Column("media_kind", _TEXT, "media.kind", "photo, voice …"),
    Column("media_duration_s", _INTEGER, "media.duration_s", "in seconds"),
    Column("count", _INTEGER, "count", "a number that the notification states"),
    Column("open_url", _TEXT, "open.url", "the best link that can be made"),
    Column("open_exactness", _TEXT, "open.exactness", "what the link opens: post, profile, conversation …"),
    Column("origin_kind", _TEXT, "origin.kind", "how the conversation began: ad, link, qr, catalog"),
    Column("origin_campaign", _TEXT, "origin.campaign", "the campaign that began it"),
    Column("origin_confidence", _NUMBER, "origin.confidence", "0 to 1"),
    Column("edited", _FLAG, "edited", "changed later by its author"),
    Column("deleted", _FLAG, "deleted", "taken back later by its author"),
    Column("flags", _LIST, "flags", "invisible_marks, look_alikes … in words or name"),
    Column("package", _TEXT, "package", "the Android app"),
    Column("device", _TEXT, "device", "the tablet that told it first"),
    Column("project", _TEXT, "project", "whose it is"),
    Column("occurred_at", _INSTANT, "occurred_at", "the message's or post's own time"),
    Column("captured_at", _INSTANT, "captured_at", "the tablet's clock"),
    Column("received_at", _INSTANT, "received_at", "the server's clock"),
    Column("notification_id", _INTEGER, "notification_id", "the raw notification that told it first"),
    Column("envelope_id", _TEXT, "envelope_id", "its id on the wire"),
    Column("parser", _TEXT, "parser", "what read it"),
    Column("parser_version", _INTEGER, "parser_version", "in which version"),
    Column("pattern", _TEXT, "pattern", "the wording that was recognised"),
    Column("confidence", _NUMBER, "confidence", "0 to 1"),
    Column("tone", _TEXT, "qualification.tone", "what people or rules say: negative, neutral, positive, mixed"),
    Column("tags", _LIST, "qualification.tags", "what people or rules call it"),
    Column("off_topic", _FLAG, "qualification.is_off_topic", "whether it is beside the subject"),
    Column("treated_by", _TEXT, "qualification.treated_by", "who dealt with it"),
    Column("treated_at", _INSTANT, "qualification.treated_at", "and when"),
    Column("note", _TEXT, "qualification.note", "a remark of the team"),
)
COLUMN_NAMES: Final = tuple(column.name for column in COLUMNS)
_SOURCES: Final = tuple((column.source.partition("."), column.kind is _LIST) for column in COLUMNS)


def flat_values(mention: Mention) -> list[Value]:
    """Return a mention's values in the order of COLUMNS: unknown ones, and lists without entries, as None."""
    values: list[Value] = []
    for (field, _, part), is_list in _SOURCES:
        value: Any = getattr(mention, field)
        if part and value is not None:
            value = getattr(value, part)
        values.append((" ".join(value) or None) if is_list and value is not None else value)
    return values


def flat_fields(mention: Mention) -> dict[str, Value]:
    """Return a mention's flat values by name, instants as the API writes them."""
    values = flat_values(mention)
    plain = (instant_text(value) if isinstance(value, datetime) else value for value in values)
    return dict(zip(COLUMN_NAMES, plain, strict=True))
