"""The PostgreSQL that tests are given is real, empty, and gone afterwards."""

from __future__ import annotations

import psycopg
import pytest

from tests.servers.postgres import PostgresServer, running_postgres


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """Connect to what a SQLAlchemy URL names."""
    return psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True)


def test_it_is_version_15_and_keeps_what_is_written(postgres_url: str) -> None:
    with connect(postgres_url) as connection:
        connection.execute("CREATE TABLE seen (word text)")
        connection.execute("INSERT INTO seen VALUES ('grève')")

        assert connection.execute("SELECT word FROM seen").fetchall() == [("grève",)]
        assert connection.info.server_version // 10_000 == 15


def test_two_databases_share_nothing(postgres_server: PostgresServer) -> None:
    with postgres_server.fresh_database() as first, postgres_server.fresh_database() as second:
        with connect(first) as connection:
            connection.execute("CREATE TABLE seen (word text)")

        with connect(second) as connection, pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("SELECT word FROM seen")


def test_a_dropped_database_is_gone_even_while_someone_is_connected(postgres_server: PostgresServer) -> None:
    with postgres_server.fresh_database() as url:
        left_open = connect(url)

    with left_open, pytest.raises(psycopg.OperationalError):
        left_open.execute("SELECT 1")


def test_nothing_listens_once_the_server_was_ended() -> None:
    with running_postgres() as server, server.fresh_database() as url:
        connect(url).close()

    with pytest.raises(psycopg.OperationalError):
        connect(url)
