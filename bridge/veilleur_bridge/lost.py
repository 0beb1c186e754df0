"""The envelope that answers for seqs which the device can no longer send (DESIGN §1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from veilleur_bridge.encoding import encode
from veilleur_bridge.envelope import CONTRACT_VERSION, SPOOL_PACKAGE, AppInfo, Envelope, EventKind, SourceInfo
from veilleur_bridge.spool.contents import LostSpan

_NAMESPACE: Final = UUID("a5f4b7a0-1c0e-5a53-9a52-3f0f2b6e6c11")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes envelopes: the device's name, and the program."""

    device: str
    source: SourceInfo


def lost_payload(span: LostSpan, sender: Sender, epoch: str, captured_at: datetime) -> bytes:
    """Return a `lost` envelope; the same span has the same id, so that sending it again is a duplicate."""
    name = f"{sender.device}\n{epoch}\n{span.seq}\n{span.through_seq}\n{span.reason}"
    return encode(
        Envelope(
            v=CONTRACT_VERSION,
            id=str(uuid5(_NAMESPACE, name)),
            device=sender.device,
            epoch=epoch,
            seq=span.seq,
            event=EventKind.LOST,
            captured_at=captured_at,
            source=sender.source,
            app=AppInfo(SPOOL_PACKAGE),
            through_seq=span.through_seq,
            reason=span.reason,
        )
    )
