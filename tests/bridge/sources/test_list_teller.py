"""Each change of a notification list is told once, across restarts, and what is not wanted leaves nothing on disk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from veilleur_bridge.captured import Captured
from veilleur_bridge.envelope import Notification
from veilleur_bridge.errors import SpoolError
from veilleur_bridge.notification_screen import NotificationScreen
from veilleur_bridge.redaction_rules import load_rules
from veilleur_bridge.sources.list_changes import ActiveList
from veilleur_bridge.sources.list_teller import ListTeller
from veilleur_bridge.sources.raw_notification import RawNotification
from veilleur_bridge.sources.told_list import ToldList

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
WANTED, UNWANTED = "com.wanted", "com.unwanted"
_SCREEN = NotificationScreen(load_rules())


class Spooled:
    """Takes what a program's `offer` would: apps on its list are spooled, until `room` is used up."""

    def __init__(self) -> None:
        self.wanted = {WANTED}
        self.room = 1000
        self.events: list[Captured] = []
        self.offered = 0

    def offer(self, captured: Captured) -> bool:
        self.offered += 1
        if captured.app.package not in self.wanted:
            return False
        if len(self.events) == self.room:
            raise SpoolError("the disk is full")
        self.events.append(captured)
        return True

    def drained(self) -> list[tuple[str, str, str | None]]:
        taken = [(event.event.value, event.notification.key, event.notification.title) for event in self.events]
        self.events.clear()
        return taken


@pytest.fixture
def spooled() -> Spooled:
    return Spooled()


@pytest.fixture
def start(tmp_path: Path, spooled: Spooled) -> Callable[[], ListTeller]:
    """Start the program anew over the same folder."""

    def started() -> ListTeller:
        told = ToldList(tmp_path / "told.json")
        return ListTeller(spooled.offer, told, lambda shown: _SCREEN.screen(shown).notification, clock=lambda: NOW)

    return started


def note(key: str, title: str, at_ms: int = 1, *, package: str = WANTED, user: int = 0) -> RawNotification:
    return RawNotification("list:1", package, user, Notification(key=key, title=title, posted_at_ms=at_ms))


def whole(*notes: RawNotification) -> ActiveList:
    return ActiveList(notes, is_whole=True)


def test_the_first_look_catches_up_and_later_ones_tell_what_changed(
    start: Callable[[], ListTeller], spooled: Spooled
) -> None:
    teller = start()

    teller.tell(whole(note("a", "un"), note("b", "deux")), 1)
    assert spooled.drained() == [("active", "a", "un"), ("active", "b", "deux")]

    teller.tell(whole(note("a", "un"), note("b", "deux et plus"), note("c", "trois")), 1)
    assert spooled.drained() == [("updated", "b", "deux et plus"), ("posted", "c", "trois")]

    teller.tell(whole(note("a", "un", at_ms=2), note("c", "trois")), 1)
    assert spooled.drained() == [("updated", "a", "un"), ("removed", "b", None)]

    assert teller.tell(whole(note("a", "un", at_ms=2), note("c", "trois")), 1) == {}


def test_a_restart_tells_nothing_twice_and_catches_up_with_the_rest(
    start: Callable[[], ListTeller], spooled: Spooled
) -> None:
    start().tell(whole(note("a", "un"), note("b", "deux")), 1)
    spooled.drained()

    start().tell(whole(note("a", "un"), note("c", "trois")), 1)

    assert spooled.drained() == [("active", "c", "trois"), ("removed", "b", None)]


def test_what_is_gone_from_a_list_that_broke_off_is_not_held_for_removed(
    start: Callable[[], ListTeller], spooled: Spooled
) -> None:
    teller = start()
    teller.tell(whole(note("a", "un"), note("b", "deux")), 1)
    spooled.drained()

    teller.tell(ActiveList([note("a", "un")], is_whole=False), 1)

    assert spooled.drained() == []


