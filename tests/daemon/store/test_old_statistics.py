"""Searches on PostgreSQL whose statistics are of a time before the rows came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.daemon.store.arrivals import NOON_MS
from tests.daemon.store.query_cases import made_arrivals
from tests.servers.postgres import PostgresServer
from veilleur.model.qualification import QualificationChange, Qualifier, Tone
from veilleur.model.scope import Scope
from veilleur.query.expression import EVERYTHING
from veilleur.query.reading import read_query
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.mentions import every_mention
from veilleur.store.opening import open_database
from veilleur.store.qualifying import Deed, qualify
from veilleur.store.search import matching
from veilleur.store.tables import mentions

EVERYONE = Scope(may_read_private=True)
AT = datetime(2026, 11, 10, 12, tzinfo=UTC)
SAID = QualificationChange(tone=Tone.MIXED, add_tags=("sav",), is_treated=True)


@pytest.fixture(scope="module")
def database(postgres_server: PostgresServer) -> Iterator[Database]:
    """Give a store that PostgreSQL looked at while it was empty; no other test meets its statistics."""
    with postgres_server.fresh_database() as url:
        opened = open_database(url)
        with opened.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
        commit_batch(opened, list(made_arrivals(300, seed=1)), now_ms=NOON_MS)
        ids = [one.id for one in every_mention(opened, EVERYONE, EVERYTHING)]
        qualify(opened, EVERYONE, ids[::2], Deed(by=Qualifier("Léa"), change=SAID, at=AT))
        yield opened
        opened.close()


@pytest.mark.parametrize("text", ["tag:sav", "tone:mixed", "is:treated", "tag:sav NOT is:offtopic"])
def test_what_is_said_is_read_once_however_old_the_statistics_are(database: Database, text: str) -> None:
    """Seen to fail with a demand asked by `IN`: "what is said was joined 300 times"."""
    statement = matching(read_query(text, now=AT), EVERYONE, [mentions.c.id], is_sqlite=False)
    written = str(statement.compile(database.engine, compile_kwargs={"literal_binds": True}))
    with database.reading() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {written}").scalar_one()
    joined = [node["Actual Loops"] for node in _nodes(plan[0]["Plan"]) if node["Node Type"] == "Append"]
    assert joined
    assert max(joined) <= 1, f"what is said was joined {max(joined)} times"


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)
