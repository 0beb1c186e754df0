"""A fetch is conditional, bounded, stays on the web, and answers instead of raising."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.bridge.sources.feed.feed_server import Answer, FeedServer, running_feed_server
from tests.servers.ports import free_port
from veilleur_bridge.sources.feed.fetching import FeedFetcher, Fetched, FetchOutcome, NotFetched, Unchanged, Validators
from veilleur_bridge.sources.look import Problem

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MOST_BYTES = 200_000


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with running_feed_server() as running:
        yield running


def fetch(url: str, known: Validators | None = None, *, timeout_seconds: float = 10.0) -> FetchOutcome:
    fetcher = FeedFetcher(
        user_agent="Veilleur (test)", clock=lambda: NOW, timeout_seconds=timeout_seconds, most_bytes=MOST_BYTES
    )
    return fetcher.fetch(url, known or Validators())


def problem(outcome: FetchOutcome) -> Problem | None:
    return outcome.problem if isinstance(outcome, NotFetched) else None


def test_a_feed_comes_with_what_to_ask_again_by(server: FeedServer) -> None:
    server.answers["/feed"] = Answer(b"<rss/>", etag='"7"', headers={"Last-Modified": "Sat, 21 Nov 2026 10:00:00 GMT"})

    outcome = fetch(server.url())

    assert isinstance(outcome, Fetched)
    assert outcome.content == b"<rss/>"
    assert outcome.validators == Validators('"7"', "Sat, 21 Nov 2026 10:00:00 GMT")
    assert fetch(server.url(), outcome.validators) == Unchanged()
    first, second = server.asked
    assert first.headers["User-Agent"] == "Veilleur (test)"
    assert "If-None-Match" not in first.headers
    assert second.headers["If-None-Match"] == '"7"'
    assert second.headers["If-Modified-Since"] == "Sat, 21 Nov 2026 10:00:00 GMT"


def test_gzip_is_unpacked(server: FeedServer) -> None:
    server.answers["/feed"] = Answer(gzip.compress(b"<rss/>" * 1000), headers={"Content-Encoding": "gzip"})

    outcome = fetch(server.url())

    assert isinstance(outcome, Fetched)
    assert outcome.content == b"<rss/>" * 1000


@pytest.mark.attack
@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"x" * (MOST_BYTES + 1)),
        Answer(b"x" * 10_000, is_endless=True),
        Answer(gzip.compress(b"\0" * 50_000_000), headers={"Content-Encoding": "gzip"}),
    ],
    ids=["too long", "endless", "a gzip bomb"],
)
def test_what_is_too_large_is_left_at_the_bound(server: FeedServer, answer: Answer) -> None:
    server.answers["/feed"] = answer

    assert problem(fetch(server.url())) is Problem.FEED_TOO_LARGE


@pytest.mark.attack
@pytest.mark.parametrize("answer", [Answer(b"<rss/>" * 100, drips=True), Answer(b"<rss/>" * 40, trickles=True)])
def test_a_server_that_drips_is_left_after_the_time_out(server: FeedServer, answer: Answer) -> None:
    """Broken: no deadline for the whole answer; a byte now and then held the fetch for 24 s."""
    server.answers["/feed"] = answer
    began = time.monotonic()

    assert problem(fetch(server.url(), timeout_seconds=1.0)) is Problem.FEED_TIMED_OUT
    assert time.monotonic() - began < 6


@pytest.mark.fault
@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<rss/>", promised_bytes=100),
        Answer(gzip.compress(b"<rss/>" * 1000)[:-12], headers={"Content-Encoding": "gzip"}),
        Answer(b"no gzip", headers={"Content-Encoding": "gzip"}),
    ],
    ids=["shorter than promised", "gzip cut off", "gzip damaged"],
)
def test_an_answer_that_breaks_off_is_no_feed(server: FeedServer, answer: Answer) -> None:
    """Broken: the length was not looked at; half a feed was taken, and its ETag with it, so the rest never came."""
    server.answers["/feed"] = answer

    assert problem(fetch(server.url())) is Problem.FEED_UNREACHABLE


def test_a_few_redirects_are_followed_and_no_more(server: FeedServer) -> None:
    server.answers["/feed"] = Answer(b"<rss/>")
    for step in range(5):
        server.answers[f"/{step}"] = Answer(status=302, headers={"Location": f"/{step + 1}"})
    server.answers["/5"] = Answer(status=301, headers={"Location": "/feed"})
    server.answers["/loop"] = Answer(status=302, headers={"Location": "/loop"})

    assert isinstance(fetch(server.url("/1")), Fetched)
    assert problem(fetch(server.url("/0"))) is Problem.FEED_REFUSED
    assert problem(fetch(server.url("/loop"))) is Problem.FEED_REFUSED


@pytest.mark.attack
@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("file:///etc/passwd", Problem.FEED_REFUSED),
        ("ftp://127.0.0.1/x", Problem.FEED_REFUSED),
        ("data:text/xml,<rss/>", Problem.FEED_REFUSED),
        ("//", Problem.FEED_REFUSED),
        ("http://[", Problem.FEED_UNREACHABLE),
    ],
)
def test_no_redirect_leads_off_the_web(server: FeedServer, place: str, expected: Problem) -> None:
    """Broken: the scheme was not looked at; ftp:// was left to the opener, which happens not to know it."""
    server.answers["/feed"] = Answer(status=302, headers={"Location": place})

    assert problem(fetch(server.url())) is expected


@pytest.mark.parametrize(
    ("status", "headers", "expected", "retry_after_seconds"),
    [
        (404, {}, Problem.FEED_REFUSED, None),
        (403, {}, Problem.FEED_REFUSED, None),
        (410, {}, Problem.FEED_GONE, None),
        (500, {"Retry-After": "90"}, Problem.FEED_REFUSED, 90),
        (429, {"Retry-After": "3600"}, Problem.FEED_BUSY, 3600),
        (503, {"Retry-After": "Sun, 22 Nov 2026 12:10:00 GMT"}, Problem.FEED_BUSY, 600),
        (503, {"Retry-After": "Sat, 21 Nov 2026 12:10:00 GMT"}, Problem.FEED_BUSY, 0),
        (503, {"Retry-After": "999999999"}, Problem.FEED_BUSY, 86_400),
        (503, {"Retry-After": "tomorrow"}, Problem.FEED_BUSY, None),
    ],
)
def test_a_refusal_says_when_to_come_back(
    server: FeedServer, status: int, headers: dict[str, str], expected: Problem, retry_after_seconds: float | None
) -> None:
    server.answers["/feed"] = Answer(status=status, headers=headers)

    outcome = fetch(server.url())

    assert isinstance(outcome, NotFetched)
    assert (outcome.problem, outcome.retry_after_seconds) == (expected, retry_after_seconds)


def test_nobody_there_is_an_answer_too() -> None:
    assert problem(fetch(f"http://127.0.0.1:{free_port()}/feed")) is Problem.FEED_UNREACHABLE
