"""Receivers written by hand, whose address nobody can read."""

from __future__ import annotations

from sqlalchemy import insert

from veilleur.model.delivery import ReceiverId, ReceiverKind
from veilleur.store.database import Database
from veilleur.store.delivery_tables import receivers


def make_receiver(database: Database, name: str, project: str = "default") -> ReceiverId:
    """Add a receiver; return its id."""
    values = {"project_id": project, "name": name, "kind": ReceiverKind.SERVICE.value, "masked": "mailto://…"}
    own = {"made_by": "cli", "created_at": 0, "failure_count": 0}
    with database.writing() as connection:
        made = connection.execute(insert(receivers).values(values | own).returning(receivers.c.id))
        return ReceiverId(int(made.scalar_one()))
