"""Wires republishing: mentions on `veilleur/1/mentions/{platform}/{kind}`, for Node-RED, Home Assistant and others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Final

from veilleur.app.clock import utc_now
from veilleur.app.reading_messages import BrokerChoice
from veilleur.campaigns.origins import Origins
from veilleur.model.changes import Change
from veilleur.model.delivery import Republished
from veilleur.model.identity import MentionId
from veilleur.model.kinds import ChangeKind, Visibility
from veilleur.model.mention import Mention
from veilleur.model.scope import Scope
from veilleur.model.wire import dump_line, mention_fields
from veilleur.store.consumers import Consumer
from veilleur.store.database import Database
from veilleur.store.former import once_public
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt.options import MqttOptions
from veilleur_bridge.publish import Publisher
from veilleur_bridge.topics import ERASED_MENTIONS, mention_topic

CONSUMER: Final = "republishing"
_CLIENT_SUFFIX: Final = "-mentions"
_NAMELESS: Final = "other"
_WINDOW: Final = 100
_ID_DIGITS: Final = 32
_ANSWER_WITHIN_S: Final = 30.0


@contextmanager
def republishing(database: Database, broker: BrokerChoice, which: Republished) -> Iterator[tuple[Consumer[None], ...]]:
    """Yield the consumer that republishes, none where the setting is `off`; its connection ends with the block."""
    if which == Republished.OFF:
        yield ()
        return
    publisher = Publisher(
        MqttOptions(
            address=broker.address,
            client_id=broker.client_id + _CLIENT_SUFFIX,
            window=_WINDOW,
            protocol=broker.protocol,
            whereabouts=broker.whereabouts,
        ),
        clock=utc_now,
    )
    try:
        yield (republishing_consumer(database, publisher, which),)
    finally:
        publisher.close()


def republishing_consumer(database: Database, publisher: Publisher, which: Republished) -> Consumer[None]:
    """Return what publishes each mention as it is created, changed or erased, and goes on once the broker has them all.

    At least once: a batch whose answers did not come, or whose process died, is published again.
    """

    def judge(changes: Sequence[Change]) -> None:
        gone = _gone(database, changes, which)
        for change in changes:
            if change.mention_id in gone:
                publisher.publish(ERASED_MENTIONS, dump_line(_erasure(change) | _id_of(change)))
            elif change.mention is not None and _is_told(change.mention, which):
                mention = _with_origin(database, change.project, change.mention, which)
                publisher.publish(_topic(mention), dump_line(mention_fields(mention) | _id_of(change)))
        refusals = publisher.flush(_ANSWER_WITHIN_S)
        if refusals:
            raise BrokerError(f"the broker refused {len(refusals)} mentions, the first because: {refusals[0].reason}")

    return Consumer(CONSUMER, judge, lambda _connection, _nothing: None)


def _topic(mention: Mention) -> str:
    try:
        return mention_topic(mention.platform, mention.kind)
    except ValueError:
        # Somebody else's parser names its platform as it likes.
        return mention_topic(_NAMELESS, mention.kind)


def _is_told(mention: Mention, which: Republished) -> bool:
    return which == Republished.ALL or mention.visibility == Visibility.PUBLIC


def _gone(database: Database, changes: Sequence[Change], which: Republished) -> Collection[MentionId]:
    """Return what is to be taken out: mentions that are erased, or that may be told no more, and may have been."""
    lost = [
        one.mention_id
        for one in changes
        if one.mention is None or (one.op != ChangeKind.CREATED and not _is_told(one.mention, which))
    ]
    return lost if which == Republished.ALL or not lost else once_public(database, lost)


def _erasure(change: Change) -> dict[str, str]:
    return {"op": ChangeKind.ERASED.value, "mention_id": change.mention_id, "project": change.project}


def _id_of(change: Change) -> dict[str, str]:
    """Return the id under which a change is told, each time that it is: of it, and of nothing else of the store."""
    whole = f"{change.project} {change.seq} {change.mention_id}"
    return {"delivery_id": sha256(whole.encode()).hexdigest()[:_ID_DIGITS]}


def _with_origin(database: Database, project: str, mention: Mention, which: Republished) -> Mention:
    scope = Scope(project, may_read_private=which == Republished.ALL)
    return next(iter(Origins(database, scope).told([mention])))
