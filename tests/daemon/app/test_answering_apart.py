"""Processes that answer reads beside the daemon: there when many ask, gone when nobody does, and never waited for."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

import httpx
import msgspec
import psutil
import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from tests.servers.daemon import Role, running_daemon
from tests.servers.ports import free_port
from tests.waiting import until
from veilleur import __version__
from veilleur.api.handing_over import HandedAnswer, HandedRead
from veilleur.app.answering_apart import AnsweringProcesses
from veilleur.app.answering_task import AnsweringTask
from veilleur.app.clock import utc_now
from veilleur.app.frames import framed
from veilleur.app.logs import LogFormat, LogLevel
from veilleur.app.serving import running_server
from veilleur.app.settings import Settings, load_settings
from veilleur.model.scope import Scope, TokenScope
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.opening import open_database
from veilleur.store.tokens import create_token

PATH = "/api/v1/mentions"
SOON_S = 60.0
MANY = 8
READERS = (TokenScope.READ_MENTIONS, TokenScope.READ_PRIVATE)


@pytest.fixture
def settings(bare: Path) -> Settings:
    return load_settings(data_dir=bare, http_port=free_port(), answering_processes=2)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    opened = open_database(settings.effective_database_url)
    commit_batch(opened, [arrival(1, sighting("Il y avait du plastique"))], now_ms=NOON_MS)
    yield opened
    opened.close()


@pytest.fixture
def secret(database: Database) -> str:
    return create_token(database, Scope(), "test", READERS, now=utc_now())[1]


@pytest.fixture
def task(database: Database) -> AnsweringTask:
    return AnsweringTask(
        version=__version__,
        database_url=str(database.url),
        answer_s=60,
        log_level=LogLevel.ERROR,
        log_format=LogFormat.TEXT,
    )


@dataclass
class _Pool:
    """What is tried: the processes of one event loop, asked as the ring asks them."""

    processes: AnsweringProcesses
    secret: str

    async def ask(self, at_once: int = MANY) -> HandedAnswer | None:
        read = HandedRead(PATH, b"q=plastique", [f"Bearer {self.secret}".encode()])
        return await self.processes.answer(read, at_once=at_once)

    async def ask_until(self, holds: Callable[[HandedAnswer | None], bool], what: str) -> HandedAnswer | None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + SOON_S
        while not holds(answer := await self.ask()):
            assert loop.time() < deadline, f"not within {SOON_S:g} s: {what}"
            await asyncio.to_thread(os.sched_yield)
        return answer


def tried(
    task: AnsweringTask,
    secret: str,
    story: Callable[[_Pool], Awaitable[None]],
    *,
    idle_s: float = 60,
    patience_s: float = SOON_S,
    interpreter: str = sys.executable,
) -> None:
    """Tell a story of two processes on a loop of its own; every one of them is gone after it."""
    processes = AnsweringProcesses(task, 2, idle_s=idle_s, patience_s=patience_s, interpreter=interpreter)

    async def told() -> None:
        await story(_Pool(processes, secret))

    try:
        asyncio.run(told())
    finally:
        processes.close()
    assert children() == []


def children(process: psutil.Process | None = None) -> list[psutil.Process]:
    return [child for child in (process or psutil.Process()).children() if _answers(child)]


def _answers(child: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return child.status() != psutil.STATUS_ZOMBIE and "veilleur.app.answering_process" in child.cmdline()
    return False


def _is_answered(answer: HandedAnswer | None) -> bool:
    return answer is not None


async def _both(pool: _Pool) -> list[psutil.Process]:
    """Wait until both can be asked."""
    await pool.ask_until(lambda _: pool.processes.free_count == 2, "both processes are free")
    return children()


def test_who_asks_alone_starts_nothing(task: AnsweringTask, secret: str) -> None:
    """Broken line: `at_once < _AT_ONCE` left out; it reported two processes."""

    async def story(pool: _Pool) -> None:
        assert {await pool.ask(at_once=2) for _ in range(100)} == {None}
        assert children() == []

    tried(task, secret, story)


def test_many_who_ask_at_once_are_answered_by_two(task: AnsweringTask, secret: str) -> None:
    async def story(pool: _Pool) -> None:
        answer = await pool.ask_until(_is_answered, "a process answers")
        assert answer is not None
        assert (answer.status, b"Il y avait du plastique" in answer.body, answer.may_be_kept) == (200, True, True)
        assert len(await _both(pool)) == 2
        assert None not in await asyncio.gather(*(pool.ask() for _ in range(30)))

    tried(task, secret, story)


@pytest.mark.fault
def test_of_one_that_is_killed_the_read_is_left_to_the_daemon(task: AnsweringTask, secret: str) -> None:
    """Broken line: the end of a connection not caught; it reported ConnectionResetError."""

    async def story(pool: _Pool) -> None:
        one, other = await _both(pool)
        one.kill()
        answers = [await pool.ask() for _ in range(20)]
        assert answers.count(None) <= 1
        other.kill()
        await pool.ask_until(lambda answer: answer is None, "nobody answers")
        assert {await pool.ask() for _ in range(40)} == {None}

    tried(task, secret, story)


@pytest.mark.fault
def test_one_that_hangs_holds_up_nobody_else(task: AnsweringTask, secret: str) -> None:
    """Broken lines: no patience, and no look at how long all are at work; either was not over in time."""

    async def story(pool: _Pool) -> None:
        one, other = await _both(pool)
        one.suspend()
        hanging = [asyncio.create_task(pool.ask()) for _ in range(3)]
        await asyncio.wait(hanging, return_when=asyncio.FIRST_COMPLETED)
        async with asyncio.timeout(SOON_S):
            await pool.ask_until(_is_answered, "the other one answers")
            assert [await pool.ask() for _ in range(20)].count(None) <= 3
            other.suspend()
            hanging.append(asyncio.create_task(pool.ask()))
            await asyncio.wait(hanging[-1:], timeout=0.1)
            await pool.ask_until(lambda answer: answer is None, "nobody is waited for")
        other.resume()
        one.resume()
        assert sum(map(_is_answered, await asyncio.gather(*hanging))) >= 3

    tried(task, secret, story, patience_s=3)


def test_when_nobody_asks_any_more_they_end(task: AnsweringTask, secret: str) -> None:
    async def story(pool: _Pool) -> None:
        await _both(pool)
        gone = asyncio.to_thread(until, lambda: not children(), within_seconds=SOON_S, what="both have ended")
        await gone
        await pool.ask_until(_is_answered, "they are started again")

    tried(task, secret, story, idle_s=0.2)


def test_when_one_asks_alone_they_end_too(task: AnsweringTask, secret: str) -> None:
    """Broken line: every question taken for a crowd's; they had not ended within a minute."""

    async def story(pool: _Pool) -> None:
        await _both(pool)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + SOON_S
        while await asyncio.to_thread(children):
            assert loop.time() < deadline, "they have not ended"
            await pool.ask(at_once=1)
        assert await pool.ask(at_once=1) is None

    tried(task, secret, story, idle_s=0.2)


