"""Sends what is queued: each receiver by one process at a time, in order, and apart from every other receiver."""

from __future__ import annotations

import random
import secrets
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import msgspec
import structlog
from msgspec import Struct

from veilleur.campaigns.origins import Origins
from veilleur.delivery.asked_pause import asked_pause
from veilleur.delivery.channel import Channel, Message, TellingChange
from veilleur.model.alarms import AlarmCode
from veilleur.model.changes import Change
from veilleur.model.delivery import Answer, AttemptOutcome, Notice, ReceiverId, ReceiverKind
from veilleur.model.errors import ReceiverRefused, StoreBusy
from veilleur.model.kinds import ChangeKind
from veilleur.store.alarms import settle_alarms
from veilleur.store.alert_rules import unheard_rules
from veilleur.store.database import Database
from veilleur.store.mentions import get_mention
from veilleur.store.receivers import address_of
from veilleur.store.sealing import Seal
from veilleur.store.sending import (
    MANY_FAILURES,
    Failed,
    Lease,
    QueuedChange,
    SealedNotice,
    Taken,
    begin_attempt,
    delivery_alarms,
    end_lease,
    forget_old,
    give_up_old,
    receivers_due,
    record_delivered,
    record_failed,
    take_lease,
)

_NOTICES: Final = msgspec.json.Decoder(Notice)

LOOK_EVERY_S: Final = 1.0
_MOST_AT_ONCE: Final = 8
_RULED: Final = (AlarmCode.RECEIVER_FAILING, AlarmCode.DELIVERY_GIVEN_UP, AlarmCode.NO_RECEIVER)
_KEPT: Final = timedelta(days=90)
_OWNER_BYTES: Final = 16
_RECORD_AGAIN_S: Final = 0.5

log = structlog.get_logger()

Clock = Callable[[], datetime]
Channels = Callable[[ReceiverKind], Channel]


class Patience(Struct, frozen=True, kw_only=True):
    """How long an attempt, a pause after it and a delivery's life are at most."""

    attempt: timedelta
    first_pause: timedelta
    longest_pause: timedelta
    life: timedelta
    failures_before_rest: int = MANY_FAILURES

    def pause(self, failures: int) -> timedelta:
        """Return the pause after so many failures: doubled each time, and shortened by chance by up to half."""
        doubled = self.first_pause * 2.0 ** min(failures - 1, 30)
        return min(doubled, self.longest_pause) * random.uniform(0.5, 1.0)  # noqa: S311 - nobody gains by guessing it

    def after(self, now: datetime, asked: timedelta | None, failures: int, failures_in_a_row: int) -> Failed:
        """Return when a delivery, and where it failed too often or asks for a pause its receiver, is tried again."""
        rests = failures_in_a_row - self.failures_before_rest
        rest = max(self.pause(rests + 1) if rests >= 0 else timedelta(), asked or timedelta())
        due_at = now + max(self.pause(failures), asked or timedelta())
        return Failed(due_at=due_at, rests_until_at=now + rest if rest else None)


