"""A Delivery: bytes that reached us, before anything was read of them, and where they came from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

Clock = Callable[[], datetime]


class AckToken(NamedTuple):
    """What a source needs to acknowledge one message: stale once `generation` is over."""

    generation: int
    message_id: int
    qos: int


class Delivery(NamedTuple):
    """One payload as it arrived; a tuple, because there is one for each message: a frozen dataclass takes 1 µs to make.

    `topic_device` is the device that the topic names (None for a log line); `origin` tells a person
    where it came from (`sample.jsonl:12`, `mqtt`); `ack` is None where nothing waits for an answer. `stored_changes`
    is set where a database wrote the bytes: what had been changed in them, whose length may be any.
    """

    payload: bytes
    received_at: datetime
    origin: str
    topic_device: str | None = None
    ack: AckToken | None = None
    stored_changes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class LogProblem:
    """A line or record of a log that cannot become a Delivery; the rest of the log goes on.

    `ended_early` is True when nothing after it could be read (a truncated .gz).
    """

    origin: str
    reason: str
    ended_early: bool = False


@dataclass(frozen=True, slots=True)
class LogNote:
    """What a person should know of a log as a whole: how something was read that it leaves open."""

    origin: str
    text: str


LogItem = Delivery | LogProblem | LogNote


class Source(Protocol):
    """Anything that yields deliveries and is told when they are safe.

    `take` waits up to `wait_seconds` for the first delivery, then returns what is there, at most
    `limit`. `acknowledge` is called after the commit, in any order, each delivery once.
    """

    def take(self, limit: int, wait_seconds: float) -> Sequence[Delivery]: ...

    def acknowledge(self, deliveries: Sequence[Delivery]) -> None: ...

    def close(self) -> None: ...
