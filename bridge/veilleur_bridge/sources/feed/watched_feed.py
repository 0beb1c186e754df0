"""One feed under watch: what was told of it, when it is due again, and what is wrong with it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from veilleur_bridge.captured import Captured
from veilleur_bridge.delivery import Clock
from veilleur_bridge.envelope import AppInfo, EventKind
from veilleur_bridge.errors import SpoolError
from veilleur_bridge.sources.feed.fetching import FeedFetcher, NotFetched, Unchanged, Validators
from veilleur_bridge.sources.feed.memory import FeedMemory
from veilleur_bridge.sources.feed.reading import Feed, FeedItem, read_feed
from veilleur_bridge.sources.list_teller import Offer
from veilleur_bridge.sources.look import Problem, Trouble
from veilleur_bridge.sources.polling import Pace

FEED_PACKAGE: Final = "feed"
LONGEST_PAUSE_SECONDS: Final = 24 * 3600.0
FIRST_RETRY_SECONDS: Final = 60.0
_MOST_DOUBLINGS: Final = 12
_OWN_TROUBLES: Final = frozenset({Problem.FEED_UNREACHABLE, Problem.FEED_TIMED_OUT, Problem.SPOOL_REFUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedTools:
    """What every feed of a device is watched with."""

    fetcher: FeedFetcher
    offer: Offer
    clock: Clock
    pace: Pace


class WatchedFeed:
    """Asks one address at its own pace and tells each entry once; `trouble` is what went wrong the last time.

    An entry that the capture policy drops is offered again under another one.
    """

    def __init__(self, url: str, memory: FeedMemory, tools: FeedTools) -> None:
        self.url = url
        self.memory = memory
        self.trouble: Trouble | None = None
        self._tools = tools
        self._failures = 0
        self._is_catching_up = True
        self._has_dropped = False
        wait_seconds = (memory.wait_until - tools.clock()).total_seconds() if memory.wait_until else 0.0
        self.due_s = time.monotonic() + min(max(wait_seconds, 0.0), LONGEST_PAUSE_SECONDS)

    def ask(self) -> Mapping[EventKind, int]:
        """Fetch it now, offer what is new, and say when it is due again; return how many events were spooled."""
        outcome = self._tools.fetcher.fetch(self.url, self.memory.validators)
        match outcome:
            case NotFetched():
                self._fail(outcome.problem, outcome.detail, outcome.retry_after_seconds)
            case Unchanged():
                self._succeed()
            case fetched:
                read = read_feed(fetched)
                if isinstance(read, Feed):
                    return self._tell(read, fetched.validators)
                self._fail(Problem.FEED_UNREADABLE, read.detail)
        return {}

    def begin_under_another_policy(self) -> None:
        """Ask again at once where the policy before dropped something."""
        if self._has_dropped:
            self.due_s, self._is_catching_up = time.monotonic(), True

    def _tell(self, feed: Feed, validators: Validators) -> Mapping[EventKind, int]:
        event = EventKind.ACTIVE if self._is_catching_up else EventKind.POSTED
        spooled: Counter[EventKind] = Counter()
        self._has_dropped = False
        try:
            for item in feed.items:
                if self._tools.pace.stop.is_set():
                    return spooled
                if self.memory.knows(item.entry_id):
                    continue
                if self._tools.offer(self._captured(item, event, feed.title)):
                    self.memory.remember(item.entry_id)
                    spooled[event] += 1
                else:
                    self._has_dropped = True
        except SpoolError as error:
            self._fail(Problem.SPOOL_REFUSED, str(error))
            return spooled
        # with its validators a server would answer 304, and what was dropped would never come again
        self.memory.validators = Validators() if self._has_dropped else validators
        self.memory.forget_oldest([item.entry_id for item in feed.items])
        self._succeed()
        return spooled

    def _captured(self, item: FeedItem, event: EventKind, feed_title: str | None) -> Captured:
        shown = item.as_notification(self.url, feed_title)
        return Captured(event=event, captured_at=self._tools.clock(), app=AppInfo(FEED_PACKAGE), notification=shown)

    def _succeed(self) -> None:
        self._failures, self.trouble, self._is_catching_up = 0, None, False
        self.memory.wait_until = None
        self.due_s = time.monotonic() + self._tools.pace.interval_seconds

    def _fail(self, problem: Problem, detail: str, retry_after_seconds: float | None = None) -> None:
        """Wait: a minute and more for a network or a disk of our own, the interval and more for a server's refusal."""
        doublings = min(self._failures, _MOST_DOUBLINGS)
        self._failures += 1
        self.trouble = Trouble(problem, f"{urlsplit(self.url).hostname}: {detail}")
        interval_seconds = self._tools.pace.interval_seconds
        if problem in _OWN_TROUBLES:
            pause_seconds = min(FIRST_RETRY_SECONDS * 2**doublings, interval_seconds)
        else:
            pause_seconds = min(interval_seconds * 2**doublings, LONGEST_PAUSE_SECONDS)
        if problem is Problem.FEED_GONE:
            pause_seconds = LONGEST_PAUSE_SECONDS
        pause_seconds = max(pause_seconds, retry_after_seconds or 0.0)
        self.due_s = time.monotonic() + pause_seconds
        self.memory.wait_until = self._tools.clock() + timedelta(seconds=pause_seconds)
