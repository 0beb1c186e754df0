"""A poll that a stop meets half-way: what was told is counted, what was not seen is not called empty."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from veilleur_bridge.captured import Captured
from veilleur_bridge.envelope import EventKind, Notification
from veilleur_bridge.sources.list_changes import ActiveList
from veilleur_bridge.sources.list_teller import ListTeller
from veilleur_bridge.sources.look import Look
from veilleur_bridge.sources.polling import Pace, Polling, PollReport
from veilleur_bridge.sources.raw_notification import RawNotification
from veilleur_bridge.sources.told_list import ToldList

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
SEEN = Look(
    ActiveList(
        (RawNotification("list:1", "com.app", 0, Notification(key="1", title="a", posted_at_ms=1)),), is_whole=True
    )
)


class StoppingLookout:
    """Shows one list; asked to stop while it looks, it sees nothing, as an adb that was ended."""

    def __init__(self, stop: threading.Event, *, is_cut: bool) -> None:
        self._stop = stop
        self._is_cut = is_cut

    def look(self) -> Look:
        if self._is_cut:
            self._stop.set()
            return Look()
        return SEEN

    def cancel(self) -> None:
        """Nothing is under way."""


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


@pytest.fixture
def polled(stop: threading.Event, tmp_path: Path) -> Callable[..., list[PollReport]]:
    """Poll until the stop, which comes with the first event told, or while the list is looked at."""

    def run(*, is_cut: bool) -> list[PollReport]:
        reports: list[PollReport] = []

        def offer(_: Captured) -> bool:
            stop.set()
            return True

        teller = ListTeller(offer, ToldList(tmp_path / "told.json"), lambda shown: shown, clock=lambda: NOW)
        polling = Polling(StoppingLookout(stop, is_cut=is_cut), teller, Pace(60.0, stop), reports.append)
        polling.run(lambda: 1)
        return reports

    return run


def test_what_was_told_while_stopping_is_counted(polled: Callable[..., list[PollReport]]) -> None:
    """Broken line: `run` left without a report where the stop was set after the poll; it reported an empty list."""
    (report,) = polled(is_cut=False)

    assert report.spooled == {EventKind.ACTIVE: 1}


def test_a_look_that_the_stop_cut_off_reports_nothing(polled: Callable[..., list[PollReport]]) -> None:
    """Broken line: `_poll` went on with a look that was cut off; it reported one with nothing seen."""
    assert polled(is_cut=True) == []
