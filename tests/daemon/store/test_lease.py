"""The lease: one daemon of a name, told who holds it, and free again when its process is gone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass

import pytest

from tests.waiting import until
from veilleur.model.errors import AlreadyRunning
from veilleur.store.database import Database
from veilleur.store.lease import lease

HOLDER = """
import sys
from veilleur.store.database import Database
from veilleur.store.lease import lease

with lease(Database(sys.argv[1]), sys.argv[2], wait_seconds=0):
    print("held", flush=True)
    sys.stdin.readline()
"""
AT_ONCE = 0.0
PATIENTLY = 20.0


@dataclass(frozen=True, slots=True)
class Holder:
    """Another process that holds a lease until told or killed."""

    process: subprocess.Popen[str]

    def let_go(self) -> None:
        self.process.communicate("\n", timeout=30)

    def die(self) -> None:
        self.process.kill()
        self.process.wait(30)


@contextmanager
def holding(url: str, name: str) -> Iterator[Holder]:
    command = [sys.executable, "-c", HOLDER, url, name]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            yield Holder(process)
        finally:
            process.kill()


def url_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def is_free(database: Database, name: str = "main", wait_seconds: float = AT_ONCE) -> bool:
    """Return whether the lease could be taken; it is let go again."""
    try:
        with lease(database, name, wait_seconds=wait_seconds):
            return True
    except AlreadyRunning:
        return False


def test_a_second_daemon_is_refused_with_the_process_that_runs(database: Database) -> None:
    assert is_free(database)
    with holding(url_of(database), "main") as holder:
        with pytest.raises(AlreadyRunning) as refused, lease(database, "main", wait_seconds=AT_ONCE):
            pass
        assert f"daemon main is already running as process {holder.process.pid} " in str(refused.value)
        assert "VEILLEUR_DAEMON_NAME" in str(refused.value)
        assert is_free(database, "second")


def test_the_lease_goes_with_its_process(database: Database) -> None:
    with holding(url_of(database), "main") as holder:
        assert not is_free(database)
        holder.die()
        assert is_free(database, wait_seconds=PATIENTLY)


def test_the_lease_ends_with_its_block_in_a_process_that_lives_on(database: Database) -> None:
    """The advisory lock of PostgreSQL stayed with the pooled connection: the same process could not start again."""
    with closing(Database(url_of(database))) as other:
        for _ in range(2):
            with lease(database, "main", wait_seconds=AT_ONCE):
                assert not is_free(other)
            assert is_free(other)


def test_a_lease_ends_with_the_block_that_failed(database: Database) -> None:
    def fail() -> None:
        with lease(database, "main", wait_seconds=AT_ONCE):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert is_free(database)


def test_a_start_waits_for_the_one_that_is_stopping(database: Database) -> None:
    with holding(url_of(database), "main") as holder, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(is_free, database, "main", PATIENTLY)
        until(waiting.running, within_seconds=30, what="the second start waits")
        holder.let_go()
        assert waiting.result()


def test_of_two_postgresql_databases_the_right_holder_is_named(migrated_postgres_url: str, postgres_url: str) -> None:
    with (
        holding(postgres_url, "main"),
        closing(Database(migrated_postgres_url)) as mine,
        closing(Database(migrated_postgres_url)) as other,
        lease(mine, "main", wait_seconds=AT_ONCE),
        pytest.raises(AlreadyRunning) as refused,
        lease(other, "main", wait_seconds=AT_ONCE),
    ):
        pass
    assert f"process {os.getpid()} " in str(refused.value)