class Sender:
    """Looks for what is due and sends it, each receiver on a thread of its own; `turn` never waits for a receiver."""

    def __init__(self, database: Database, seal: Seal, channels: Channels, clock: Clock, patience: Patience) -> None:
        self._database = database
        self._seal = seal
        self._channels = channels
        self._clock = clock
        self._patience = patience
        self._owner = secrets.token_hex(_OWNER_BYTES)
        self._lock = threading.Lock()
        self._busy: set[ReceiverId] = set()
        self._is_stopping = threading.Event()

    def turn(self) -> float:
        """Begin what is due, give up what is too old, tell what is wrong; return the seconds to the next turn."""
        now = self._clock()
        with self._lock:
            room = _MOST_AT_ONCE - len(self._busy)
        for receiver_id in receivers_due(self._database, now, limit=room) if room else ():
            self._begin(receiver_id)
        give_up_old(self._database, self._seal, now, self._patience.life)
        forget_old(self._database, now, _KEPT)
        wrong = delivery_alarms(self._database, now) | unheard_rules(self._database)
        settle_alarms(self._database, wrong, ruled=_RULED, now=now)
        return LOOK_EVERY_S

    def stop(self) -> None:
        """Begin nothing any more; an attempt under way is left to end by itself, or to be marked as cut off."""
        self._is_stopping.set()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being sent."""
        with self._lock:
            return not self._busy

    def _begin(self, receiver_id: ReceiverId) -> None:
        with self._lock:
            if receiver_id in self._busy or self._is_stopping.is_set():
                return
            self._busy.add(receiver_id)
        lease = Lease(receiver_id, self._owner)
        threading.Thread(target=self._serve, args=(lease,), name=f"receiver {receiver_id}", daemon=True).start()

    def _serve(self, lease: Lease) -> None:
        try:
            now = self._clock()
            if take_lease(self._database, lease, now, self._lease_end(now)):
                self._send_in_order(lease)
                end_lease(self._database, lease)
        except StoreBusy as error:
            log.warning("deliveries put off", receiver=lease.receiver_id, reason=type(error).__name__)
        finally:
            with self._lock:
                self._busy.discard(lease.receiver_id)

    def _send_in_order(self, lease: Lease) -> None:
        while not self._is_stopping.is_set():
            now = self._clock()
            taken = begin_attempt(self._database, lease, now, self._lease_end(now))
            if taken is None:
                return
            answer = self._sent(taken)
            self._record(taken, answer)
            if answer.outcome != AttemptOutcome.DELIVERED:
                log.warning(
                    "delivery failed", delivery=taken.delivery_id, attempt=taken.number, outcome=answer.outcome.value
                )
                return

    def _sent(self, taken: Taken) -> Answer:
        try:
            address = address_of(self._seal, taken.receiver_id, taken.sealed)
            message = Message(
                delivery_id=taken.delivery_id,
                is_repeat=taken.is_repeat,
                sent_at=self._clock(),
                told=self._told(taken.told),
            )
            return self._channels(taken.kind).send(address, message)
        except ReceiverRefused as refused:
            return Answer(AttemptOutcome.UNREACHED, str(refused))

    def _told(self, told: Notice | SealedNotice | QueuedChange) -> Notice | TellingChange:
        if isinstance(told, Notice):
            return told
        if isinstance(told, SealedNotice):
            return _NOTICES.decode(self._seal.open(told.sealed, told.about))
        found = None if told.op == ChangeKind.ERASED else get_mention(self._database, told.scope, told.mention_id)
        mention = None if found is None else next(iter(Origins(self._database, told.scope).told([found])))
        change = Change(
            op=told.op if mention else ChangeKind.ERASED,
            mention_id=told.mention_id,
            project=told.scope.project,
            is_replayed=False,
            mention=mention,
        )
        return TellingChange(told.subscription_id, change)

    def _record(self, taken: Taken, answer: Answer) -> None:
        """Record how an attempt ended, again and again while the database is away: what is not would be sent twice."""
        until = self._clock() + self._patience.attempt
        while True:
            now = self._clock()
            try:
                if answer.outcome == AttemptOutcome.DELIVERED:
                    record_delivered(self._database, taken, now)
                else:
                    asked = asked_pause(answer.retry_after, now)
                    plan = partial(self._patience.after, now, asked)
                    record_failed(self._database, taken, (answer.outcome, answer.detail), now, plan)
            except StoreBusy:
                if now > until or self._is_stopping.wait(_RECORD_AGAIN_S):
                    raise
            else:
                return

    def _lease_end(self, now: datetime) -> datetime:
        """Return when others may send: an attempt (1 + `GRACE` of its time) and its record have ended by then."""
        return now + 3 * self._patience.attempt
