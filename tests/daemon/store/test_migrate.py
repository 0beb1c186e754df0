"""Migrations: fresh equals written down, newer is refused, and a migration happens whole or not at all."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from threading import Barrier, Event
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, event, inspect

from tests.daemon.store.sqlite_files import FILE, opened
from veilleur import store
from veilleur.model.errors import StoreTooNew
from veilleur.store import migrate
from veilleur.store.database import Database
from veilleur.store.migrate import revision_of, upgrade
from veilleur.store.opening import open_database
from veilleur.store.schema import metadata
from veilleur.store.tables import facts

SHIPPED = tuple(sorted(file.stem[1:5] for file in (migrate.MIGRATIONS / "versions").glob("v*.py")))
LAST = SHIPPED[-1]
NEXT = f"{int(LAST) + 1:04}"
SECOND = '''"""One more migration, made for a test."""

import sqlalchemy as sa
from alembic import op

revision = "{next}"
down_revision = "{before}"


def upgrade() -> None:
    op.add_column("facts", sa.Column("source", sa.Text()))
    op.execute("UPDATE facts SET value = 'migrated', source = 'test'")
    op.create_table("later", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO later (id) VALUES (1)")
    {last}
'''
KEPT = {"name": "kept", "value": "before"}


@pytest.fixture
def with_second(tmp_path: Path) -> Path:
    """Give the shipped migrations and one more."""
    return write_second(tmp_path / "migrations")


def write_second(folder: Path, last: str = "") -> Path:
    shutil.copytree(migrate.MIGRATIONS, folder, dirs_exist_ok=True)
    text = SECOND.format(next=NEXT, before=LAST, last=last)
    (folder / "versions" / f"v{NEXT}_later.py").write_text(text)
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of a database that is not there yet, or is empty."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / FILE}"
    return str(request.getfixturevalue("postgres_url"))


def make_first(url: str) -> Database:
    """Make a database of the first schema with a fact in it."""
    database = open_database(url)
    with database.writing() as connection:
        connection.execute(facts.insert().values(KEPT))
    return database


def schema(database: Database) -> dict[str, list[str]]:
    """Return every table with its columns."""
    with database.reading() as connection:
        found = inspect(connection)
        return {name: [column["name"] for column in found.get_columns(name)] for name in found.get_table_names()}


def facts_in(database: Database) -> list[dict[str, Any]]:
    with database.reading() as connection:
        return [dict(row) for row in connection.exec_driver_sql("SELECT * FROM facts ORDER BY name").mappings()]


def of_sqlalchemy(_object: Any, name: str | None, kind: str, _is_reflected: bool, _compared: Any) -> bool:
    """Leave out what each database has in its own way: FTS5's tables, and the indexes over words."""
    return not str(name).startswith("mention_index" if kind == "table" else "ix_mention_words")


def test_a_fresh_database_is_what_the_tables_say(database: Database) -> None:
    """Compare every module's tables: those that no other test happened to import were taken for superfluous."""
    for module in iter_modules(store.__path__, f"{store.__name__}."):
        import_module(module.name)
    with database.reading() as connection:
        options = {"compare_type": True, "compare_server_default": True, "include_object": of_sqlalchemy}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_opening_again_applies_nothing(database: Database) -> None:
    assert upgrade(database) == ()
    current, ours = revision_of(database)
    assert current == ours


def test_a_newer_database_is_refused_and_left_alone(database: Database) -> None:
    set_revision(database, "9999")
    before = schema(database)
    with pytest.raises(StoreTooNew, match=r"newer release \(schema 9999\): install"):
        upgrade(database)
    assert schema(database) == before
    assert revision_of(database)[0] == "9999"
    set_revision(database, LAST)


def set_revision(database: Database, revision: str) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")


def test_a_later_migration_keeps_what_is_there(url: str, with_second: Path) -> None:
    with closing(make_first(url)) as database:
        assert upgrade(database, with_second) == (NEXT,)
        assert facts_in(database) == [{"name": "kept", "value": "migrated", "source": "test"}]
        assert upgrade(database, with_second) == ()
        with pytest.raises(StoreTooNew):
            upgrade(database)


