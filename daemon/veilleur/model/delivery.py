"""What is told to people and programs: receivers, what waits to be sent to them, and how each attempt went."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from msgspec import Struct

from veilleur.model.identity import MentionId
from veilleur.model.kinds import ChangeKind

LONGEST_ADDRESS: Final = 2_000
LONGEST_SUBJECT: Final = 250
LONGEST_TEXT: Final = 20_000

ReceiverId = NewType("ReceiverId", int)
DeliveryId = NewType("DeliveryId", str)
SubscriptionId = NewType("SubscriptionId", int)


class ReceiverKind(StrEnum):
    """How a receiver is reached: our own signed request, or one of the services that apprise knows."""

    WEBHOOK = "webhook"
    SERVICE = "service"


class Republished(StrEnum):
    """Which mentions are published again over MQTT."""

    OFF = "off"
    PUBLIC = "public"
    ALL = "all"


class Severity(StrEnum):
    """How much a notice matters."""

    INFO = "info"
    WARNING = "warning"
    URGENT = "urgent"


class DeliveryState(StrEnum):
    """How a delivery stands."""

    QUEUED = "queued"
    SENT = "sent"
    GIVEN_UP = "given_up"


class AttemptOutcome(StrEnum):
    """How an attempt ended.

    `refused` and `unreached`: it certainly did not come. `unknown`: it may have come, since the answer was lost with
    the connection or with our process.
    """

    DELIVERED = "delivered"
    REFUSED = "refused"
    UNREACHED = "unreached"
    UNKNOWN = "unknown"


class Answer(Struct, frozen=True):
    """How an attempt ended; `detail` says why it failed, without an address, a secret or a word of the message.

    `retry_after`: that header of HTTP as it came.
    """

    outcome: AttemptOutcome
    detail: str | None = None
    retry_after: str | None = None


class ReceiverDraft(Struct, frozen=True, kw_only=True):
    """A receiver as a person writes it; a webhook without a secret is given one."""

    name: str
    kind: ReceiverKind
    address: str
    secret: str | None = None


class AddedReceiver(Struct, frozen=True):
    """A new receiver, and the secret that was made for it, told this once."""

    receiver: Receiver
    secret: str | None


class Receiver(Struct, frozen=True, kw_only=True):
    """Where messages go; `address` is masked, the whole one is kept sealed.

    `failure_count` counts failures in a row, and until `rests_until_at` nothing is tried.
    """

    id: ReceiverId
    name: str
    project: str
    kind: ReceiverKind
    address: str
    made_by: str
    created_at: datetime
    failure_count: int
    rests_until_at: datetime | None
    waiting_count: int = 0


class Notice(Struct, frozen=True, kw_only=True):
    """What is to be told to one receiver; of equal `dedup`s for a receiver one is queued, None is equal to nothing.

    Of several alerts `alert_ids` names all, and `alert_id` none. `language` is that of its words, in which what the
    sending adds is said too.
    """

    receiver_id: ReceiverId
    subject: str
    text: str
    queued_at: datetime
    severity: Severity = Severity.INFO
    html: str | None = None
    url: str | None = None
    alert_id: int | None = None
    alert_ids: tuple[int, ...] = ()
    dedup: str | None = None
    language: str = "en"


class ToldChange(Struct, frozen=True, kw_only=True):
    """That a mention was created, changed or erased, to be told to a subscription's receiver."""

    receiver_id: ReceiverId
    subscription_id: SubscriptionId
    mention_id: MentionId
    op: ChangeKind
    queued_at: datetime


class Attempt(Struct, frozen=True, kw_only=True):
    """One attempt; `ended_at` and `outcome` are None while it is under way, or where its process died.

    `is_repeat`: an earlier one may have come.
    """

    number: int
    began_at: datetime
    ended_at: datetime | None
    outcome: AttemptOutcome | None
    error: str | None
    is_repeat: bool


class Delivery(Struct, frozen=True, kw_only=True):
    """One message on its way to one receiver; the words themselves are not in it."""

    id: DeliveryId
    receiver: str
    state: DeliveryState
    severity: Severity
    alert_id: int | None
    mention_id: MentionId | None
    queued_at: datetime
    due_at: datetime
    ended_at: datetime | None
    attempts: tuple[Attempt, ...]


class DeliveryPage(Struct, frozen=True):
    """Deliveries, the newest first; `next_cursor` goes on after them, None at the end."""

    deliveries: tuple[Delivery, ...]
    next_cursor: str | None


class SubscriptionDraft(Struct, frozen=True, kw_only=True):
    """What a receiver is to be told: one of `watch` (a name) and `query`."""

    watch: str | None = None
    query: str | None = None
    zone: str = "UTC"
    with_private: bool = False


class Subscription(Struct, frozen=True, kw_only=True):
    """What a receiver is told of mentions: those of a watch, or of a query of its own."""

    id: SubscriptionId
    receiver: str
    project: str
    watch: str | None
    query: str | None
    zone: str
    with_private: bool
    made_by: str
    created_at: datetime
