"""Reads handed elsewhere: the same answers, the same refusals, kept and conditional as before."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
import pytest

from tests.daemon.api.asking import Asker, Parameters
from tests.daemon.api.story import HOST_NAMES, NOW, READY, make_token
from tests.daemon.delivery.outgoing import outgoing_with
from veilleur.api.application import create_api
from veilleur.api.context import ApiContext
from veilleur.api.handed_reads import HandedReads
from veilleur.api.handing_over import Elsewhere, HandedAnswer, HandedRead
from veilleur.model.scope import Scope, TokenScope
from veilleur.store.database import Database
from veilleur.store.tokens import list_tokens, revoke_token

PATH = "/api/v1/mentions"


@dataclass
class _Beside:
    """Answers as the process would, in this one; or never."""

    reads: HandedReads
    is_there: bool = True
    answered: list[int] = field(default_factory=list)
    at_once: int = 0

    async def answer(self, read: HandedRead, *, at_once: int) -> HandedAnswer | None:
        self.at_once = max(self.at_once, at_once)
        if not self.is_there:
            return None
        answer = await self.reads.answer(read)
        self.answered.append(answer.status)
        return answer


@dataclass
class _Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def other(database: Database) -> Iterator[Database]:
    """Give the same file as another process has it."""
    opened = Database(str(database.url))
    yield opened
    opened.close()


@pytest.fixture
def beside(other: Database, clock: _Clock) -> _Beside:
    return _Beside(HandedReads(ApiContext(other, clock, lambda: READY, "0.0.1")))


def _asker(database: Database, clock: _Clock, elsewhere: Elsewhere | None, token: str) -> Asker:
    app = create_api(
        database,
        clock=clock,
        readiness=lambda: READY,
        version="0.0.1",
        host_names=HOST_NAMES,
        outgoing=outgoing_with(),
        elsewhere=elsewhere,
    )
    return Asker(app, token)


@pytest.fixture
def token(database: Database) -> str:
    return make_token(database, TokenScope.READ_MENTIONS, TokenScope.READ_PRIVATE, lifetime=timedelta(hours=1))


@pytest.fixture
def handing(database: Database, clock: _Clock, beside: _Beside, token: str) -> Asker:
    return _asker(database, clock, beside, token)


def _told(answer: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    return answer.status_code, answer.content, dict(answer.headers)


ASKED: list[tuple[str, Parameters]] = [
    (PATH, {}),
    (PATH, {"q": "plastique", "limit": 1}),
    (PATH, {"q": "été 東京 #pouletrose OR film", "public": "true"}),
    (PATH, {"q": "since:30d"}),
    (PATH, {"q": "kind:x"}),
    (PATH, {"limit": 0}),
    (PATH, {"limits": 5}),
    (PATH, {"cursor": "nonsense"}),
    ("/api/v1/facets", {"by": "kind"}),
    ("/api/v1/timeline", {"grain": "day", "zone": "Europe/Paris"}),
    ("/api/v1/timeline", {"grain": "century"}),
]


@pytest.mark.parametrize(("path", "parameters"), ASKED)
@pytest.mark.parametrize("who", ["reader", "stranger", "not a reader"])
def test_what_is_answered_elsewhere_is_answered_alike(
    database: Database, clock: _Clock, beside: _Beside, token: str, who: str, path: str, parameters: Parameters
) -> None:
    """Broken lines: the query not handed over, which told all mentions; the answer not conditional: it had no tag."""
    secret = {"reader": token, "stranger": "veil_nobody", "not a reader": make_token(database, TokenScope.ADMIN)}[who]
    here = _asker(database, clock, None, secret).ask(path, **parameters)
    there = _asker(database, clock, beside, secret).ask(path, **parameters)
    assert beside.answered == [here.status_code]
    assert _told(there) == _told(here)


def test_what_is_read_elsewhere_is_kept_here(handing: Asker, beside: _Beside) -> None:
    first, again = handing.ask(PATH, q="film"), handing.ask(PATH, q="film")
    assert _told(again) == _told(first)
    assert beside.answered == [200]


def test_what_moves_with_the_clock_is_read_anew(handing: Asker, beside: _Beside) -> None:
    """Broken line: kept whatever the answer says of itself; it reported one read."""
    handing.ask(PATH, q="since:30d")
    handing.ask(PATH, q="since:30d")
    assert beside.answered == [200, 200]


def test_a_token_that_expires_is_refused_though_its_answer_was_kept(handing: Asker, clock: _Clock) -> None:
    """Broken line: the token's end not noted; it reported 200."""
    assert handing.ask(PATH).status_code == 200
    clock.now += timedelta(hours=1)
    assert handing.ask(PATH).status_code == 401


def test_a_token_that_is_revoked_is_refused_at_once(handing: Asker, database: Database) -> None:
    assert handing.ask(PATH).status_code == 200
    (one,) = list_tokens(database, Scope())
    revoke_token(database, Scope(), one.id, now=NOW)
    assert handing.ask(PATH).status_code == 401
    assert handing.ask(PATH, q="film").status_code == 401


def test_what_is_held_already_is_not_sent_again(handing: Asker, beside: _Beside) -> None:
    tag = handing.ask(PATH, q="since:30d").headers["ETag"]
    assert Asker(handing.app, handing.token, {"If-None-Match": tag}).ask(PATH, q="since:30d").status_code == 304
    assert beside.answered == [200, 200]


def test_where_nobody_is_elsewhere_it_is_answered_here(handing: Asker, beside: _Beside) -> None:
    beside.is_there = False
    assert len(handing.read(PATH)["mentions"]) == 3


def test_only_reads_of_mentions_are_handed_over(handing: Asker, beside: _Beside) -> None:
    assert handing.ask("/api/v1/devices").status_code == 200
    assert handing.ask(PATH, "POST").status_code == 405
    assert beside.answered == []


def test_another_host_is_refused_before(handing: Asker, beside: _Beside) -> None:
    assert Asker(handing.app, handing.token, {"Host": "elsewhere.test"}).ask(PATH).status_code == 421
    assert beside.answered == []


def test_it_is_told_how_many_ask_at_once(handing: Asker, beside: _Beside) -> None:
    async def ask_three() -> None:
        transport = httpx.ASGITransport(app=handing.app)
        said = {"Authorization": f"Bearer {handing.token}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://veilleur.test", headers=said) as client:
            await asyncio.gather(*(client.get(PATH, params={"q": word}) for word in ("a", "b", "c")))

    beside.is_there = False
    asyncio.run(ask_three())
    assert beside.at_once == 3
    handing.ask(PATH, q="d")
    beside.at_once = 0
    handing.ask(PATH, q="e")
    assert beside.at_once == 1
