"""WhatsApp as it shows its conversations: each whole thread again at each message, and a summary beside them.

The records have the fields that WhatsApp's have; the model beside them (`Told`) is what a reader must find.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from tests.bridge.envelopes import good_envelope
from tests.daemon.ingest.line import Line
from veilleur.ingest.reading import Reader
from veilleur.parsers.registry import builtin_parsers
from veilleur.store.database import Database
from veilleur.store.tables import mentions
from veilleur_bridge.codec import Codec
from veilleur_bridge.redaction import Screen
from veilleur_bridge.redaction_rules import load_rules

PACKAGE: Final = "com.whatsapp"
GROUP: Final = "group_key_messages"
DELETED: Final = "This message was deleted"
OWN: Final = "You"
SHOWN: Final = 6
SUMMARY_LINES: Final = 7
NOON: Final = datetime(2026, 11, 10, 12, tzinfo=UTC)
RECEIVED_AT: Final = NOON + timedelta(days=30)
Told = Counter[tuple[str | None, str | None, bool, bool]]
"""Who, what, whether it was deleted, whether it was edited."""


def whatsapp_reader() -> Reader:
    """Return a reader with the parsers that ship."""
    codec = Codec()
    return Reader(codec, Screen(load_rules(), codec), builtin_parsers())


def whatsapp_line(database: Database) -> Line:
    """Return the line into a database."""
    return Line(database, whatsapp_reader(), lambda: RECEIVED_AT)


def shows(
    seq: int,
    *,
    device: str = "salle-1",
    epoch: str = "e1",
    event: str = "updated",
    later: timedelta = timedelta(),
    **words: Any,
) -> dict[str, Any]:
    """Return the tree of an envelope of WhatsApp's."""
    at = NOON + later + timedelta(milliseconds=seq)
    notification = {"posted_at_ms": int(at.timestamp() * 1_000), "category": "msg", "group": GROUP, **words}
    return good_envelope(
        id=f"{device}-{epoch}-{seq}",
        device=device,
        epoch=epoch,
        seq=seq,
        event=event,
        captured_at=at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        app={"package": PACKAGE, "label": "WhatsApp"},
        locale="en",
        notification=notification,
    )


@dataclass
class Written:
    """One message; `texts` are its wordings, the newest last."""

    sender: str
    texts: list[str]
    at_ms: int
    is_deleted: bool = False
    is_shown_by_child: bool = True

    @property
    def text(self) -> str:
        return DELETED if self.is_deleted else self.texts[-1]


@dataclass
class Chat:
    """One conversation: what was written, and what of it is unread."""

    name: str
    address: str
    written: list[Written] = field(default_factory=list)
    unread: list[Written] = field(default_factory=list)

    @property
    def is_group(self) -> bool:
        return self.address.endswith("@g.us")

    @property
    def shown(self) -> list[Written]:
        """Return what its own notification shows."""
        return [one for one in self.unread if one.is_shown_by_child][-SHOWN:]

    def child(self) -> dict[str, Any]:
        """Return the record of its own notification."""
        shown = self.shown
        return {
            "key": f"0|{PACKAGE}|1|{self.address}|10148",
            "tag": self.address,
            "channel": "group_chat_defaults_1" if self.is_group else "individual_chat_defaults_1",
            "shortcut_id": self.address,
            "title": self.name,
            "text": shown[-1].text if shown else None,
            "is_group_conversation": self.is_group,
            **({"conversation_title": self.name} if self.is_group else {}),
            "self_name": OWN,
            "messages": [{"sender": one.sender, "text": one.text, "at_ms": one.at_ms} for one in shown],
        }


def summary(chats: list[Chat]) -> dict[str, Any]:
    """Return the record of the summary over these chats' unread messages."""
    lines = [(chat, one) for chat in chats for one in chat.unread if one.sender != OWN]
    lines.sort(key=lambda pair: pair[1].at_ms)
    told = [chat for chat in chats if any(one.sender != OWN for one in chat.unread)]
    alone = told[0] if len(told) == 1 else None
    words: dict[str, Any] = {
        "title": alone.name if alone else "WhatsApp",
        "text": f"{len(lines)} new messages",
        "text_lines": [_line(chat, one, is_alone=alone is not None) for chat, one in lines[-SUMMARY_LINES:]],
        **({"shortcut_id": alone.address} if alone else {}),
    }
    return {"key": f"0|{PACKAGE}|1|null|10148", "is_group_summary": True, "number": len(lines), **words}


def _line(chat: Chat, one: Written, *, is_alone: bool) -> str:
    if is_alone:
        return f"{one.sender}: {one.text}" if chat.is_group else one.text
    return f"{one.sender} @ {chat.name}: {one.text}" if chat.is_group else f"{chat.name}: {one.text}"


def told(database: Database, device: str) -> Told:
    """Return what is shown of a device's mentions."""
    row = mentions.c
    query = select(row.actor_name, row.body, row.deleted, row.edited).where(row.device == device, row.is_shown)
    with database.reading() as connection:
        return Counter(tuple(row) for row in connection.execute(query))
