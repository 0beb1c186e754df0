"""The answer for lost seqs is an envelope of the contract, and the same each time."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.bridge.contract.contract_files import validator
from veilleur_bridge.codec import Codec, Decoded
from veilleur_bridge.envelope import LostReason, SourceInfo
from veilleur_bridge.lost import Sender, lost_payload
from veilleur_bridge.spool.contents import LostSpan

SPAN = LostSpan(4, 9, LostReason.CAP)
SENDER = Sender("salon-1", SourceInfo("adb", "1.0"))
AT = datetime(2026, 11, 22, tzinfo=UTC)


def id_of(span: LostSpan, sender: Sender = SENDER, epoch: str = "e1", at: datetime = AT) -> str:
    return str(json.loads(lost_payload(span, sender, epoch, at))["id"])


def test_it_is_what_the_contract_asks_for() -> None:
    payload = lost_payload(SPAN, SENDER, "e1", AT)

    assert validator("envelope").is_valid(json.loads(payload))
    decoded = Codec().decode(payload, topic_device="salon-1")
    assert isinstance(decoded, Decoded)
    assert (decoded.envelope.seq, decoded.envelope.through_seq, decoded.envelope.reason) == (4, 9, "cap")


def test_the_same_span_has_the_same_id_whenever_it_is_sent() -> None:
    assert id_of(SPAN) == id_of(SPAN, at=AT + timedelta(days=1))


def test_another_span_device_or_epoch_has_another_id() -> None:
    others = [
        id_of(replace(SPAN, seq=5)),
        id_of(replace(SPAN, through_seq=10)),
        id_of(replace(SPAN, reason=LostReason.CORRUPT)),
        id_of(SPAN, sender=replace(SENDER, device="salon-2")),
        id_of(SPAN, epoch="e2"),
    ]

    assert len({id_of(SPAN), *others}) == 6
