"""Watches what is said of our receipts: it shows a second daemon, and a database that went back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final

import structlog

from veilleur.ingest.heard import HeardMessage
from veilleur.ingest.receipts import ReceiptSender
from veilleur.model.alarms import Alarm, AlarmCode
from veilleur.store.alarms import clear_alarm, open_alarms, raise_alarm
from veilleur.store.claims import Claim, JudgedClaim, Verdict, judge_claims
from veilleur.store.database import Database
from veilleur.store.receipts import StoredReceipts
from veilleur.store.statuses import HeardStatus
from veilleur_bridge.wire.receipt import read_receipt

ANSWER_FOREIGN_EVERY_S: Final = 60.0
FOREIGN_FOR_S: Final = 3_600.0
NEW_STORE_EVERY_S: Final = 600.0
"""The least time between two new stores: each asks every device to send again, and a claim can be a lie."""

log = structlog.get_logger()


def claims_of(receipts: Iterable[HeardMessage], statuses: Iterable[HeardStatus]) -> list[Claim]:
    """Return what receipts on the topics, and devices in their statuses, say that is stored.

    Only a receipt published just now shows that somebody else publishes: one that the broker had kept may be left
    over, and a device may have served another Veilleur.
    """
    claims: list[Claim] = []
    for message in receipts:
        receipt = read_receipt(message.payload)
        if receipt is not None:
            place = (message.topic.device, receipt.store, receipt.epoch, receipt.through_seq)
            claims.append(Claim(*place, is_published_now=not message.is_retained))
    for one in statuses:
        held = one.status.receipt
        if held is not None:
            place = (one.device, held.store, one.status.epoch, held.through_seq)
            claims.append(Claim(*place, is_published_now=False))
    return claims


class ClaimWatch:
    """Holds claims against the database, and acts where it went back.

    A copy of an earlier day becomes a store of its own: under a new store devices accept lower receipts, and send
    again what they still have. The alarm ends when all that was receipted is there again, or told lost.
    """

    def __init__(
        self,
        database: Database,
        receipts: StoredReceipts,
        sender: ReceiptSender,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._receipts = receipts
        self._sender = sender
        self._clock_s = clock_s
        self._foreign_at_s: dict[str, float] = {}
        self._answered_at_s: dict[str, float] = {}
        self._next_store_s = 0.0

    def take_in(self, claims: Sequence[Claim], now: datetime) -> None:
        """Judge claims, and raise what they call for; our own come back from the broker, and cost no question."""
        others = [one for one in claims if not self._sender.has_told(one.device, one.store, one.epoch, one.through_seq)]
        for judged in judge_claims(self._database, others):
            if judged.verdict is Verdict.BEHIND:
                self._note_loss(judged, now)
            elif judged.verdict is Verdict.FOREIGN and judged.claim.is_published_now:
                self._note_stranger(judged.claim, now)

    def end_alarms(self, now: datetime) -> None:
        """End the alarms whose cause is over; called every few seconds."""
        for alarm in open_alarms(self._database):
            if self._is_over(alarm):
                clear_alarm(self._database, alarm.code, alarm.subject, now)

    def _note_loss(self, judged: JudgedClaim, now: datetime) -> None:
        claim = judged.claim
        # The alarm before the new store: a daemon that dies between the two finds the claim again, not the loss.
        if not any(_covers(alarm, claim) for alarm in open_alarms(self._database)):
            detail = (
                f"seqs {judged.watermark + 1} to {claim.through_seq} of epoch {claim.epoch} were receipted and are no "
                "longer stored: the database is a copy of an earlier time. What the device still has is asked for again"
            )
            raise_alarm(self._database, AlarmCode.STORE_WENT_BACK, _subject(claim), detail, now)
            log.error("store went back", device=claim.device, had=claim.through_seq, has=judged.watermark)
        if claim.store == self._receipts.store() and self._clock_s() >= self._next_store_s:
            self._next_store_s = self._clock_s() + NEW_STORE_EVERY_S
            self._receipts.begin_new_store(claim.store)
            self._sender.owe_everyone()

    def _note_stranger(self, claim: Claim, now: datetime) -> None:
        now_s = self._clock_s()
        self._foreign_at_s[claim.device] = now_s
        detail = (
            f"another program publishes receipts of a store {claim.store} to this device: it may delete what is not "
            "stored here. Let one Veilleur alone use this broker, and only its account write receipts"
        )
        raise_alarm(self._database, AlarmCode.FOREIGN_RECEIPTS, claim.device, detail, now)
        if now_s - self._answered_at_s.get(claim.device, -ANSWER_FOREIGN_EVERY_S) >= ANSWER_FOREIGN_EVERY_S:
            self._answered_at_s[claim.device] = now_s
            self._sender.owe([claim.device])

    def _is_over(self, alarm: Alarm) -> bool:
        if alarm.code is AlarmCode.FOREIGN_RECEIPTS:
            heard_at_s = self._foreign_at_s.setdefault(alarm.subject, self._clock_s())
            return self._clock_s() - heard_at_s > FOREIGN_FOR_S
        if alarm.code is not AlarmCode.STORE_WENT_BACK:
            return False
        device, epoch, through_seq = _read_subject(alarm.subject)
        claim = Claim(device, self._receipts.store() or "", epoch, through_seq, is_published_now=False)
        return all(judged.verdict is Verdict.TRUE for judged in judge_claims(self._database, [claim]))


def _subject(claim: Claim) -> str:
    return f"{claim.device}:{claim.epoch}:{claim.through_seq}"


def _read_subject(subject: str) -> tuple[str, str, int]:
    device, _, place = subject.partition(":")
    epoch, _, through_seq = place.rpartition(":")
    return device, epoch, int(through_seq)


def _covers(alarm: Alarm, claim: Claim) -> bool:
    if alarm.code is not AlarmCode.STORE_WENT_BACK:
        return False
    device, epoch, through_seq = _read_subject(alarm.subject)
    return (device, epoch) == (claim.device, claim.epoch) and claim.through_seq <= through_seq
