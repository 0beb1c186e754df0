"""Sends a log through a broker as a device would (`replay --via mqtt`)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from veilleur.app.clock import utc_now
from veilleur.app.ingesting import broker_address, broker_protocol
from veilleur.app.settings import Settings
from veilleur.model.arrival import Arrival, DeadArrival, Fate
from veilleur.model.kinds import OutcomeKind
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt.options import MqttOptions
from veilleur_bridge.publish import Publisher
from veilleur_bridge.topics import DeviceChannel, device_topic

_WINDOW: Final = 256
_ANSWER_WITHIN_S: Final = 60.0

Send = Callable[[Sequence[Arrival | DeadArrival]], Fate]


@contextmanager
def sender(settings: Settings) -> Iterator[Send]:
    """Yield what publishes a batch and returns once the broker has it all; raises BrokerError."""
    address = broker_address(settings)
    options = MqttOptions(
        address=address,
        client_id=f"veilleur-replay-{secrets.token_hex(6)}",
        window=_WINDOW,
        protocol=broker_protocol(settings),
    )
    publisher = Publisher(options, clock=utc_now)

    def send(arrivals: Sequence[Arrival | DeadArrival]) -> Fate:
        for arrival in arrivals:
            if isinstance(arrival, Arrival) and arrival.place is None:
                message = f"{arrival.envelope_id} has no seq: only Veilleur's own logs can be sent through a broker"
                raise BrokerError(message)
            publisher.publish(device_topic(arrival.device, DeviceChannel.NOTIFICATIONS), arrival.payload)
        refusals = publisher.flush(_ANSWER_WITHIN_S)
        if refusals:
            message = f"the broker refused {len(refusals)} messages, the first because: {refusals[0].reason}"
            raise BrokerError(message)
        return sum((_expected(arrival) for arrival in arrivals), Fate())

    try:
        yield send
    finally:
        publisher.close()


def _expected(arrival: Arrival | DeadArrival) -> Fate:
    """Return what the daemon will make of it, where it has not seen it before."""
    if isinstance(arrival, DeadArrival):
        return Fate(dead=1)
    match arrival.reading.outcome:
        case OutcomeKind.PARSED:
            return Fate(parsed=1)
        case OutcomeKind.IGNORED:
            return Fate(ignored=1)
        case OutcomeKind.QUARANTINED:
            return Fate(quarantined=1)
