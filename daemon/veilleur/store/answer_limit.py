"""How much a database may work for one answer: what asks for more is given up, so that no query holds up the others."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import SQLITE_INTERRUPT
from sqlite3 import Connection as Connection3
from typing import Final, cast

from sqlalchemy import Connection, bindparam, func, select, true
from sqlalchemy.exc import OperationalError

from veilleur.model.errors import QueryTooCostly

# To look takes the interpreter's lock back from other answers' threads: a page, some 3,500 steps, does not look.
_STEPS_BETWEEN_LOOKS: Final = 5_000
_CANCELLED: Final = "57014"
# To compile a statement (JIT) can take PostgreSQL a second by itself, and gains nothing for an answer's few rows.
_LIMIT_STATEMENTS: Final = select(
    func.set_config("statement_timeout", bindparam("most_ms"), true()), func.set_config("jit", "off", true())
)
_ADVICE: Final = (
    "this asks for more work than one answer may take: ask for less time (since: and until:), "
    "for fewer words, or for longer beginnings of words"
)


@contextmanager
def limited(connection: Connection, most_s: float) -> Iterator[None]:
    """Let the database give up what takes longer; raises QueryTooCostly.

    SQLite works in this thread, whose own time is counted: what other programs take of the machine is no query's fault.
    PostgreSQL counts the time of each statement.
    """
    try:
        if connection.dialect.name == "sqlite":
            yield from _watched(cast("Connection3", connection.connection.driver_connection), most_s)
        else:
            connection.execute(_LIMIT_STATEMENTS, {"most_ms": str(max(round(most_s * 1_000), 1))})
            yield
    except OperationalError as error:
        if _was_given_up(error):
            raise QueryTooCostly(_ADVICE) from error
        raise


def _watched(driver: Connection3, most_s: float) -> Iterator[None]:
    until_s = time.thread_time() + most_s
    driver.set_progress_handler(lambda: time.thread_time() > until_s, _STEPS_BETWEEN_LOOKS)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)


def _was_given_up(error: OperationalError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code == SQLITE_INTERRUPT or getattr(error.orig, "sqlstate", None) == _CANCELLED