def test_one_key_of_two_apps_or_two_users_is_two_slots_and_twice_in_one_list_is_one(
    start: Callable[[], ListTeller], spooled: Spooled
) -> None:
    spooled.wanted.add(UNWANTED)
    both = whole(note("a", "un"), note("a", "deux", package=UNWANTED), note("a", "trois", user=10), note("a", "encore"))

    start().tell(both, 1)

    assert [title for _, _, title in spooled.drained()] == ["un", "deux", "trois"]


@pytest.mark.fault
def test_what_the_spool_did_not_take_is_offered_again_and_the_rest_is_not(
    start: Callable[[], ListTeller], spooled: Spooled
) -> None:
    """Broken: what was told was written down only after a look without an error; "un" was told twice."""
    spooled.room = 1
    shown = whole(note("a", "un"), note("b", "deux"))
    teller = start()
    with pytest.raises(SpoolError):
        teller.tell(shown, 1)
    spooled.drained()

    start().tell(shown, 1)

    assert spooled.drained() == [("active", "b", "deux")]


@pytest.mark.fault
def test_a_memory_that_cannot_be_written_is_a_spool_error_and_holds_nothing_up(
    start: Callable[[], ListTeller], spooled: Spooled, tmp_path: Path
) -> None:
    (tmp_path / "told.json").mkdir()
    teller = start()
    with pytest.raises(SpoolError, match="make room"):
        teller.tell(whole(note("a", "un")), 1)
    spooled.drained()

    with pytest.raises(SpoolError):
        teller.tell(whole(note("a", "un"), note("b", "deux")), 1)

    assert spooled.drained() == [("active", "b", "deux")]


@pytest.mark.privacy
def test_nothing_of_an_app_that_is_not_wanted_is_on_disk_nor_offered_at_each_look(
    start: Callable[[], ListTeller], spooled: Spooled, tmp_path: Path
) -> None:
    teller = start()
    teller.tell(whole(note("a", "un"), note("33639000001@s", "privé", package=UNWANTED)), 1)
    offered = spooled.offered
    teller.tell(whole(note("a", "un"), note("33639000001@s", "privé", package=UNWANTED)), 1)
    teller.tell(whole(note("a", "un")), 1)

    assert spooled.offered == offered
    assert all(b"33639000001" not in path.read_bytes() for path in tmp_path.iterdir())
    assert (tmp_path / "told.json").stat().st_mode & 0o777 == 0o600


def test_another_configuration_offers_again_what_was_dropped(start: Callable[[], ListTeller], spooled: Spooled) -> None:
    teller = start()
    shown = whole(note("a", "un"), note("b", "deux", package=UNWANTED))
    teller.tell(shown, None)
    spooled.drained()
    spooled.wanted.add(UNWANTED)

    teller.tell(shown, 2)

    assert spooled.drained() == [("active", "b", "deux")]


@pytest.mark.privacy
def test_the_digest_of_what_was_told_gives_no_code_away(
    start: Callable[[], ListTeller], spooled: Spooled, tmp_path: Path
) -> None:
    start().tell(whole(note("a", "Votre code : 482913")), 1)
    first = (tmp_path / "told.json").read_text()
    spooled.drained()

    start().tell(whole(note("a", "Votre code : 771122")), 1)

    assert spooled.drained() == []
    assert (tmp_path / "told.json").read_text() == first


@pytest.mark.parametrize("damage", ["", "{", '{"v":2,"told":[]}', '{"v":1,"told":[[1]]}', '{"v":1}', "[]"])
def test_a_damaged_memory_is_told_anew_and_does_no_harm(
    start: Callable[[], ListTeller], spooled: Spooled, tmp_path: Path, damage: str
) -> None:
    (tmp_path / "told.json").write_text(damage)

    start().tell(whole(note("a", "un")), 1)

    assert spooled.drained() == [("active", "a", "un")]
