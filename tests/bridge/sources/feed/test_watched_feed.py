"""Each entry of a feed is told once, across restarts and refusals, and a server that wants peace has it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.bridge.sources.feed.feed_server import Answer, FeedServer, running_feed_server
from tests.bridge.sources.feed.feed_texts import atom, atom_entry, billion_laughs
from tests.servers.ports import free_port
from tests.waiting import until
from veilleur_bridge.captured import Captured
from veilleur_bridge.errors import SpoolError
from veilleur_bridge.sources.feed.fetching import FeedFetcher
from veilleur_bridge.sources.feed.memory import MOST_REMEMBERED, FeedMemory, read_memories, write_memories
from veilleur_bridge.sources.feed.polling import FeedPolling
from veilleur_bridge.sources.feed.watched_feed import FeedTools, WatchedFeed
from veilleur_bridge.sources.look import Problem
from veilleur_bridge.sources.polling import Pace, PollReport

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
INTERVAL_SECONDS = 900.0


class Spooled:
    """Takes what a program's `offer` would, where it is willing and has room."""

    def __init__(self) -> None:
        self.events: list[Captured] = []
        self.is_wanted = True
        self.room = 10_000

    def offer(self, captured: Captured) -> bool:
        if self.is_wanted and len(self.events) >= self.room:
            raise SpoolError("the disk is full")
        if self.is_wanted:
            self.events.append(captured)
        return self.is_wanted

    def drained(self) -> list[tuple[str, str]]:
        taken = [(event.event.value, event.notification.key.rpartition(":")[2]) for event in self.events]
        self.events.clear()
        return taken


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with running_feed_server() as running:
        yield running


@pytest.fixture
def spooled() -> Spooled:
    return Spooled()


@pytest.fixture
def tools(spooled: Spooled) -> FeedTools:
    fetcher = FeedFetcher(user_agent="Veilleur (test)", clock=lambda: NOW, timeout_seconds=10)
    pace = Pace(INTERVAL_SECONDS, threading.Event())
    return FeedTools(fetcher=fetcher, offer=spooled.offer, clock=lambda: NOW, pace=pace)


def restarted(feed: WatchedFeed, tools: FeedTools, folder: Path) -> WatchedFeed:
    """Write down what the feed remembers and begin again with that."""
    path = folder / "feeds.json"
    write_memories(path, {feed.url: feed.memory})
    return WatchedFeed(feed.url, read_memories(path)[feed.url], tools)


def wait_of(feed: WatchedFeed) -> timedelta:
    assert feed.memory.wait_until is not None
    return feed.memory.wait_until - NOW


def test_entries_are_told_once_and_new_ones_as_they_come(
    server: FeedServer, spooled: Spooled, tools: FeedTools, tmp_path: Path
) -> None:
    server.answers["/feed"] = Answer(atom(atom_entry(1), atom_entry(2)), etag='"1"')
    feed = WatchedFeed(server.url(), FeedMemory(), tools)
    feed.ask()
    assert spooled.drained() == [("active", "1"), ("active", "2")]
    server.answers["/feed"] = Answer(atom(atom_entry(3), atom_entry(1), atom_entry(2)), etag='"2"')
    feed.ask()
    assert spooled.drained() == [("posted", "3")]

    again = restarted(feed, tools, tmp_path)
    again.ask()
    assert server.asked[-1].headers["If-None-Match"] == '"2"'
    server.answers["/feed"] = Answer(atom(atom_entry(4), atom_entry(3)))
    again.ask()

    assert spooled.drained() == [("posted", "4")]
    assert again.trouble is None


@pytest.mark.fault
def test_what_the_spool_did_not_take_comes_again_and_nothing_else(
    server: FeedServer, spooled: Spooled, tools: FeedTools, tmp_path: Path
) -> None:
    server.answers["/feed"] = Answer(atom(atom_entry(1), atom_entry(2)), etag='"1"')
    spooled.room = 1
    feed = WatchedFeed(server.url(), FeedMemory(), tools)
    feed.ask()
    assert feed.trouble is not None
    assert feed.trouble.problem is Problem.SPOOL_REFUSED
    assert spooled.drained() == [("active", "1")]

    restarted(feed, tools, tmp_path).ask()

    assert spooled.drained() == [("active", "2")]


def test_what_the_policy_dropped_comes_again_under_another_one(
    server: FeedServer, spooled: Spooled, tools: FeedTools, tmp_path: Path
) -> None:
    server.answers["/feed"] = Answer(atom(atom_entry(1)), etag='"1"')
    spooled.is_wanted = False
    feed = WatchedFeed(server.url(), FeedMemory(), tools)
    feed.ask()
    spooled.is_wanted = True
    later = restarted(feed, tools, tmp_path)

    later.ask()

    assert spooled.drained() == [("active", "1")]


def test_failures_wait_longer_each_time_and_a_success_forgets_them(server: FeedServer, tools: FeedTools) -> None:
    server.answers["/feed"] = Answer(status=500)
    feed = WatchedFeed(server.url(), FeedMemory(), tools)
    waits = []
    for _ in range(9):
        feed.ask()
        waits.append(wait_of(feed).total_seconds() / INTERVAL_SECONDS)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 96, 96]

    server.answers["/feed"] = Answer(atom())
    feed.ask()
    assert (feed.trouble, feed.memory.wait_until) == (None, None)
    server.answers["/feed"] = Answer(status=500)
    feed.ask()
    assert wait_of(feed).total_seconds() == INTERVAL_SECONDS


