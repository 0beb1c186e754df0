"""What webhooks are told of mentions: what they subscribed to, as it stands when it is sent, and nothing private."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from tests.daemon.delivery.outgoing import add_webhook, outgoing_with, send_until, sending
from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from tests.servers.hook import Hook
from veilleur.app.clock import utc_now
from veilleur.delivery.subscribed import check_draft, subscription_consumer
from veilleur.model.delivery import DeliveryState, SubscriptionDraft
from veilleur.model.errors import QueryError, ReceiverRefused
from veilleur.model.kinds import ChangeKind, Visibility
from veilleur.model.scope import Scope
from veilleur.model.watch import WatchDraft
from veilleur.model.wire import dump_line, mention_fields
from veilleur.query.expression import EVERYTHING
from veilleur.store.commit import commit_batch
from veilleur.store.consumers import consume, register
from veilleur.store.database import Database
from veilleur.store.mentions import every_mention
from veilleur.store.merging import record_changes
from veilleur.store.subscriptions import end_subscription, list_subscriptions, subscribe
from veilleur.store.tables import mentions
from veilleur.store.watches import save_watch

OWN = Scope(may_read_private=True)
SENT = DeliveryState.SENT


def commit(
    database: Database, *numbers: int, visibility: Visibility = Visibility.PUBLIC, is_replayed: bool = False
) -> None:
    log = [
        arrival(number, sighting(f"word{number}", at_ms=NOON_MS + number, visibility=visibility)) for number in numbers
    ]
    commit_batch(database, log, now_ms=NOON_MS, is_replayed=is_replayed)


def follow(database: Database) -> None:
    consumer = subscription_consumer(database, utc_now)
    while consume(database, consumer):
        pass


def subscribed(database: Database, hook: Hook, draft: SubscriptionDraft) -> None:
    add_webhook(database, outgoing_with(), hook.url)
    register(database, "subscriptions")
    subscribe(database, OWN, "hook", draft, by="test", now=utc_now())


def told(database: Database, hook: Hook, count: int) -> list[str]:
    follow(database)
    with sending(database, outgoing_with()) as turn:
        send_until(database, turn, SENT, count)
    return [f"{one.json['type']} {(one.json['mention'] or {}).get('body')}" for one in hook.came]


def test_a_webhook_is_told_what_its_query_asks_for_exactly_as_the_api_gives_it(database: Database, hook: Hook) -> None:
    subscribed(database, hook, SubscriptionDraft(query="word2 OR word3 OR word4"))
    commit(database, 1, 2)
    commit(database, 3, visibility=Visibility.PRIVATE)
    commit(database, 4, is_replayed=True)

    assert told(database, hook, 1) == ["mention.created word2"]
    (mention,) = [one for one in every_mention(database, OWN, EVERYTHING) if one.body == "word2"]
    assert dump_line(mention_fields(mention)) in hook.came[0].body


def test_a_webhook_of_a_watch_is_told_what_the_watch_asks_now_and_private_ones_where_chosen(
    database: Database, hook: Hook
) -> None:
    save_watch(database, OWN, "veille", WatchDraft("word1"), by="test", now=utc_now())
    subscribed(database, hook, SubscriptionDraft(watch="veille", with_private=True))
    save_watch(database, OWN, "veille", WatchDraft("word2"), by="test", now=utc_now())
    commit(database, 1, 2, visibility=Visibility.PRIVATE)
    assert told(database, hook, 1) == ["mention.created word2"]


def test_a_subscription_that_ended_tells_nothing_more(database: Database, hook: Hook) -> None:
    subscribed(database, hook, SubscriptionDraft(query="word1 OR word2"))
    commit(database, 1)
    assert told(database, hook, 1) == ["mention.created word1"]
    (one,) = list_subscriptions(database, OWN)
    assert end_subscription(database, OWN, one.id, now=utc_now())
    commit(database, 2)
    assert told(database, hook, 1) == ["mention.created word1"]


def test_what_nothing_can_be_told_by_is_refused(database: Database) -> None:
    with pytest.raises(ReceiverRefused):
        check_draft(SubscriptionDraft(), utc_now())
    with pytest.raises(ReceiverRefused):
        check_draft(SubscriptionDraft(watch="a", query="b"), utc_now())
    with pytest.raises(QueryError):
        check_draft(SubscriptionDraft(query="("), utc_now())
    with pytest.raises(ReceiverRefused):
        subscribe(database, OWN, "nobody", SubscriptionDraft(query="a"), by="test", now=utc_now())


def test_what_is_asked_for_no_more_is_told_as_erased_to_who_had_it_and_to_nobody_else(
    database: Database, hook: Hook
) -> None:
    subscribed(database, hook, SubscriptionDraft(query="word1"))
    commit(database, 1, 2)
    assert told(database, hook, 1) == ["mention.created word1"]
    with database.writing() as connection:
        connection.execute(update(mentions).where(mentions.c.body.in_(("word1", "word2"))).values(visibility="private"))
        ids = connection.execute(select(mentions.c.id)).scalars().all()
        record_changes(connection, dict.fromkeys(ids, ChangeKind.CHANGED), is_replayed=False)
    assert told(database, hook, 2) == ["mention.created word1", "mention.erased None"]
