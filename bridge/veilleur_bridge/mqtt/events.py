"""What can happen on a connection to a broker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from paho.mqtt.reasoncodes import ReasonCode


@dataclass(frozen=True, slots=True)
class Ready:
    """The broker took us and every subscription; it will hold at most `receive_maximum` unanswered messages of ours."""

    session_present: bool
    receive_maximum: int


class Received(NamedTuple):
    """A message arrived; `topic` is None where its bytes are no UTF-8, `is_retained` means that the broker kept it."""

    topic: str | None
    payload: bytes
    message_id: int
    qos: int
    is_retained: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """The broker answered a message of ours; `refusal` is None where it took it."""

    message_id: int
    refusal: str | None


@dataclass(frozen=True, slots=True)
class Greeted:
    """The broker answered our hello."""

    code: ReasonCode
    ready: Ready


@dataclass(frozen=True, slots=True)
class Subscribed:
    """The broker answered a subscription, one code a topic."""

    message_id: int
    codes: tuple[ReasonCode, ...]


Event = Ready | Received | Answered
Note = Received | Answered | Greeted | Subscribed
