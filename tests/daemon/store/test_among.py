"""Many values are one parameter, which nothing holds once its statement was asked."""

from __future__ import annotations

import gc
from pathlib import Path
from weakref import ref

from sqlalchemy import BindParameter, select
from sqlalchemy.sql.visitors import iterate

from tests.daemon.store.sqlite_files import opened
from veilleur.store.among import among
from veilleur.store.database import Database
from veilleur.store.tables import projects


def test_a_column_among_values_finds_the_rows_that_hold_one_of_them(database: Database) -> None:
    with database.reading() as connection:
        for wanted, found in ((["default", "none"], ["default"]), (["none"], []), ([], [])):
            query = select(projects.c.id).where(among(connection, projects.c.id, wanted))
            assert connection.execute(query).scalars().all() == found


def test_on_sqlite_its_parameter_is_let_go_without_a_search_for_cycles(tmp_path: Path) -> None:
    """Broken, and caught: `json_each` as SQLAlchemy's own table: "assert False".

    A commit of a thousand left 603 objects to the search for cycles, 154 since.
    """
    gc.disable()
    try:
        # what was asked first stays with the compiled statement
        with opened(tmp_path) as database:
            assert [_is_let_go(database) for _ in range(2)][-1]
    finally:
        gc.enable()


def _is_let_go(database: Database) -> bool:
    with database.reading() as connection:
        condition = among(connection, projects.c.id, ["default"])
        connection.execute(select(projects.c.id).where(condition)).all()
    held = [ref(part) for part in iterate(condition) if isinstance(part, BindParameter)]
    assert held
    del condition
    return all(parameter() is None for parameter in held)
