"""Small facts that belong to one database: made once, kept with it."""

from __future__ import annotations

import secrets
from typing import Final

from sqlalchemy import select, update

from veilleur.store.bulk import insert_rows
from veilleur.store.database import Database
from veilleur.store.tables import facts

CLIENT_ID_PREFIX: Final = "veilleur-"
_SUFFIX_BYTES: Final = 9


def client_id(database: Database, daemon_name: str) -> str:
    """Return the MQTT client id of this database's daemon of that name.

    Its end is random and secret: whoever knew it could take the daemon's session over.
    """
    suffix = fact(database, f"client_suffix.{daemon_name}", secrets.token_hex(_SUFFIX_BYTES))
    return f"{CLIENT_ID_PREFIX}{daemon_name}-{suffix}"


def broker_mark(database: Database, broker: str) -> str | None:
    """Return what was last left at a broker to see whether it remembers, None where nothing was."""
    with database.reading() as connection:
        return connection.execute(select(facts.c.value).where(facts.c.name == _mark_name(broker))).scalar_one_or_none()


def keep_broker_mark(database: Database, broker: str, mark: str) -> None:
    """Remember what was left at a broker."""
    with database.writing() as connection:
        insert_rows(connection, facts, ("name", "value"), [(_mark_name(broker), mark)], ignore=True)
        connection.execute(update(facts).where(facts.c.name == _mark_name(broker)).values(value=mark))


def _mark_name(broker: str) -> str:
    return f"broker_mark.{broker}"


def fact(database: Database, name: str, first_value: str) -> str:
    """Return what is kept under a name; `first_value`, and it is kept, where nothing was."""
    kept = select(facts.c.value).where(facts.c.name == name)
    with database.reading() as connection:
        value: str | None = connection.execute(kept).scalar()
    if value is not None:
        return value
    with database.writing() as connection:
        insert_rows(connection, facts, ("name", "value"), [(name, first_value)], ignore=True)
        return str(connection.execute(kept).scalar_one())
