"""What asking a broker found: one finding for each question, with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class BrokerQuestion(StrEnum):
    """What a broker is asked by canaries."""

    ACCESS = "broker access"
    STRANGERS = "broker strangers"
    SIZE = "broker size"
    QUEUE = "broker queue"
    MEMORY = "broker memory"
    ACCOUNT = "broker account"


@dataclass(frozen=True, slots=True)
class BrokerFinding:
    """The answer to one question; `advice` says what to change where it is not well."""

    question: BrokerQuestion
    is_ok: bool
    detail: str
    advice: str | None = None
