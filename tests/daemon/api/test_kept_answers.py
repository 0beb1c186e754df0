"""Answers given again from memory: only what still holds, only to whoever asked, and not for long."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, event, update
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.daemon.api.asking import Asker
from tests.daemon.api.story import NOW, api_of, make_token
from tests.daemon.delivery.outgoing import outgoing_with
from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from tests.waiting import until
from veilleur.api.application import create_api
from veilleur.api.hosts import LOOPBACK_NAMES
from veilleur.api.kept_answers import KeptAnswers, Note
from veilleur.model.readiness import Readiness
from veilleur.model.scope import Scope as Reading
from veilleur.model.scope import TokenScope
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.projects import save_project
from veilleur.store.tables import mentions
from veilleur.store.tokens import list_tokens, revoke_token

PATH = "/api/v1/mentions"


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Give what is asked of the database meanwhile."""
    seen: list[str] = []

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


@pytest.fixture
def elsewhere(database: Database) -> Iterator[Database]:
    """Give the same file as another process has it."""
    other = Database(str(database.url))
    yield other
    other.close()


def test_the_same_question_of_an_unchanged_store_reads_nothing(private_reader: Asker, database: Database) -> None:
    """Broken line: nothing kept; it reported `BEGIN` and the SELECTs after it."""
    first = private_reader.ask(PATH, q="plastique")
    with statements(database) as seen:
        again = private_reader.ask(PATH, q="plastique")
    assert (again.status_code, again.content, dict(again.headers)) == (200, first.content, dict(first.headers))
    assert seen == []


def test_another_question_and_another_page_are_other_answers(private_reader: Asker) -> None:
    every = private_reader.read(PATH)
    assert private_reader.read(PATH, limit=1)["mentions"] == every["mentions"][:1]
    assert private_reader.read(PATH, q="film")["mentions"] == every["mentions"][1:2]


def test_another_token_has_its_own_answer(private_reader: Asker, public_reader: Asker) -> None:
    """Broken line: the token left out of the key; it reported three mentions for who may read one."""
    assert len(private_reader.read(PATH)["mentions"]) == 3
    assert len(public_reader.read(PATH)["mentions"]) == 1
    assert len(private_reader.read(PATH, public="true")["mentions"]) == 1
    assert Asker(private_reader.app).ask(PATH).status_code == 401


def test_another_project_has_its_own_answer(private_reader: Asker, database: Database) -> None:
    save_project(database, "autre", "Autre", now=NOW)
    token = make_token(database, TokenScope.READ_MENTIONS, TokenScope.READ_PRIVATE, project="autre")
    assert len(private_reader.read(PATH)["mentions"]) == 3
    assert Asker(private_reader.app, token).read(PATH)["mentions"] == []


