"""What is kept of a delivery whose values no database and no pipe takes."""

from __future__ import annotations

from typing import Final

from veilleur.model.arrival import Arrival, DeadArrival

UNSTORABLE: Final = "unstorable"


def unstorable(one: Arrival | DeadArrival) -> DeadArrival:
    """Return the delivery as a dead letter, at its own place; one that is dead already stays as it is."""
    if isinstance(one, DeadArrival):
        return one
    return DeadArrival(
        device=one.device,
        place=one.place,
        envelope_id=one.envelope_id,
        received_at_ms=one.received_at_ms,
        payload=one.payload,
        reason=UNSTORABLE,
        detail="a value of it does not fit the database",
    )


def bare(one: Arrival | DeadArrival, *, device: str) -> DeadArrival:
    """Return what is left when neither place nor bytes can be kept: that something came."""
    return DeadArrival(
        device=device,
        place=None,
        envelope_id=None,
        received_at_ms=one.received_at_ms,
        payload=b"",
        reason=UNSTORABLE,
        detail=f"{len(one.payload)} bytes that do not fit the database",
    )
