"""Files of mentions that do not come to their end: the store fails in the middle, or the client goes away."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import event, update
from starlette.types import ASGIApp, Message

from tests.daemon.api.asking import Asker
from tests.daemon.api.story import make_token
from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from veilleur.model.scope import TokenScope
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.tables import mentions

PAGE = 1_000
"""How many mentions an export reads at once."""


def tell_pages(database: Database, count: int) -> None:
    """Commit so many pages of mentions."""
    for page in range(count):
        told = [sighting(f"page {page}, mention {number}", at_ms=NOON_MS + PAGE + number) for number in range(PAGE)]
        commit_batch(database, [arrival(100 + page, *told)], now_ms=NOON_MS)


def spoil_the_oldest(database: Database) -> None:
    """Make the mentions of the last page unreadable."""
    with database.writing() as connection:
        connection.execute(update(mentions).values(time_quality="unheard-of").where(mentions.c.notification_id <= 3))


@contextmanager
def pages_read(database: Database) -> Iterator[list[str]]:
    """Give the statements that fetch a page of mentions, as they are made."""
    seen: list[str] = []

    def look(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "mentions.body" in statement and "LIMIT" in statement:
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", look)
    yield seen
    event.remove(database.engine, "before_cursor_execute", look)


@pytest.mark.parametrize("ending", ["csv", "jsonl", "xlsx"])
@pytest.mark.parametrize("accepted", ["identity", "gzip"])
def test_a_file_that_fails_in_the_middle_ends_without_its_last_chunk(
    address: str, database: Database, ending: str, accepted: str
) -> None:
    tell_pages(database, 1)
    spoil_the_oldest(database)
    secret = make_token(database, TokenScope.READ_MENTIONS)

    with (
        httpx.Client(
            base_url=address, auth=("anyone", secret), headers={"Accept-Encoding": accepted}, timeout=60
        ) as client,
        client.stream("GET", f"/api/v1/mentions.{ending}") as answer,
    ):
        assert answer.status_code == 200
        with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
            answer.read()


def test_what_fails_before_the_first_piece_is_told_as_a_problem(private_reader: Asker, database: Database) -> None:
    spoil_the_oldest(database)

    answer = private_reader.ask("/api/v1/mentions.csv")

    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "application/problem+json")


def test_a_client_that_goes_away_stops_the_work(api: ASGIApp, database: Database) -> None:
    tell_pages(database, 3)
    secret = make_token(database, TokenScope.READ_MENTIONS)

    with pages_read(database) as pages:
        sent = asyncio.run(asyncio.wait_for(leave_after_the_first_piece(api, "/api/v1/mentions.csv", secret), 30))

    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert len(pages) == 1


async def leave_after_the_first_piece(app: ASGIApp, path: str, secret: str) -> list[Message]:
    """Ask as a server does whose client takes one piece and goes away while more is to be sent."""
    sent: list[Message] = []
    has_gone, asked = asyncio.Event(), iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Message:
        if request := next(asked, None):
            return request
        await has_gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if message.get("body"):
            has_gone.set()
            await asyncio.Event().wait()

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"veilleur.test"), (b"authorization", f"Bearer {secret}".encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8787),
    }
    await app(scope, receive, send)
    return sent


def test_a_format_whose_library_is_not_installed_is_a_problem_that_says_what_to_install(
    private_reader: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "veilleur.exports.parquet", raising=False)

    answer = private_reader.ask("/api/v1/mentions.parquet")

    assert answer.status_code == 501
    assert answer.json()["detail"] == ("parquet needs pyarrow, which is not installed: pip install 'veilleur[parquet]'")
