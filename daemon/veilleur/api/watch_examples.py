"""What the operations on watches and changes answer once the sample log is played."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from veilleur.api.writing import page_fields
from veilleur.model.condition import BacktestResult, Condition, ConditionKind, Telling
from veilleur.model.coverage import Completeness
from veilleur.model.feed import MadeFeed, WatchFeed
from veilleur.model.identity import MentionId
from veilleur.model.kinds import ChangeKind
from veilleur.model.scope import DEFAULT_PROJECT
from veilleur.model.watch import Unread, Watch, WatchId, WatchOverview, WatchVersion
from veilleur.model.wire import (
    backtest_fields,
    completeness_fields,
    dump_line,
    feed_fields,
    made_feed_fields,
    watch_fields,
    watch_overview_fields,
    watch_version_fields,
)

_MADE_AT: Final = datetime(2026, 11, 12, 8, 0, tzinfo=UTC)
_TOLD_AT: Final = datetime(2026, 11, 14, 18, 12, 40, tzinfo=UTC)
_CURSOR: Final = "5b1f0c6a9e3d4f7788a2c4e6d8f0b1a3"


def watch_examples(mention: dict[str, Any]) -> dict[str, Any]:
    """Return the answer of each operation, by operation id; `mention` is one of the sample's."""
    watch, overview = watch_fields(_watch()), watch_overview_fields(_overview())
    unseen = Completeness()
    tried = backtest_fields(_backtest(mention["id"])) | {"completeness": completeness_fields(unseen)}
    about = {"mention_id": mention["id"], "project": DEFAULT_PROJECT, "is_replayed": True, "is_said": False}
    change = {"op": ChangeKind.CREATED} | about | {"mention": mention}
    return {
        "list_changes": page_fields("changes", [change], _CURSOR, unseen) | {"has_more": False},
        "follow_mentions": f"event: mention\nid: {_CURSOR}\ndata: {dump_line(change).decode()}\n\n",
        "list_watches": page_fields("watches", [overview], None, unseen),
        "read_watch": overview,
        "write_watch_of": watch,
        "remove_watch": watch | {"archived_by": "dashboard", "archived_at": _TOLD_AT},
        "restore_watch": watch,
        "read_watch_history": {"versions": [watch_version_fields(_version())], "next_cursor": None},
        "search_watch": page_fields("mentions", [mention], None, unseen),
        "list_new_mentions": page_fields("mentions", [mention], _CURSOR, unseen) | {"has_more": False},
        "mark_watch_seen": overview,
        "backtest_watch": tried,
        "backtest_query": tried,
        **_feed_examples(),
    }


def watch_bodies() -> dict[str, Any]:
    """Return the body of each operation that takes one, by operation id."""
    watch = _watch()
    return {
        "make_feed": {"with_private": False, "language": "fr"},
        "write_watch_of": {"query": watch.query, "zone": watch.zone, "description": watch.description},
    }


def _feed_examples() -> dict[str, Any]:
    feed = WatchFeed(
        id=1,
        watch="plastique",
        project=DEFAULT_PROJECT,
        may_read_private=False,
        made_by="lea",
        created_at=_MADE_AT,
        renewed_at=_MADE_AT,
        revoked_by=None,
        revoked_at=None,
    )
    made = made_feed_fields(MadeFeed(feed, "https://veilleur.example/feeds/9kQ2…vX0.atom"))
    return {
        "list_feeds": {"feeds": [feed_fields(feed)], "next_cursor": None},
        "make_feed": made,
        "renew_feed": made,
        "revoke_feed": feed_fields(feed) | {"revoked_by": "lea", "revoked_at": _TOLD_AT},
    }


def _watch() -> Watch:
    return Watch(
        id=WatchId(1),
        name="plastique",
        project=DEFAULT_PROJECT,
        query="plastique OR #pouletrose since:7d",
        zone="Europe/Paris",
        description="What is said of the plastic",
        version=1,
        made_by="cli",
        created_at=_MADE_AT,
        changed_by="cli",
        changed_at=_MADE_AT,
        archived_by=None,
        archived_at=None,
    )


def _overview() -> WatchOverview:
    return WatchOverview(watch=_watch(), problem=None, unread=Unread(3))


def _version() -> WatchVersion:
    watch = _watch()
    return WatchVersion(
        version=1,
        name=watch.name,
        query=watch.query,
        zone=watch.zone,
        description=watch.description,
        changed_by="cli",
        changed_at=_MADE_AT,
    )


def _backtest(mention_id: MentionId) -> BacktestResult:
    condition = Condition(kind=ConditionKind.COUNT, at_least=5, window_minutes=60, cool_down_minutes=60)
    telling = Telling(at=_TOLD_AT, evidence_count=5, first_mention_id=mention_id, last_mention_id=mention_id)
    return BacktestResult(
        condition=condition,
        since_at=_MADE_AT,
        until_at=_MADE_AT + timedelta(days=7),
        match_count=41,
        telling_count=1,
        omitted=0,
        tellings=(telling,),
    )
