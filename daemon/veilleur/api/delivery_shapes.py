"""The shapes of receivers, subscriptions and deliveries, as they are sent and answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from veilleur.api.answer_parts import Answer
from veilleur.api.parameters import known_zone
from veilleur.model.delivery import LONGEST_ADDRESS, AttemptOutcome, DeliveryState, ReceiverKind, Severity
from veilleur.model.watch import LONGEST_NAME, LONGEST_ZONE
from veilleur.query.reading import MAX_QUERY_LENGTH

LONGEST_SECRET = 200
DELIVERY_ID_PATTERN = "^[0-9a-f]{32}$"


class ReceiverShape(BaseModel):
    """A receiver as it should be."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    kind: ReceiverKind
    address: Annotated[str, Field(min_length=1, max_length=LONGEST_ADDRESS)]
    """A webhook's URL, or a service's address as apprise writes it (`mailto://…`, `ntfy://…`); answered masked."""
    secret: Annotated[str, Field(min_length=1, max_length=LONGEST_SECRET)] | None = None
    """Of a webhook: `whsec_` and base64. Left out: one is made, and answered this once."""


class SubscriptionShape(BaseModel):
    """What a webhook is to be told: one of `watch` and `query`."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    watch: Annotated[str, Field(max_length=LONGEST_NAME)] | None = None
    query: Annotated[str, Field(max_length=MAX_QUERY_LENGTH)] | None = None
    zone: Annotated[str, Field(max_length=LONGEST_ZONE), AfterValidator(known_zone)] = "UTC"
    with_private: bool = False
    """Private and group mentions too; needs the scope `read:private`."""


class RetryShape(BaseModel):
    """What is to be sent again."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    delivery_id: Annotated[str, Field(pattern=DELIVERY_ID_PATTERN)] | None = None
    """One delivery; left out: every one that was given up."""


class Receiver(Answer):
    """Where messages go."""

    id: int
    name: str
    project: str
    kind: ReceiverKind
    address: str
    """Masked."""
    made_by: str
    created_at: datetime
    failure_count: int
    """Failures in a row."""
    rests_until_at: datetime | None
    """Until then nothing is tried, since it failed too often."""
    waiting_count: int
    """Messages that wait for it."""


class ReceiverList(Answer):
    """The project's receivers by name."""

    receivers: list[Receiver]


class AddedReceiver(Answer):
    """A new receiver."""

    receiver: Receiver
    secret: str | None
    """The secret that was made for it, told this once."""


class Trial(Answer):
    """How a trial went."""

    outcome: AttemptOutcome
    detail: str | None
    """Why it failed."""


class Subscription(Answer):
    """What a receiver is told of mentions."""

    id: int
    receiver: str
    project: str
    watch: str | None
    query: str | None
    zone: str
    with_private: bool
    made_by: str
    created_at: datetime


class SubscriptionList(Answer):
    """The project's subscriptions, the oldest first."""

    subscriptions: list[Subscription]


class Attempt(Answer):
    """One attempt at a delivery."""

    number: int
    began_at: datetime
    ended_at: datetime | None
    outcome: AttemptOutcome | None
    """`unknown`: it may have come."""
    error: str | None
    is_repeat: bool
    """An earlier one may have come."""


class Delivery(Answer):
    """One message on its way to one receiver."""

    id: str
    receiver: str
    state: DeliveryState
    severity: Severity
    alert_id: int | None
    mention_id: str | None
    queued_at: datetime
    due_at: datetime
    ended_at: datetime | None
    attempts: list[Attempt]


class DeliveryPage(Answer):
    """Deliveries, the newest first."""

    deliveries: list[Delivery]
    next_cursor: str | None


class Queued(Answer):
    """How many deliveries are sent again."""

    count: int
