"""The watch plan in the database, held against what arrived."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from veilleur.model.errors import PlanError
from veilleur.model.kinds import Visibility
from veilleur.model.plan import PlanEntry, PlanKind
from veilleur.model.scope import Scope
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.instants import from_ms
from veilleur.store.plan import list_plan, plan_standing, remove_entry, save_plan

EVERYONE, PUBLIC = Scope(may_read_private=True), Scope()
NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
ACCOUNT = PlanEntry(kind=PlanKind.ACCOUNT, target="@nadia", platform="whatsapp", device="salle-1")
ELSEWHERE = replace(ACCOUNT, device="salle-2")
GROUP = PlanEntry(
    kind=PlanKind.GROUP, target="Clients", platform="whatsapp", device="salle-1", authorised_by="Léa", ground="contract"
)
TAG = PlanEntry(kind=PlanKind.HASHTAG, target="#Grève", platform="tiktok")
FEED = PlanEntry(kind=PlanKind.FEED, target="Nadia", platform="feed")


def test_each_entry_shows_when_something_of_it_last_arrived(database: Database) -> None:
    """Seen to fail without the device in `plan_query`: the other tablet's account was heard too."""
    hidden = sighting("x", sender="Bo", at_ms=NOON_MS - 1_000, visibility=Visibility.GROUP)
    seen = sighting("la #grève", at_ms=NOON_MS - 5_000, hashtags=("grève",))
    commit_batch(database, [arrival(1, seen), arrival(2, hidden)], now_ms=NOON_MS)
    entered = (ACCOUNT, ELSEWHERE, GROUP, TAG, FEED)
    assert save_plan(database, EVERYONE, entered, by="cli", now=NOW) == (5, 0)
    standing = {one.entry: one for one in plan_standing(database, EVERYONE, now=NOW + timedelta(days=31))}
    heard_at = from_ms(NOON_MS - 5_000)
    assert {entry: one.last_at for entry, one in standing.items()} == {
        ACCOUNT: heard_at,
        ELSEWHERE: None,
        GROUP: from_ms(NOON_MS - 1_000),
        TAG: heard_at,
        FEED: heard_at,
    }
    assert standing[TAG].tag_url == "https://www.tiktok.com/tag/grève"
    assert standing[ACCOUNT].silence == "nothing from @nadia for 31 days: is the bell on All?"
    assert {one.silence is None for one in plan_standing(database, EVERYONE, now=NOW)} == {True}


@pytest.mark.attack
def test_a_reader_of_public_mentions_is_told_of_no_group(database: Database) -> None:
    save_plan(database, EVERYONE, [ACCOUNT, GROUP], by="cli", now=NOW)
    assert list_plan(database, PUBLIC) == (ACCOUNT,)
    assert [one.entry for one in plan_standing(database, PUBLIC, now=NOW)] == [ACCOUNT]
    assert not remove_entry(database, PUBLIC, GROUP)
    assert remove_entry(database, EVERYONE, GROUP)


def test_entering_again_changes_and_never_doubles(database: Database) -> None:
    assert save_plan(database, EVERYONE, [ACCOUNT, TAG], by="cli", now=NOW) == (2, 0)
    noted = replace(ACCOUNT, note="bell on All")
    assert save_plan(database, EVERYONE, [noted, TAG], by="cli", now=NOW) == (0, 1)
    assert set(list_plan(database, EVERYONE)) == {noted, TAG}
    assert remove_entry(database, EVERYONE, noted)
    assert not remove_entry(database, EVERYONE, noted)


def test_one_wrong_entry_enters_none(database: Database) -> None:
    with pytest.raises(PlanError):
        save_plan(database, EVERYONE, [ACCOUNT, replace(TAG, target="no tag")], by="cli", now=NOW)
    assert list_plan(database, EVERYONE) == ()
