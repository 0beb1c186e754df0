"""What webhooks are told: each change held against every subscription, as a search right now would."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

import structlog

from veilleur.model.changes import Change
from veilleur.model.delivery import SubscriptionDraft, ToldChange
from veilleur.model.errors import QueryError, ReceiverRefused
from veilleur.model.kinds import ChangeKind, Visibility
from veilleur.query.matching import Matches, matchable, matcher
from veilleur.store.consumers import Consumer
from veilleur.store.database import Database
from veilleur.store.subscriptions import (
    Subscribed,
    TellingBatch,
    Untold,
    every_subscription,
    has_subscription,
    write_told,
)
from veilleur.watches.asking import asked_now

CONSUMER: Final = "subscriptions"

log = structlog.get_logger()

Clock = Callable[[], datetime]
_Asked = Sequence[tuple[Subscribed, Matches]]


def subscription_consumer(database: Database, clock: Clock) -> Consumer[TellingBatch]:
    """Return what queues changes for those who subscribed; what was replayed or only said of a mention is no news."""

    def judge(changes: Sequence[Change]) -> TellingBatch:
        now = clock()
        asked = _asked(every_subscription(database), now)
        return TellingBatch([told for change in changes for told in _told(asked, change, now)])

    return Consumer(CONSUMER, judge, write_told, partial(has_subscription, database))


def check_draft(draft: SubscriptionDraft, now: datetime) -> None:
    """Raise ReceiverRefused or QueryError for what nothing can be told by."""
    if (draft.watch is None) == (draft.query is None):
        raise ReceiverRefused("a subscription is to a watch or to a query: name one of them")
    if draft.query is not None:
        asked_now(draft.query, draft.zone, now)


def _asked(subscriptions: Iterable[Subscribed], now: datetime) -> _Asked:
    asked = []
    for one in subscriptions:
        try:
            asked.append((one, matcher(asked_now(one.query, one.zone, now))))
        except QueryError as error:
            log.warning("a subscription cannot be read", subscription=one.id, column=error.column)
    return asked


def _told(asked: _Asked, change: Change, now: datetime) -> list[ToldChange | Untold]:
    mention = change.mention
    if mention is None:
        return [Untold(change.mention_id, now)]
    if change.is_said:
        return []
    ready, is_public = matchable(mention), mention.visibility == Visibility.PUBLIC
    told = [
        ToldChange(
            receiver_id=one.receiver_id,
            subscription_id=one.id,
            mention_id=change.mention_id,
            op=ChangeKind(change.op),
            queued_at=now,
        )
        for one, matches in asked
        if one.scope.project == change.project and (is_public or one.scope.may_read_private) and matches(ready)
    ]
    if change.op == ChangeKind.CREATED:
        return [*told]
    # Who was told of it and asks for it no more, or may not see it any more, is to take it out.
    return [Untold(change.mention_id, now, frozenset(one.subscription_id for one in told)), *told]
