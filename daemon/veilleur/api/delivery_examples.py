"""What the operations on receivers and deliveries answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from veilleur.model.delivery import (
    Attempt,
    AttemptOutcome,
    Delivery,
    DeliveryId,
    DeliveryState,
    Receiver,
    ReceiverId,
    ReceiverKind,
    Severity,
    Subscription,
    SubscriptionId,
)
from veilleur.model.identity import MentionId
from veilleur.model.scope import DEFAULT_PROJECT
from veilleur.model.wire import delivery_fields, receiver_fields, subscription_fields

_MADE_AT: Final = datetime(2026, 11, 12, 8, 0, tzinfo=UTC)
_TOLD_AT: Final = datetime(2026, 11, 14, 18, 12, 40, tzinfo=UTC)
_CURSOR: Final = "5b1f0c6a9e3d4f7788a2c4e6d8f0b1a3"
_DELIVERY_ID: Final = "9f2c41d07be8463a8a51e0c37d64b2f9"
_SECRET: Final = "whsec_bm90IGEgc2VjcmV0OiBhbiBleGFtcGxlIG9mIG9uZQ=="  # noqa: S105 - says so itself


def delivery_examples(mention_id: MentionId) -> dict[str, Any]:
    """Return the answer of each operation, by operation id."""
    receiver, subscription = receiver_fields(_receiver()), subscription_fields(_subscription())
    return {
        "list_receivers": {"receivers": [receiver]},
        "add_receiver": {"receiver": receiver, "secret": _SECRET},
        "remove_receiver": receiver,
        "test_receiver": {"outcome": AttemptOutcome.DELIVERED, "detail": None},
        "subscribe": subscription,
        "list_subscriptions": {"subscriptions": [subscription]},
        "end_subscription": {"subscriptions": []},
        "list_deliveries": {"deliveries": [delivery_fields(_delivery(mention_id))], "next_cursor": _CURSOR},
        "retry_deliveries": {"count": 1},
    }


def delivery_bodies() -> dict[str, Any]:
    """Return the body of each operation that takes one, by operation id."""
    return {
        "add_receiver": {"kind": "webhook", "address": "https://hooks.example.org/veilleur"},
        "subscribe": {"query": "plastique", "zone": "Europe/Paris"},
        "retry_deliveries": {},
    }


def _receiver() -> Receiver:
    return Receiver(
        id=ReceiverId(1),
        name="equipe",
        project=DEFAULT_PROJECT,
        kind=ReceiverKind.WEBHOOK,
        address="https://hooks.example.org/…",
        made_by="cli",
        created_at=_MADE_AT,
        failure_count=0,
        rests_until_at=None,
    )


def _subscription() -> Subscription:
    return Subscription(
        id=SubscriptionId(1),
        receiver="equipe",
        project=DEFAULT_PROJECT,
        watch=None,
        query="plastique",
        zone="Europe/Paris",
        with_private=False,
        made_by="cli",
        created_at=_MADE_AT,
    )


def _delivery(mention_id: MentionId) -> Delivery:
    attempt = Attempt(
        number=1,
        began_at=_TOLD_AT,
        ended_at=_TOLD_AT + timedelta(milliseconds=140),
        outcome=AttemptOutcome.DELIVERED,
        error=None,
        is_repeat=False,
    )
    return Delivery(
        id=DeliveryId(_DELIVERY_ID),
        receiver="equipe",
        state=DeliveryState.SENT,
        severity=Severity.INFO,
        alert_id=None,
        mention_id=mention_id,
        queued_at=_TOLD_AT,
        due_at=_TOLD_AT,
        ended_at=attempt.ended_at,
        attempts=(attempt,),
    )
