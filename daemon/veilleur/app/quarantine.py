"""Wires `veilleur quarantine retry --dead`: bytes that an earlier release could not read."""

from __future__ import annotations

from contextlib import closing
from typing import Final

from msgspec import Struct

from veilleur.app.clock import utc_now
from veilleur.app.logs import configure_logs
from veilleur.app.opening import open_store
from veilleur.app.reading import opened_reader
from veilleur.app.settings import Settings
from veilleur.ingest.committing import Committer
from veilleur.ingest.rereading import Progress
from veilleur.ingest.telling import Teller
from veilleur.model.arrival import Arrival
from veilleur.store.dead_letters import dead_payload, is_in_log, list_dead, mark_read
from veilleur.store.instants import to_ms
from veilleur_bridge.delivery import Delivery

_ORIGIN: Final = "dead letter"


class DeadSummary(Struct, frozen=True):
    """How many dead letters were tried, and how many could be read."""

    tried: int
    read: int


def retry_dead_letters(settings: Settings, on_progress: Progress) -> DeadSummary:
    """Read dead letters again; what can be read takes its place in the log, and its dead letter is marked."""
    configure_logs(settings, is_brief=True)
    scope = settings.scope
    read = 0
    with closing(open_store(settings)) as database, opened_reader(settings.parser_choice) as reader:
        committer = Committer(database, utc_now, settings.unpaired_devices, teller=Teller(lambda: reader))
        dead = list_dead(database, scope)
        for done, one in enumerate(dead, 1):
            payload = dead_payload(database, scope, one.id)
            delivery = Delivery(payload or b"", one.received_at, _ORIGIN, one.device)
            arrival = reader.read(delivery)
            if isinstance(arrival, Arrival):
                committer.commit([arrival], is_replayed=True)
                # Where another envelope has its place, the bytes are as dead as before.
                if is_in_log(database, arrival):
                    mark_read(database, one.id, now_ms=to_ms(utc_now()))
                    read += 1
            on_progress(done, len(dead))
    return DeadSummary(len(dead), read)
