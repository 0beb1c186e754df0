"""Asks a broker whether it remembers: a retained message left at one look, and sought at the next.

Whether a broker's memory outlives a restart only a restart shows, so this says what was seen and what was not.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from veilleur_bridge.broker.findings import BrokerFinding, BrokerQuestion
from veilleur_bridge.broker.visit import Outgoing, visiting
from veilleur_bridge.broker_canary import MEMORY_ROOT, NONCE_BYTES
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt_url import MqttAddress

UPTIME_TOPIC: Final = "$SYS/broker/uptime"
UPTIME: Final = re.compile(rb"(\d+) seconds")
# mosquitto tells its uptime anew every sys_interval, 10 s by itself
UPTIME_IS_OLD_BY: Final = timedelta(seconds=15)
SOON_SECONDS: Final = 1.0
ANSWER_SECONDS: Final = 30.0
KEEP: Final = "mosquitto: persistence true and autosave_interval 1 (deploy/mosquitto has a tried configuration)"


@dataclass(frozen=True, slots=True)
class Mark:
    """What we left at a broker, and when; `str()` is what is retained there."""

    nonce: str
    left_at: datetime

    def __str__(self) -> str:
        return f"{self.nonce} {self.left_at.isoformat()}"

    @property
    def topic(self) -> str:
        """Where it lies."""
        return f"{MEMORY_ROOT}/{self.nonce}"


def read_mark(text: str) -> Mark:
    """Return the mark that `str()` wrote."""
    nonce, _, left_at = text.partition(" ")
    return Mark(nonce, datetime.fromisoformat(left_at))


def ask_memory(address: MqttAddress, left: Mark | None, *, now: datetime) -> tuple[BrokerFinding, Mark]:
    """Say whether the broker still holds the mark, and return the mark to seek next time. Raises BrokerError."""
    if left is not None and _is_there(address, left):
        return _remembered(address, left, now), left
    fresh = Mark(secrets.token_hex(NONCE_BYTES), now)
    with visiting(address) as visit:
        visit.say([Outgoing(fresh.topic, str(fresh).encode("ascii"))], within_seconds=ANSWER_SECONDS, is_retained=True)
    if left is not None:
        detail = f"it has forgotten a retained message that it acknowledged at {_told(left.left_at)}"
        return BrokerFinding(BrokerQuestion.MEMORY, is_ok=False, detail=detail, advice=KEEP), fresh
    if not _is_there(address, fresh):
        detail = "it keeps no retained messages: receipts and configurations miss a device that is away"
        return BrokerFinding(BrokerQuestion.MEMORY, is_ok=False, detail=detail, advice=KEEP), fresh
    detail = "it keeps a retained message; whether over a restart, the first look after one will tell"
    return BrokerFinding(BrokerQuestion.MEMORY, is_ok=True, detail=detail), fresh


def _remembered(address: MqttAddress, mark: Mark, now: datetime) -> BrokerFinding:
    started_at = _started_at(address, now)
    held = f"it holds what was left at {_told(mark.left_at)}"
    if started_at is None:
        detail = f"{held}; it does not say when it was last started, so nothing is proven about a restart"
    elif started_at > mark.left_at + UPTIME_IS_OLD_BY:
        detail = f"{held}, over its start at {_told(started_at)}"
    else:
        detail = f"{held}; it was not restarted since, so nothing is proven about a restart"
    return BrokerFinding(BrokerQuestion.MEMORY, is_ok=True, detail=detail)


def _is_there(address: MqttAddress, mark: Mark) -> bool:
    with visiting(address, subscriptions=(mark.topic,)) as visit:
        heard = visit.hear(1, within_seconds=SOON_SECONDS)
    return any(message.payload == str(mark).encode("ascii") for message in heard)


def _started_at(address: MqttAddress, now: datetime) -> datetime | None:
    try:
        with visiting(address, subscriptions=(UPTIME_TOPIC,)) as visit:
            heard = visit.hear(1, within_seconds=SOON_SECONDS)
    except BrokerError:
        return None
    told = UPTIME.match(heard[0].payload) if heard else None
    return None if told is None else now - timedelta(seconds=int(told[1]))


def _told(instant: datetime) -> str:
    return instant.isoformat(sep=" ", timespec="seconds")
