"""Receivers as people keep them: added once their address was looked at, and tried."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from veilleur.delivery.channel import Message
from veilleur.delivery.sender import Channels
from veilleur.delivery.webhook import new_secret, write_address
from veilleur.model.alert import RuleTrial
from veilleur.model.delivery import (
    AddedReceiver,
    Answer,
    AttemptOutcome,
    Notice,
    ReceiverDraft,
    ReceiverId,
    ReceiverKind,
)
from veilleur.model.errors import ReceiverRefused
from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.receivers import add_receiver, address_of, list_receivers, sealed_address
from veilleur.store.sealing import Seal
from veilleur.store.trials import begin_trial, end_trial

_SUBJECT: Final = "Veilleur: a trial"
_TEXT: Final = "This receiver works: what Veilleur has to tell comes here."


class Outgoing(Struct, frozen=True):
    """With what messages are sent: the seal of the addresses, and a channel for each kind."""

    seal: Seal
    channels: Channels


def keep_receiver(  # noqa: PLR0913 - what is kept, where, by whom and when
    database: Database, scope: Scope, outgoing: Outgoing, draft: ReceiverDraft, *, by: str, now: datetime
) -> AddedReceiver:
    """Add a receiver; raises ReceiverRefused where its address cannot be used or its name is taken."""
    made = new_secret() if draft.kind == ReceiverKind.WEBHOOK and draft.secret is None else None
    secret = draft.secret or made
    address = draft.address if secret is None else write_address(draft.address, secret)
    masked = outgoing.channels(draft.kind).masked(address)
    receiver = add_receiver(
        database,
        scope,
        outgoing.seal,
        name=draft.name,
        kind=draft.kind,
        address=address,
        masked=masked,
        by=by,
        now=now,
    )
    return AddedReceiver(receiver, made)


def try_receiver(database: Database, scope: Scope, outgoing: Outgoing, name: str, *, now: datetime) -> Answer | None:
    """Send a trial at once, past the queue; None for a receiver that is not there. Raises ReceiverRefused."""

    def trial(receiver: ReceiverId) -> Notice:
        return Notice(receiver_id=receiver, subject=_SUBJECT, text=_TEXT, queued_at=now)

    return _send(database, scope, outgoing, name, trial)


def try_receivers(
    database: Database,
    scope: Scope,
    outgoing: Outgoing,
    names: Sequence[str],
    notice_of: Callable[[ReceiverId], Notice],
) -> tuple[RuleTrial, ...]:
    """Send a notice at once to the receivers of these names, or to all of the project's; return how each took it."""
    trials = []
    for name in names or [one.name for one in list_receivers(database, scope)]:
        try:
            answer = _send(database, scope, outgoing, name, notice_of)
        except ReceiverRefused as error:
            answer = Answer(AttemptOutcome.REFUSED, str(error))
        told = answer or Answer(AttemptOutcome.UNREACHED, "it has no address")
        trials.append(RuleTrial(name, told.outcome, told.detail))
    return tuple(trials)


def _send(
    database: Database, scope: Scope, outgoing: Outgoing, name: str, notice_of: Callable[[ReceiverId], Notice]
) -> Answer | None:
    found = sealed_address(database, scope, name)
    if found is None:
        return None
    kind, receiver_id, sealed = found
    notice, address = notice_of(ReceiverId(receiver_id)), address_of(outgoing.seal, receiver_id, sealed)
    trial = begin_trial(database, notice, now=notice.queued_at)
    began = time.monotonic()
    message = Message(delivery_id=trial.delivery_id, is_repeat=False, sent_at=notice.queued_at, told=notice)
    answer = outgoing.channels(kind).send(address, message)
    took = timedelta(seconds=time.monotonic() - began)
    end_trial(database, trial, answer, now=notice.queued_at + took)
    return answer
