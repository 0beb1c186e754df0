"""Watches as they are kept: under one name, with what they asked before, and never gone for good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from veilleur.model.scope import Scope
from veilleur.model.watch import Saved, WatchDraft
from veilleur.store.database import Database
from veilleur.store.watches import (
    active_watches,
    archive_watch,
    get_watch,
    has_active_watch,
    list_watches,
    restore_watch,
    save_watch,
    watch_history,
)

SCOPE = Scope()
NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
RATP = WatchDraft("#ratp since:7d", "Europe/Paris", "The metro")


def save(database: Database, name: str, draft: WatchDraft = RATP, *, new_name: str | None = None) -> Saved:
    return save_watch(database, SCOPE, name, draft, by="ana", now=NOW, new_name=new_name)


def test_a_watch_keeps_what_was_written_and_by_whom(database: Database) -> None:
    assert save(database, "ratp") is Saved.SAVED
    watch = get_watch(database, SCOPE, "ratp")
    assert watch is not None
    assert (watch.query, watch.zone, watch.description) == ("#ratp since:7d", "Europe/Paris", "The metro")
    assert (watch.made_by, watch.created_at, watch.version, watch.archived_at) == ("ana", NOW, 1, None)
    assert list_watches(database, SCOPE) == active_watches(database) == (watch,)


def test_watches_of_another_project_do_not_exist(database: Database) -> None:
    other = Scope("other", may_read_private=True)
    save(database, "ratp")
    assert get_watch(database, other, "ratp") is None
    assert list_watches(database, other) == ()
    assert watch_history(database, other, "ratp") == ()
    assert not archive_watch(database, other, "ratp", by="eve", now=NOW)


def test_edits_keep_what_was_asked_before_and_the_same_edit_is_none(database: Database) -> None:
    save(database, "ratp")
    changed = WatchDraft("#ratp OR #sncf")
    later = NOW + timedelta(hours=1)
    assert save_watch(database, SCOPE, "ratp", changed, by="bo", now=later, new_name="transport") is Saved.SAVED
    assert save_watch(database, SCOPE, "transport", changed, by="cy", now=later) is Saved.SAVED
    assert get_watch(database, SCOPE, "ratp") is None
    history = watch_history(database, SCOPE, "transport")
    assert [(one.version, one.name, one.query, one.changed_by) for one in history] == [
        (2, "transport", "#ratp OR #sncf", "bo"),
        (1, "ratp", "#ratp since:7d", "ana"),
    ]


def test_two_watches_never_have_one_name(database: Database) -> None:
    save(database, "ratp")
    save(database, "sncf")
    assert save(database, "sncf", new_name="ratp") is Saved.NAME_TAKEN
    assert save(database, "new", new_name="ratp") is Saved.NAME_TAKEN
    assert [one.name for one in list_watches(database, SCOPE)] == ["ratp", "sncf"]


def test_an_archived_watch_rests_until_it_is_restored(database: Database) -> None:
    save(database, "ratp")
    assert archive_watch(database, SCOPE, "ratp", by="bo", now=NOW)
    assert not archive_watch(database, SCOPE, "ratp", by="bo", now=NOW)
    assert not has_active_watch(database)
    assert list_watches(database, SCOPE) == ()
    (resting,) = list_watches(database, SCOPE, with_archived=True)
    assert (resting.archived_by, resting.archived_at) == ("bo", NOW)
    assert save(database, "ratp") is Saved.ARCHIVED
    assert restore_watch(database, SCOPE, "ratp")
    assert not restore_watch(database, SCOPE, "ratp")
    assert has_active_watch(database)
