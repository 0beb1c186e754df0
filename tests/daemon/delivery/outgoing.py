"""A sender over a store with real channels, pauses of milliseconds, and loopback allowed."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

from msgspec.structs import replace

from tests.waiting import until
from veilleur.app.clock import utc_now
from veilleur.delivery.addresses import AddressGuard
from veilleur.delivery.channel import Channel
from veilleur.delivery.deadline import TimedChannel
from veilleur.delivery.keeping import Outgoing, keep_receiver
from veilleur.delivery.sender import Patience, Sender
from veilleur.delivery.webhook import WebhookWay
from veilleur.model.delivery import (
    AddedReceiver,
    Delivery,
    DeliveryState,
    Notice,
    ReceiverDraft,
    ReceiverId,
    ReceiverKind,
    Severity,
)
from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.deliveries import page_deliveries, queue
from veilleur.store.sealing import Seal

LOOPBACK = AddressGuard([ip_network("127.0.0.0/8")])
USUAL_S = 5.0
"""A busy machine may halt a test for more than a second: what had one was then sent twice."""
CUT_OFF_S = 2.0
"""For who never answers."""
QUICK = Patience(
    attempt=timedelta(seconds=2 * USUAL_S),
    first_pause=timedelta(milliseconds=20),
    longest_pause=timedelta(milliseconds=200),
    life=timedelta(hours=1),
)
SOON_S = 20.0
UNHURRIED = replace(QUICK, attempt=timedelta(seconds=2 * SOON_S))
"""For channels that have `SOON_S`: what is sent at the first attempt is not begun anew on a busy machine."""
SECRET = "whsec_" + "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3I="


def channels_with(guard: AddressGuard, *, timeout_s: float = USUAL_S) -> Callable[[ReceiverKind], Channel]:
    webhook = WebhookWay(guard, user_agent="veilleur/test")
    made: dict[ReceiverKind, Channel] = {ReceiverKind.WEBHOOK: TimedChannel(webhook, timeout_s)}

    def channel(kind: ReceiverKind) -> Channel:
        if kind not in made:
            services = importlib.import_module("veilleur.delivery.services")
            made[kind] = TimedChannel(services.ServiceWay(guard, timeout_s=timeout_s), timeout_s)
        return made[kind]

    return channel


def outgoing_with(guard: AddressGuard = LOOPBACK, *, timeout_s: float = USUAL_S) -> Outgoing:
    return Outgoing(Seal(lambda: "a key of this test"), channels_with(guard, timeout_s=timeout_s))


def add_webhook(database: Database, out: Outgoing, url: str, name: str = "hook") -> AddedReceiver:
    draft = ReceiverDraft(name=name, kind=ReceiverKind.WEBHOOK, address=url, secret=SECRET)
    return keep_receiver(database, Scope(), out, draft, by="test", now=utc_now())


def add_service(database: Database, out: Outgoing, url: str, name: str = "service") -> AddedReceiver:
    draft = ReceiverDraft(name=name, kind=ReceiverKind.SERVICE, address=url)
    return keep_receiver(database, Scope(), out, draft, by="test", now=utc_now())


def tell(database: Database, receiver: ReceiverId, *texts: str, at: datetime | None = None) -> None:
    notices = [
        Notice(
            receiver_id=receiver,
            subject=f"About {text}",
            text=text,
            severity=Severity.URGENT,
            queued_at=at or utc_now(),
        )
        for text in texts
    ]
    with database.writing() as connection:
        queue(connection, notices)


@contextmanager
def sending(
    database: Database, out: Outgoing, patience: Patience = QUICK, *, clock: Callable[[], datetime] = utc_now
) -> Iterator[Callable[[], None]]:
    """Give a sender's turn, to be called again and again; ends what it began.

    With a `clock` of its own each call waits for what it began.
    """
    sender = Sender(database, out.seal, out.channels, clock, patience)

    def turn() -> None:
        sender.turn()
        if clock is not utc_now:
            until(lambda: sender.is_idle, within_seconds=SOON_S, what="what is due was tried")

    try:
        yield turn
    finally:
        sender.stop()
        until(lambda: sender.is_idle, within_seconds=SOON_S, what="the sender's threads end")


def void(_value: object) -> None:
    """Leave a value out."""


def send_until(database: Database, turn: Callable[[], None], state: DeliveryState, count: int) -> list[Delivery]:
    """Let the sender work until so many deliveries are in a state; return them, the first queued first."""

    def look() -> list[Delivery] | None:
        turn()
        found = deliveries_of(database, state)
        return found if len(found) >= count else None

    return until(look, within_seconds=SOON_S, what=f"{count} deliveries are {state}")


def deliveries_of(database: Database, state: DeliveryState | None = None) -> list[Delivery]:
    return list(reversed(page_deliveries(database, Scope(), limit=500, state=state).deliveries))


LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
