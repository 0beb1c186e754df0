"""Row numbers without holes: a counter's row stays locked to the commit, so readers of `changes` never miss one."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Connection, select, update

from veilleur.store.tables import counters


class Counter(StrEnum):
    """What is numbered."""

    NOTIFICATIONS = "notifications"
    DEAD_LETTERS = "dead_letters"
    CHANGES = "changes"
    ROUNDS = "rounds"


def take(connection: Connection, counter: Counter, count: int) -> range:
    """Return the next `count` numbers of a counter, from 1 on."""
    if count == 0:
        return range(0)
    raised = update(counters).where(counters.c.name == counter).values(value=counters.c.value + count)
    last: int = connection.execute(raised.returning(counters.c.value)).scalar_one()
    return range(last - count + 1, last + 1)


def hold(connection: Connection, counter: Counter) -> None:
    """Keep everybody else from taking numbers of this counter until the transaction ends."""
    connection.execute(select(counters.c.value).where(counters.c.name == counter).with_for_update())
