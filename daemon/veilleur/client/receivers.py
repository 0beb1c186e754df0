"""Where a server sends messages, which mentions webhooks are told of, and how each delivery went: for `admin` alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from veilleur.client.paging import every_page
from veilleur.client.refusals import wrong_as
from veilleur.client.transport import Transport, segment
from veilleur.model.delivery import (
    AddedReceiver,
    Answer,
    Delivery,
    DeliveryId,
    DeliveryPage,
    DeliveryState,
    Receiver,
    ReceiverDraft,
    Subscription,
    SubscriptionDraft,
    SubscriptionId,
)
from veilleur.model.errors import ReceiverRefused


class _Receivers(Struct, frozen=True):
    receivers: tuple[Receiver, ...]


class _Subscriptions(Struct, frozen=True):
    subscriptions: tuple[Subscription, ...]


class _Queued(Struct, frozen=True):
    count: int


class Receivers:
    """Operations on receivers; the addresses are sealed with the server's key, and only shown masked."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def every(self) -> Sequence[Receiver]:
        """Return the project's receivers by name."""
        return self._transport.read("/receivers", _Receivers).receivers

    def add(self, draft: ReceiverDraft) -> AddedReceiver:
        """Add a receiver; raises ReceiverRefused for an address that cannot be used, or a name that is taken."""
        body = {"kind": draft.kind, "address": draft.address, "secret": draft.secret}
        with wrong_as(ReceiverRefused):
            return self._transport.write("PUT", _path(draft.name), AddedReceiver, body)

    def remove(self, name: str) -> bool:
        """Forget a receiver and its address; False where there is none of this name."""
        return self._transport.change("DELETE", _path(name), Receiver) is not None

    def try_out(self, name: str) -> Answer | None:
        """Send a trial at once, and return how that went; None where there is no such receiver."""
        with wrong_as(ReceiverRefused):
            return self._transport.change("POST", f"{_path(name)}/test", Answer)

    def subscribe(self, name: str, draft: SubscriptionDraft) -> Subscription:
        """Tell a webhook of the mentions of a watch or a query; raises ReceiverRefused, WrongQuery."""
        body = {"watch": draft.watch, "query": draft.query, "zone": draft.zone, "with_private": draft.with_private}
        with wrong_as(ReceiverRefused):
            return self._transport.write("POST", f"{_path(name)}/subscriptions", Subscription, body)

    def subscriptions(self) -> Sequence[Subscription]:
        """Return what receivers are told of mentions, the oldest first."""
        return self._transport.read("/subscriptions", _Subscriptions).subscriptions

    def unsubscribe(self, subscription_id: SubscriptionId) -> bool:
        """End a subscription; False where there is none of this number."""
        return self._transport.change("DELETE", f"/subscriptions/{subscription_id}", _Subscriptions) is not None


class Deliveries:
    """Operations on deliveries; the words of messages are not in them."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def every(self, *, state: DeliveryState | None = None, receiver: str | None = None) -> Iterator[Delivery]:
        """Yield what was sent and what waits, the newest first, each with its attempts."""

        def ask(rows: int, after: str | None) -> DeliveryPage:
            return self._transport.read(
                "/deliveries", DeliveryPage, limit=rows, cursor=after, state=state, receiver=receiver
            )

        for page in every_page(ask):
            yield from page.deliveries

    def retry(self, delivery_id: DeliveryId | None = None) -> int:
        """Send one delivery, or every one that was given up, anew; return how many."""
        return self._transport.write("POST", "/deliveries/retry", _Queued, {"delivery_id": delivery_id}).count


def _path(name: str) -> str:
    return f"/receivers/{segment(name)}"