@pytest.mark.fault
def test_where_none_can_be_started_reads_are_left_to_the_daemon(task: AnsweringTask, secret: str) -> None:
    """Broken line: the error of starting not caught; it reported FileNotFoundError."""

    async def story(pool: _Pool) -> None:
        with capture_logs() as logged:
            assert {await pool.ask() for _ in range(100)} == {None}
        assert [line["log_level"] for line in logged] == ["warning"]

    tried(task, secret, story, interpreter="/nowhere/python")


_BABBLER = """#!{python}
import os, pathlib
for said in ({ready!r}, {answer!r}):
    os.read(0, 65536)
    with pathlib.Path({place!r}).open("ab") as place:
        place.write(b".")
    os.write(0, said)
os.read(0, 65536)
"""


@pytest.mark.fault
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"\xc1", id="no msgpack"),
        pytest.param(b"\x80", id="of another shape"),
        pytest.param(msgspec.msgpack.encode(HandedAnswer(500, [], b"", False, None)), id="a failure"),
    ],
)
def test_what_is_no_answer_is_left_to_the_daemon(
    task: AnsweringTask, secret: str, tmp_path: Path, answer: bytes
) -> None:
    """Of a release that tells it otherwise, or whose libraries were changed under it.

    Broken lines: the decoder's errors not caught (reported both kinds); the status not looked at (reported the 500).
    """
    babbler, place = tmp_path / "babbler", tmp_path / "said"
    told = _BABBLER.format(python=sys.executable, ready=framed(b""), answer=framed(answer), place=str(place))
    babbler.write_text(told)
    babbler.chmod(0o755)

    async def story(pool: _Pool) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + SOON_S
        place.touch()
        while len(await asyncio.to_thread(place.read_bytes)) < 3:
            assert loop.time() < deadline, "neither was asked"
            assert await pool.ask() is None

    tried(task, secret, story, interpreter=str(babbler))