def test_a_file_is_copied_whole_before_it_is_migrated_even_while_it_is_read(tmp_path: Path, with_second: Path) -> None:
    """Copied as a file beside its write-ahead log, it was malformed as soon as anybody was reading."""
    with closing(make_first(f"sqlite:///{tmp_path / FILE}")) as database:
        reader = sqlite3.connect(tmp_path / FILE, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM facts").fetchall()
        with database.writing() as connection:
            connection.execute(facts.insert().values(name="late", value="in the log"))
        upgrade(database, with_second)
        reader.close()
    copy = tmp_path / f"{FILE}.before-{LAST}"
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(Database(f"sqlite:///{copy}")) as saved:
        assert facts_in(saved) == [KEPT, {"name": "late", "value": "in the log"}]
        assert revision_of(saved)[0] == LAST


def test_a_first_migration_copies_nothing(tmp_path: Path) -> None:
    with opened(tmp_path):
        assert [path.name for path in tmp_path.glob("*before*")] == []


def test_a_migration_that_fails_leaves_the_old_schema_and_can_be_mended(url: str, tmp_path: Path) -> None:
    with closing(make_first(url)) as database:
        before = schema(database)
        broken = write_second(tmp_path / "broken", last='raise ZeroDivisionError("in the middle")')
        with pytest.raises(ZeroDivisionError):
            upgrade(database, broken)
        assert (schema(database), facts_in(database)) == (before, [KEPT])
        assert revision_of(database)[0] == LAST
        assert upgrade(database, write_second(tmp_path / "mended")) == (NEXT,)


def stop_at(statement: int, stop: Callable[[], None]) -> Callable[..., None]:
    """Make what counts statements and stops at one of them."""
    seen = iter(range(1, 10_000))

    def look(_connection: Connection, *_: object) -> None:
        if next(seen) == statement:
            stop()

    return look


def interrupt() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("revision", SHIPPED)
def test_stopped_at_any_statement_a_migration_happened_whole_or_not_at_all(tmp_path: Path, revision: str) -> None:
    before = tmp_path / "before"
    with closing(Database(f"sqlite:///{before}")) as database:
        upgrade(database, migrations_before(revision, tmp_path / "earlier"))
        schemas = {revision_of(database)[0]: schema(database)}
    migrations = migrations_before(f"{int(revision) + 1:04}", tmp_path / "migrations")
    statement = 0
    is_whole = False
    while not is_whole:
        statement += 1
        url = f"sqlite:///{shutil.copyfile(before, tmp_path / str(statement))}"
        with closing(Database(url)) as database:
            event.listen(database.engine, "before_cursor_execute", stop_at(statement, interrupt))
            is_whole = did_upgrade(database, migrations)
        with closing(Database(url)) as database:
            done, stood = revision_of(database)[0], schema(database)
            assert upgrade(database, migrations) == (() if done == revision else (revision,))
            schemas.setdefault(revision, schema(database))
            assert stood == schemas[done]
            assert schema(database) == schemas[revision]
    assert statement > 1


def migrations_before(revision: str, folder: Path) -> Path:
    """Copy the shipped migrations that come before `revision`."""
    shipped = shutil.copytree(migrate.MIGRATIONS, folder)
    for later in (one for one in SHIPPED if one >= revision):
        next(shipped.glob(f"versions/v{later}_*.py")).unlink()
    return shipped


def did_upgrade(database: Database, migrations: Path) -> bool:
    try:
        upgrade(database, migrations)
    except KeyboardInterrupt:
        return False
    return True


KILLED = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from veilleur.store.database import Database
from veilleur.store.migrate import upgrade

url, migrations, fatal = sys.argv[1:]
database = Database(url)

@event.listens_for(database.engine, "before_cursor_execute")
def look(connection, cursor, statement, *_):
    if fatal in statement:
        os.kill(os.getpid(), signal.SIGKILL)

upgrade(database, Path(migrations))
"""


def test_killed_in_the_middle_the_old_schema_stands(url: str, with_second: Path) -> None:
    with closing(make_first(url)) as database:
        before = schema(database)
        command = [sys.executable, "-c", KILLED, url, str(with_second), "INSERT INTO later"]
        assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
        assert (schema(database), facts_in(database), revision_of(database)[0]) == (before, [KEPT], LAST)
        assert upgrade(database, with_second) == (NEXT,)


def test_one_that_starts_while_another_migrates_waits_and_does_nothing_twice(url: str) -> None:
    first, second = Database(url), Database(url)
    has_looked = Event()
    event.listen(second.engine, "commit", lambda _connection: has_looked.set())
    with ThreadPoolExecutor(1) as pool, closing(first), closing(second):
        started: list[Future[tuple[str, ...]]] = []

        @event.listens_for(first.engine, "before_cursor_execute")
        def let_the_other_start(_connection: Connection, _cursor: Any, statement: str, *_: object) -> None:
            if "INSERT INTO projects" in statement:
                started.append(pool.submit(upgrade, second))
                assert has_looked.wait(20)

        done = upgrade(first)
        [other] = started
        assert done[:1] == SHIPPED[:1]
        assert sorted((*done, *other.result())) == list(SHIPPED)
        assert revision_of(second) == (LAST, LAST)


def test_several_that_start_at_once_all_come_up(url: str) -> None:
    together = Barrier(3)

    def start(_number: int) -> str | None:
        together.wait()
        with closing(open_database(url)) as database:
            return revision_of(database)[0]

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(start, range(3))) == [LAST] * 3
