"""Receivers and deliveries of the database here; the key of the addresses lies on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from veilleur.app.clock import utc_now
from veilleur.delivery.keeping import Outgoing, keep_receiver, try_receiver
from veilleur.delivery.subscribed import check_draft
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
from veilleur.model.desk import LOCAL_NAME
from veilleur.model.scope import Scope
from veilleur.store import receivers as stored
from veilleur.store import subscriptions
from veilleur.store.database import Database
from veilleur.store.deliveries import page_deliveries, retry_deliveries

_PAGE: Final = 500


class LocalReceivers:
    """Answers `ReceiverDesk`."""

    def __init__(self, database: Database, scope: Scope, outgoing: Callable[[], Outgoing]) -> None:
        self._database = database
        self._scope = scope
        self._outgoing = outgoing

    def every(self) -> Sequence[Receiver]:
        return stored.list_receivers(self._database, self._scope)

    def add(self, draft: ReceiverDraft) -> AddedReceiver:
        return keep_receiver(self._database, self._scope, self._outgoing(), draft, by=LOCAL_NAME, now=utc_now())

    def remove(self, name: str) -> bool:
        if stored.find_receiver(self._database, self._scope, name) is None:
            return False
        stored.remove_receiver(self._database, self._scope, name, by=LOCAL_NAME, now=utc_now())
        return True

    def try_out(self, name: str) -> Answer | None:
        return try_receiver(self._database, self._scope, self._outgoing(), name, now=utc_now())

    def subscribe(self, name: str, draft: SubscriptionDraft) -> Subscription:
        now = utc_now()
        check_draft(draft, now)
        return subscriptions.subscribe(self._database, self._scope, name, draft, by=LOCAL_NAME, now=now)

    def subscriptions(self) -> Sequence[Subscription]:
        return subscriptions.list_subscriptions(self._database, self._scope)

    def unsubscribe(self, subscription_id: SubscriptionId) -> bool:
        return subscriptions.end_subscription(self._database, self._scope, subscription_id, now=utc_now())


class LocalDeliveries:
    """Answers `DeliveryDesk`."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._database = database
        self._scope = scope

    def every(self, *, state: DeliveryState | None = None, receiver: str | None = None) -> Iterator[Delivery]:
        cursor = None
        while True:
            page = page_deliveries(
                self._database, self._scope, limit=_PAGE, cursor=cursor, state=state, receiver=receiver
            )
            yield from page.deliveries
            if page.next_cursor is None:
                return
            cursor = page.next_cursor

    def retry(self, delivery_id: DeliveryId | None = None) -> int:
        return retry_deliveries(self._database, self._scope, delivery_id, now=utc_now())