def test_one_of_another_release_is_not_asked(task: AnsweringTask, secret: str) -> None:
    """Broken line: the version not compared; it reported that they had not ended."""

    async def story(pool: _Pool) -> None:
        answers = [await pool.ask() for _ in range(40)]
        started = children()
        assert len(started) == 2
        await asyncio.to_thread(until, lambda: not children(), within_seconds=SOON_S, what="both have ended")
        answers += [await pool.ask() for _ in range(40)]
        assert set(answers) == {None}

    tried(replace(task, version="0.0.0"), secret, story)


Told = tuple[int, int]


@contextmanager
def crowd_of(address: str, secret: str) -> Iterator[Callable[[int], list[Future[Told]]]]:
    """Give what asks so many questions, none of them twice, each of which tells its status and how many mentions."""
    numbers = count()

    def asked(number: int) -> Told:
        answer = client.get(PATH, params={"q": f"plastique NOT #t{number}"})
        return answer.status_code, len(answer.json().get("mentions", ()))

    said = {"Authorization": f"Bearer {secret}"}
    with (
        httpx.Client(base_url=address, headers=said, timeout=SOON_S) as client,
        ThreadPoolExecutor(MANY) as crowd,
    ):
        yield lambda many: [crowd.submit(asked, number) for number in islice(numbers, many)]


def all_told(asked: list[Future[Told]]) -> bool:
    return {one.result() for one in asked} != set()


def await_two(ask: Callable[[int], list[Future[Told]]]) -> None:
    until(lambda: all_told(ask(40)) and len(children()) == 2, within_seconds=SOON_S, what="two processes are started")


@pytest.mark.fault
def test_a_server_that_many_ask_answers_each_rightly_though_one_is_killed(
    settings: Settings, database: Database, secret: str
) -> None:
    """Broken lines: `elsewhere` not handed to the application, no process started; not closed, one was left over."""
    with running_server(settings, database, tuple) as address, crowd_of(address, secret) as ask:
        await_two(ask)
        one, _ = children()
        under_way = ask(200)
        one.kill()
        assert {each.result() for each in under_way} == {(200, 1)}
    assert children() == []


@pytest.mark.fault
def test_a_server_that_stops_waits_for_none_that_hangs(
    settings: Settings, database: Database, secret: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Of three questions two are with the hanging ones, and the third was answered without them.

    Broken line: `stop` left out of `running_server`; it reported 500 of both.
    """
    logged = list[str]()

    def are_ready() -> bool:
        logged.extend(capfd.readouterr())
        return "".join(logged).count("answering process ready") == 2

    with crowd_of(f"http://127.0.0.1:{settings.http_port}", secret) as ask:
        with running_server(settings, database, tuple):
            until(lambda: all_told(ask(40)) and are_ready(), within_seconds=SOON_S, what="both are ready")
            for one in children():
                one.suspend()
            under_way = ask(3)
            wait(under_way, return_when=FIRST_COMPLETED)
        assert {each.result() for each in under_way} == {(200, 1)}
    assert children() == []
    logged.extend(capfd.readouterr())
    assert "Traceback" not in "".join(logged)
    assert "lost" not in "".join(logged)


@pytest.mark.fault
def test_they_end_with_the_daemon_that_was_killed(tmp_path: Path) -> None:
    with running_daemon(tmp_path, Role.UP, VEILLEUR_ANSWERING_PROCESSES="1") as daemon:
        of_daemon = psutil.Process(daemon.pid)
        with crowd_of(daemon.url, daemon.token) as ask:
            until(lambda: all_told(ask(40)) and children(of_daemon), within_seconds=SOON_S, what="a process answers")
        (one,) = children(of_daemon)
        daemon.kill()
        until(lambda: not _answers(one), within_seconds=SOON_S, what="it has ended")
