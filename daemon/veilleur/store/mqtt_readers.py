"""Who may read republished mentions at the embedded broker: names with the hashes of their passwords."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, delete, select

from veilleur.store.bulk import insert_rows
from veilleur.store.database import Database
from veilleur.store.tables import facts

_PREFIX: Final = "mqtt_reader."


def add_mqtt_reader(database: Database, name: str, password_hash: str) -> bool:
    """Keep a reader; False where there is one of this name."""
    with database.writing() as connection:
        if name in _hashes(connection):
            return False
        insert_rows(connection, facts, ("name", "value"), [(_PREFIX + name, password_hash)])
    return True


def mqtt_readers(database: Database) -> dict[str, str]:
    """Return the hash of each reader's password, by name."""
    with database.reading() as connection:
        return _hashes(connection)


def remove_mqtt_reader(database: Database, name: str) -> bool:
    """Forget a reader; False where there is none of this name."""
    with database.writing() as connection:
        return connection.execute(delete(facts).where(facts.c.name == _PREFIX + name)).rowcount == 1


def _hashes(connection: Connection) -> dict[str, str]:
    rows = connection.execute(select(facts).where(facts.c.name.startswith(_PREFIX, autoescape=True)).order_by("name"))
    return {row.name.removeprefix(_PREFIX): row.value for row in rows}
