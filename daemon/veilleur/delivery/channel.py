"""What every way to a receiver has in common: what is sent, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from msgspec import Struct

from veilleur.model.changes import Change
from veilleur.model.delivery import Answer, DeliveryId, Notice, SubscriptionId
from veilleur.model.wire import change_fields


class Message(Struct, frozen=True, kw_only=True):
    """One message, the same at each attempt but for `is_repeat` (it may have come before) and `sent_at`."""

    delivery_id: DeliveryId
    is_repeat: bool
    sent_at: datetime
    told: Notice | TellingChange


class TellingChange(Struct, frozen=True):
    """What happened to a mention, as it stands when it is sent."""

    subscription_id: SubscriptionId
    change: Change


class Channel(Protocol):
    """A way to receivers of one kind; both may be called from several threads at once."""

    def masked(self, address: str) -> str:
        """Return an address without its secrets; raises ReceiverRefused for one that cannot be used."""
        ...

    def send(self, address: str, message: Message) -> Answer:
        """Send once, in a time of its own; what network and receiver can do wrong is an answer, never an exception."""
        ...


def message_fields(message: Message) -> dict[str, Any]:
    """Return a message as programs are told it."""
    head: dict[str, Any] = {
        "delivery_id": message.delivery_id,
        "is_repeat": message.is_repeat,
        "sent_at": message.sent_at,
    }
    match message.told:
        case Notice() as notice:
            return {
                "type": "notice",
                **head,
                "severity": notice.severity,
                "alert_id": notice.alert_id,
                "alert_ids": notice.alert_ids,
                "subject": notice.subject,
                "text": notice.text,
                "url": notice.url,
                "queued_at": notice.queued_at,
            }
        case TellingChange(subscription_id, change):
            kind = f"mention.{change.op}"
            return {"type": kind, **head, "subscription_id": subscription_id} | change_fields(change)
