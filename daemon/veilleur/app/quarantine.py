"""Wires `veilleur quarantine retry --dead`: bytes that an earlier release could not read."""

from __future__ import annotations

from contextlib import closing
from typing import Final

from msgspec import Struct

from veilleur.app.clock import utc_now
from veilleur.app.logs import configure_logs
from veilleur.app.opening import open_store
from veilleur.app.reading import build_reader
from veilleur.app.settings import Settings
from veilleur.ingest.committing import Committer
from veilleur.ingest.rereading import Progress
from veilleur.model.arrival import Arrival
from veilleur.model.scope import Scope
from veilleur.store.dead_letters import dead_payload, list_dead, mark_read
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
    scope = Scope(may_read_private=True)
    reader, read = build_reader(settings.catalogues_dir), 0
    with closing(open_store(settings)) as database:
        committer = Committer(database, utc_now, settings.unpaired_devices)
        dead = list_dead(database, scope)
        for done, one in enumerate(dead, 1):
            payload = dead_payload(database, scope, one.id)
            delivery = Delivery(payload or b"", one.received_at, _ORIGIN, one.device)
            arrival = reader.read(delivery)
            if isinstance(arrival, Arrival) and not committer.commit([arrival], is_replayed=True).dead:
                mark_read(database, one.id, now_ms=to_ms(utc_now()))
                read += 1
            on_progress(done, len(dead))
    return DeadSummary(len(dead), read)
