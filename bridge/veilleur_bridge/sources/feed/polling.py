"""Asks a device's feeds, each when it is due, one at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from veilleur_bridge.envelope import EventKind
from veilleur_bridge.errors import SpoolError
from veilleur_bridge.sources.feed.memory import FeedMemory, read_memories, write_memories
from veilleur_bridge.sources.feed.watched_feed import FEED_PACKAGE, FeedTools, WatchedFeed
from veilleur_bridge.sources.look import Problem, Trouble
from veilleur_bridge.sources.polling import PollReport, Reporting

_TURN_SECONDS: Final = 0.5


class FeedPolling:
    """The feeds of one device, and what is remembered of them in one file."""

    def __init__(self, urls: Sequence[str], tools: FeedTools, memory_file: Path, report: Reporting) -> None:
        self._memory_file = memory_file
        self._tools = tools
        self._report = report
        remembered = read_memories(memory_file)
        self._feeds = [WatchedFeed(url, remembered.get(url, FeedMemory()), tools) for url in dict.fromkeys(urls)]
        self._config_revision: int | None = None

    def run(self, config_revision: Callable[[], int | None]) -> None:
        """Poll until told to stop; each fetch reports. Nothing is fetched before the first configuration."""
        while not self._tools.pace.stop.is_set():
            revision = config_revision()
            if revision != self._config_revision:
                self._config_revision = revision
                for feed in self._feeds:
                    feed.begin_under_another_policy()
            due = min(self._feeds, key=lambda feed: feed.due_s)
            if revision is None or due.due_s > time.monotonic():
                self._tools.pace.stop.wait(_TURN_SECONDS)
            else:
                self._report(self._ask(due))

    def cancel(self) -> None:
        """Nothing: a fetch ends by its own time-out, and is not waited for."""

    def _ask(self, feed: WatchedFeed) -> PollReport:
        spooled: Mapping[EventKind, int] = feed.ask()
        troubles = [each.trouble for each in self._feeds if each.trouble]
        working = len(self._feeds) - len(troubles)
        try:
            write_memories(self._memory_file, {each.url: each.memory for each in self._feeds})
        except SpoolError as error:
            troubles.append(Trouble(Problem.SPOOL_REFUSED, str(error)))
        return PollReport({FEED_PACKAGE: working} if working else None, spooled, tuple(troubles))
