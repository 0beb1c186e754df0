"""What a command asks of sending, here or of a server elsewhere: the receivers, and what was sent to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from veilleur.model.delivery import (
    AddedReceiver,
    Answer,
    Delivery,
    DeliveryId,
    DeliveryState,
    Receiver,
    ReceiverDraft,
    Subscription,
    SubscriptionDraft,
    SubscriptionId,
)


class ReceiverDesk(Protocol):
    """Where messages go, and what webhooks are told; what cannot be raises ReceiverRefused."""

    def every(self) -> Sequence[Receiver]: ...

    def add(self, draft: ReceiverDraft) -> AddedReceiver: ...

    def remove(self, name: str) -> bool: ...

    def try_out(self, name: str) -> Answer | None:
        """Send a trial at once; None where there is no such receiver."""

    def subscribe(self, name: str, draft: SubscriptionDraft) -> Subscription: ...

    def subscriptions(self) -> Sequence[Subscription]: ...

    def unsubscribe(self, subscription_id: SubscriptionId) -> bool: ...


class DeliveryDesk(Protocol):
    """What was sent and what waits, the newest first."""

    def every(self, *, state: DeliveryState | None = None, receiver: str | None = None) -> Iterator[Delivery]: ...

    def retry(self, delivery_id: DeliveryId | None = None) -> int:
        """Send one delivery, or every one that was given up, anew; return how many."""