def _erase(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(delete(mentions).where(mentions.c.visibility == "private"))


def _hide(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(update(mentions).values(visibility="private"))


def _come(database: Database) -> None:
    commit_batch(database, [arrival(9, sighting("new"))], now_ms=NOON_MS)


@pytest.mark.parametrize("change", [_erase, _hide, _come])
def test_what_another_process_commits_is_seen_at_once(
    private_reader: Asker, elsewhere: Database, change: Callable[[Database], None]
) -> None:
    """Broken line: answers of an earlier state not forgotten; it reported all three changes."""
    before = private_reader.read(PATH)
    change(elsewhere)
    after = private_reader.read(PATH)
    assert after["mentions"] != before["mentions"]
    assert after == Asker(api_of(elsewhere), private_reader.token).read(PATH)


def test_a_revoked_token_is_refused_at_once(private_reader: Asker, elsewhere: Database) -> None:
    """Broken line: the state looked at once for all requests; it reported 200."""
    assert private_reader.ask(PATH).status_code == 200
    (token,) = list_tokens(elsewhere, Reading())
    assert revoke_token(elsewhere, Reading(), token.id, now=NOW)
    assert private_reader.ask(PATH).status_code == 401


class _Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def _api_at(database: Database, clock: _Clock) -> ASGIApp:
    return create_api(
        database,
        clock=clock,
        readiness=lambda: Readiness(is_ready=True, parts=()),
        version="0",
        host_names=LOOPBACK_NAMES | {"veilleur.test"},
        outgoing=outgoing_with(),
    )


def test_a_token_expires_while_nothing_is_committed(database: Database) -> None:
    """Broken line: the token's end not noted; it reported 200."""
    clock = _Clock()
    token = make_token(database, TokenScope.READ_MENTIONS, lifetime=timedelta(hours=1))
    reader = Asker(_api_at(database, clock), token)
    assert [reader.ask(PATH).status_code for _ in range(2)] == [200, 200]
    clock.now += timedelta(hours=1)
    assert reader.ask(PATH).status_code == 401


@pytest.mark.parametrize("query", ["since:30d", "plastique OR NOT (until:today bus)", "on:yesterday OR since:30d"])
def test_a_question_about_times_is_asked_anew(database: Database, query: str) -> None:
    """Broken lines: no `Since() | Until()`, which reported all three; no `Not(part)`, which reported the second."""
    clock = _Clock()
    reader = Asker(_api_at(database, clock), make_token(database, TokenScope.READ_MENTIONS))
    reader.read(PATH, q=query)
    clock.now += timedelta(days=365)
    with statements(database) as seen:
        reader.read(PATH, q=query)
    assert seen != []


def test_an_answer_from_memory_is_conditional_too(private_reader: Asker) -> None:
    tag = private_reader.ask(PATH).headers["ETag"]
    assert Asker(private_reader.app, private_reader.token, {"If-None-Match": tag}).ask(PATH).status_code == 304
    assert Asker(private_reader.app, private_reader.token, {"If-None-Match": '"other"'}).ask(PATH).status_code == 200


def test_a_refusal_is_not_kept(private_reader: Asker, database: Database) -> None:
    private_reader.ask(PATH, q="kind:x")
    with statements(database) as seen:
        assert private_reader.ask(PATH, q="kind:x").status_code == 400
    assert seen != []


def test_a_store_that_cannot_tell_its_state_is_asked_each_time() -> None:
    made = _Made()
    asyncio.run(_ask_twice(KeptAnswers(made, lambda: None, lambda: NOW)))
    assert made.count == 2


def test_what_is_committed_while_an_answer_is_made_leaves_it_unkept() -> None:
    """Broken line: `note.state != self._state` left out; it reported two answers made."""
    states = iter([1, 2, 2, 2])
    made = _Made()

    async def asks() -> None:
        app = KeptAnswers(made, lambda: next(states), lambda: NOW)
        both = asyncio.gather(_ask(app), _ask(app, b"q=other"))
        await both
        await _ask(app)

    asyncio.run(asks())
    assert made.count == 3


def test_words_leave_the_memory_though_nobody_asks_again() -> None:
    """Broken line: no timer; it was not let go within ten seconds."""
    made = _Made()

    async def asks() -> None:
        app = KeptAnswers(made, lambda: 1, lambda: NOW, kept_for_s=0.05)
        await _ask(app)
        await asyncio.to_thread(until, made.is_gone, within_seconds=10, what="the answer is let go")

    asyncio.run(asks())


def test_the_memory_holds_so_many_bytes_at_most() -> None:
    """Broken line: the oldest not let go; it reported three answers made."""
    made = _Made()

    async def asks() -> None:
        app = KeptAnswers(made, lambda: 1, lambda: NOW, most_bytes=25)
        for query in (b"q=a", b"q=b", b"q=c", b"q=c", b"q=b", b"q=a"):
            await _ask(app, query)

    asyncio.run(asks())
    assert made.count == 4


class _Later:
    """Lets others go first, once."""

    def __await__(self) -> Generator[None, None, None]:
        yield


class _Made:
    """An application that makes an answer of ten bytes each time, and lets it be kept."""

    def __init__(self) -> None:
        self.count = 0
        self._newest: weakref.ref[Response] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.count += 1
        await _Later()
        answer = Response(b"0123456789")
        self._newest = weakref.ref(answer)
        note = scope.get("veilleur.kept_answer")
        if isinstance(note, Note):
            note.answer = answer
        await answer(scope, receive, send)

    def is_gone(self) -> bool:
        """Whether nobody holds the newest answer any more."""
        return self._newest is not None and self._newest() is None


async def _ask(app: ASGIApp, query: bytes = b"") -> None:
    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_message: Message) -> None:
        return

    await app({"type": "http", "method": "GET", "path": PATH, "query_string": query, "headers": []}, receive, send)


async def _ask_twice(app: ASGIApp) -> None:
    await _ask(app)
    await _ask(app)