def test_a_network_that_is_away_is_tried_after_a_minute(tools: FeedTools) -> None:
    feed = WatchedFeed(f"http://127.0.0.1:{free_port()}/feed", FeedMemory(), tools)
    waits = []
    for _ in range(6):
        feed.ask()
        waits.append(wait_of(feed).total_seconds())

    assert waits == [60, 120, 240, 480, 900, 900]


@pytest.mark.parametrize(
    ("answer", "problem", "seconds"),
    [
        (Answer(status=429, headers={"Retry-After": "7200"}), Problem.FEED_BUSY, 7200),
        (Answer(status=410), Problem.FEED_GONE, 86_400),
        (Answer(billion_laughs()), Problem.FEED_UNREADABLE, 900),
    ],
)
def test_a_server_is_left_alone_for_as_long_as_it_asks_over_a_restart_too(
    server: FeedServer, tools: FeedTools, tmp_path: Path, answer: Answer, problem: Problem, seconds: float
) -> None:
    server.answers["/feed"] = answer
    feed = WatchedFeed(server.url(), FeedMemory(), tools)
    feed.ask()

    assert feed.trouble is not None
    assert feed.trouble.problem is problem
    assert wait_of(feed).total_seconds() == seconds
    again = restarted(feed, tools, tmp_path)
    assert again.due_s - feed.due_s == pytest.approx(0, abs=2)


def test_the_memory_of_a_feed_is_bounded_and_never_forgets_what_is_shown() -> None:
    memory = FeedMemory()
    for number in range(MOST_REMEMBERED + 500):
        memory.remember(str(number))
    memory.forget_oldest(["0", "1"])

    assert len(memory.told) == MOST_REMEMBERED
    assert all(memory.knows(entry) for entry in ("0", "1", str(MOST_REMEMBERED + 499)))
    assert not memory.knows("2")


@pytest.mark.parametrize("damage", ["", "[]", '{"v":1}', '{"v":1,"feeds":{"x":{}}}', '{"v":9,"feeds":{}}'])
def test_a_damaged_memory_is_begun_anew(tmp_path: Path, damage: str) -> None:
    (tmp_path / "feeds.json").write_text(damage)

    assert read_memories(tmp_path / "feeds.json") == {}


def test_one_bad_feed_does_not_stand_in_the_way_of_another(
    server: FeedServer, spooled: Spooled, tools: FeedTools, tmp_path: Path
) -> None:
    server.answers["/good"] = Answer(atom(atom_entry(1)))
    reports: list[PollReport] = []
    urls = [server.url("/bad"), server.url("/good"), server.url("/good")]
    polling = FeedPolling(urls, tools, tmp_path / "feeds.json", reports.append)
    run = running(polling, lambda: 1)
    until(lambda: len(reports) == 2, within_seconds=30, what="both were asked")
    tools.pace.stop.set()
    run.join(30)

    assert spooled.drained() == [("active", "1")]
    [trouble] = reports[-1].troubles
    assert trouble.problem is Problem.FEED_REFUSED
    assert reports[-1].active == {"feed": 1}
    assert [asked.path for asked in server.asked] == ["/bad", "/good"]


@pytest.mark.fault
def test_a_memory_that_cannot_be_written_is_reported_and_stops_nothing(
    server: FeedServer, spooled: Spooled, tools: FeedTools, tmp_path: Path
) -> None:
    """Broken: the disk's error was let through; the thread that polls ended, and nothing was asked any more."""
    (tmp_path / "feeds.json").mkdir()
    server.answers["/1"], server.answers["/2"] = Answer(atom(atom_entry(1))), Answer(atom(atom_entry(2)))
    reports: list[PollReport] = []
    run = running(
        FeedPolling([server.url("/1"), server.url("/2")], tools, tmp_path / "feeds.json", reports.append), lambda: 1
    )
    until(lambda: len(reports) == 2, within_seconds=30, what="both were asked")
    tools.pace.stop.set()
    run.join(30)

    assert spooled.drained() == [("active", "1"), ("active", "2")]
    assert [trouble.problem for trouble in reports[-1].troubles] == [Problem.SPOOL_REFUSED]


def test_nothing_is_fetched_before_the_first_configuration(
    server: FeedServer, spooled: Spooled, tools: FeedTools, tmp_path: Path
) -> None:
    server.answers["/feed"] = Answer(atom(atom_entry(1)))
    revisions: list[int | None] = [None, None, 3]
    asked_when: list[int | None] = []

    def revision() -> int | None:
        found = revisions.pop(0) if len(revisions) > 1 else revisions[0]
        asked_when.append(found)
        return found

    run = running(FeedPolling([server.url()], tools, tmp_path / "feeds.json", lambda _: None), revision)
    until(lambda: spooled.events, within_seconds=30, what="the feed was told")
    tools.pace.stop.set()
    run.join(30)

    assert asked_when[:3] == [None, None, 3]
    assert len(server.asked) == 1


def running(polling: FeedPolling, revision: Callable[[], int | None]) -> threading.Thread:
    thread = threading.Thread(target=polling.run, args=(revision,), daemon=True)
    thread.start()
    return thread
