"""A house with a clock of its own: mentions arrive, rules see them, time passes, and notices wait to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec
from sqlalchemy import select

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from veilleur.alerts.consuming import CONSUMER, alert_consumer
from veilleur.alerts.telling import Teller
from veilleur.alerts.turning import AlertTurn
from veilleur.model.alert import Alert, AlertRuleDraft, RuleSaved
from veilleur.model.arrival import Sighting
from veilleur.model.delivery import Notice
from veilleur.model.scope import Scope
from veilleur.model.watch import WatchDraft
from veilleur.store.alert_rules import save_rule
from veilleur.store.alerts import page_alerts
from veilleur.store.commit import commit_batch
from veilleur.store.consumers import consume, register
from veilleur.store.database import Database
from veilleur.store.delivery_tables import deliveries, receivers
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.watches import save_watch

EVERYONE = Scope(may_read_private=True)
PUBLIC = Scope()
START = datetime.fromtimestamp(NOON_MS / 1000, UTC)
ADDRESS = "https://veille.example.org"
TELLER = Teller(ADDRESS)


@dataclass
class House:
    """What a daemon does with alerts, step by step, at `now`."""

    database: Database
    now: datetime = START
    seq: int = 0
    turn: AlertTurn = field(init=False)

    def __post_init__(self) -> None:
        register(self.database, CONSUMER)
        self.turn = AlertTurn(self.database, TELLER, started_at=self.now - timedelta(hours=1))

    def rule(self, name: str, draft: AlertRuleDraft, query: str | None = None, scope: Scope = EVERYONE) -> None:
        if draft.watch is not None:
            save_watch(self.database, scope, draft.watch, WatchDraft(query or draft.watch), by="ana", now=self.now)
        assert save_rule(self.database, scope, name, draft, by="ana", now=self.now) is RuleSaved.SAVED

    def receiver(self, name: str) -> None:
        values = {"project_id": "default", "name": name, "kind": "webhook", "masked": "http://…", "made_by": "ana"}
        more = {"created_at": to_ms(self.now), "failure_count": 0}
        with self.database.writing() as connection:
            connection.execute(receivers.insert().values({**values, **more}))

    def say(self, words: str, *, is_replayed: bool = False, **more: object) -> Sighting:
        """Let a mention happen now and be stored."""
        return self.arrive([sighting(words, at_ms=to_ms(self.now), **more)], is_replayed=is_replayed)[0]  # type: ignore[arg-type]  # as a sighting takes them

    def arrive(self, sightings: Sequence[Sighting], *, is_replayed: bool = False) -> Sequence[Sighting]:
        batch = []
        for one in sightings:
            self.seq += 1
            made = arrival(self.seq, one)
            batch.append(msgspec.structs.replace(made, received_at_ms=to_ms(self.now) + self.seq))
        commit_batch(self.database, batch, now_ms=to_ms(self.now), is_replayed=is_replayed)
        return sightings

    def follow(self, limit: int = 500) -> None:
        """Let the consumer of a process that has just begun take in what is new."""
        consumer = alert_consumer(self.database, TELLER, lambda: self.now)
        while consume(self.database, consumer, limit=limit):
            pass

    def look(self) -> None:
        self.turn.look(self.now)

    def after(self, **span: float) -> None:
        """Let time pass, and the clock's turn come."""
        self.now += timedelta(**span)
        self.look()

    def alerts(self, scope: Scope = EVERYONE) -> list[Alert]:
        return list(reversed(page_alerts(self.database, scope, limit=500).alerts))

    def titles(self, scope: Scope = EVERYONE) -> list[str]:
        return [one.title for one in self.alerts(scope)]

    def told(self) -> list[tuple[str, str, datetime]]:
        """Return whom, of what and when."""
        query = (
            select(receivers.c.name, deliveries.c.message, deliveries.c.queued_at)
            .join(receivers, receivers.c.id == deliveries.c.receiver_id)
            .order_by(deliveries.c.queued_at, receivers.c.name)
        )
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
        return [(name, msgspec.json.decode(words, type=Notice).subject, from_ms(at)) for name, words, at in rows]


def notices(house: House) -> list[Notice]:
    """Return what waits to be sent."""
    query = select(deliveries.c.message).where(deliveries.c.message.is_not(None)).order_by(deliveries.c.queued_at)
    with house.database.reading() as connection:
        return [msgspec.json.decode(row.message, type=Notice) for row in connection.execute(query)]
