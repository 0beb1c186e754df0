"""A real PostgreSQL 15 (Debian's) on a free loopback port, one cluster a test session, one database a test."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

from tests.servers.ports import free_port
from tests.waiting import until

BINARIES = Path("/usr/lib/postgresql/15/bin")
_ROLE = "veilleur"
_START_WITHIN_SECONDS = 30
_QUICK_AND_UNSAFE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB")


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running cluster; `fresh_database` gives each caller an empty database of its own."""

    port: int
    process_id: int
    _numbers: Iterator[int]

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        """Make an empty database, give its SQLAlchemy URL, and drop it with whoever is still connected."""
        name = f"test_{next(self._numbers)}"
        self._administer(sql.SQL("CREATE DATABASE {} STRATEGY file_copy").format(sql.Identifier(name)))
        try:
            yield f"postgresql+psycopg://{_ROLE}@127.0.0.1:{self.port}/{name}"
        finally:
            self._administer(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _administer(self, statement: sql.Composed) -> None:
        with psycopg.connect(_administration(self.port), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Start a cluster in a folder of its own; end it and remove the folder afterwards.

    The server refuses to run as root, so root runs it as Debian's `postgres`. It dies with this process.
    """
    if not (BINARIES / "initdb").exists():
        raise AssertionError(f"PostgreSQL 15 is not in {BINARIES}: run make test-setup")
    folder = Path(tempfile.mkdtemp(prefix="veilleur-postgres-"))
    try:
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(folder, account.pw_uid, account.pw_gid)
        with _server(folder) as server:
            yield server
    finally:
        shutil.rmtree(folder)


@contextmanager
def _server(folder: Path) -> Iterator[PostgresServer]:
    data, log, port = folder / "data", folder / "server.log", free_port()
    initialise: list[str | Path] = [
        BINARIES / "initdb",
        "--pgdata",
        data,
        "--username",
        _ROLE,
        "--auth",
        "trust",
        "--no-sync",
    ]
    subprocess.run(
        _as_server(*initialise, "--encoding=UTF8", "--locale=C.UTF-8"), check=True, capture_output=True, cwd=folder
    )
    settings = (f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", *_QUICK_AND_UNSAFE)
    start: list[str | Path] = [
        BINARIES / "postgres",
        "-D",
        data,
        *(word for setting in settings for word in ("-c", setting)),
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(_as_server(*start), stdout=output, stderr=output, cwd=folder)
    try:
        until(lambda: _answers(process, port, log), within_seconds=_START_WITHIN_SECONDS, what="PostgreSQL answers")
        yield PostgresServer(port, process.pid, count(1))
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(timeout=_START_WITHIN_SECONDS)


def _as_server(*command: str | Path) -> list[str]:
    account = ["--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *account, "--pdeathsig=QUIT", "--", *map(str, command)]


def _answers(process: subprocess.Popen[bytes], port: int, log: Path) -> bool:
    if process.poll() is not None:
        raise AssertionError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
    try:
        psycopg.connect(_administration(port), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _administration(port: int) -> str:
    return f"host=127.0.0.1 port={port} user={_ROLE} dbname=postgres"
