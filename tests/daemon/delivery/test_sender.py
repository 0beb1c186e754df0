"""Sending over a real socket: once, in order, again after failures, and marked where it may have come before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import select, update

from tests.daemon.delivery.outgoing import (
    CUT_OFF_S,
    LONG_AGO,
    QUICK,
    SECRET,
    add_webhook,
    deliveries_of,
    outgoing_with,
    send_until,
    sending,
    tell,
    void,
)
from tests.servers.hook import Fault, Hook, running_hook
from tests.waiting import until
from veilleur.app.clock import utc_now
from veilleur.app.outgoing import patience_of
from veilleur.app.settings import load_settings
from veilleur.model.alarms import AlarmCode
from veilleur.model.alert import AlertRuleDraft, AlertTrigger
from veilleur.model.delivery import AttemptOutcome, DeliveryState
from veilleur.model.scope import Scope
from veilleur.store.alarms import list_alarms, open_alarms
from veilleur.store.alert_rules import add_built_in_rules, save_rule
from veilleur.store.database import Database
from veilleur.store.deliveries import retry_deliveries
from veilleur.store.delivery_tables import deliveries, receivers
from veilleur.store.receivers import list_receivers, remove_receiver
from veilleur.store.sending import Lease, begin_attempt, take_lease

_STEP = timedelta(seconds=15)
SENT, QUEUED, GIVEN_UP = DeliveryState.SENT, DeliveryState.QUEUED, DeliveryState.GIVEN_UP


def test_notices_arrive_once_in_order_signed_and_leave_no_words_behind(database: Database, hook: Hook) -> None:
    out = outgoing_with()
    added = add_webhook(database, out, hook.url)
    tell(database, added.receiver.id, "one", "two", "three")
    with sending(database, out) as turn:
        sent = send_until(database, turn, SENT, 3)

    assert [one.json["text"] for one in hook.came] == ["one", "two", "three"]
    assert [one.delivery_id for one in hook.came] == [one.id for one in sent]
    assert all(one.is_signed_with(SECRET) and not one.is_repeat for one in hook.came)
    assert hook.came[0].json["severity"] == "urgent"
    with database.reading() as connection:
        assert set(connection.execute(select(deliveries.c.message)).scalars()) == {None}


@pytest.mark.parametrize(
    ("fault", "outcome", "is_repeat"),
    [
        (Fault.BROKEN, AttemptOutcome.REFUSED, False),
        (Fault.MOVED, AttemptOutcome.REFUSED, False),
        (Fault.CUT, AttemptOutcome.UNKNOWN, True),
        (Fault.HANG, AttemptOutcome.UNKNOWN, True),
        (Fault.DRIP, AttemptOutcome.UNKNOWN, True),
    ],
)
def test_what_failed_is_sent_again_with_its_id_and_marked_where_it_may_have_come(
    database: Database, hook: Hook, fault: Fault, outcome: AttemptOutcome, is_repeat: bool
) -> None:
    out = outgoing_with(timeout_s=CUT_OFF_S)
    added = add_webhook(database, out, hook.url)
    hook.faults.append(fault)
    tell(database, added.receiver.id, "one")
    with sending(database, out) as turn:
        (sent,) = send_until(database, turn, SENT, 1)

    assert [one.outcome for one in sent.attempts] == [outcome, AttemptOutcome.DELIVERED]
    assert [one.delivery_id for one in hook.came] == [sent.id, sent.id]
    assert [one.is_repeat for one in hook.came] == [False, is_repeat]
    assert not any(one.path == "/elsewhere" for one in hook.came)


def test_a_dead_receiver_holds_up_no_other_and_rests(database: Database, hook: Hook) -> None:
    out = outgoing_with()
    with running_hook() as dead:
        dead.always = Fault.HANG
        slow = add_webhook(database, out, dead.url, "slow")
        well = add_webhook(database, out, hook.url, "well")
        tell(database, slow.receiver.id, *map(str, range(20)))
        tell(database, well.receiver.id, *map(str, range(20)))
        with sending(database, out, replace(QUICK, failures_before_rest=1)) as turn:
            send_until(database, turn, SENT, 20)
            turn()
            assert len(hook.came) == 20
            assert len(dead.came) < 20
            dead.end()


def test_what_waited_for_a_receiver_that_was_down_goes_out_once_it_is_back(database: Database) -> None:
    out = outgoing_with()
    with running_hook() as first:
        port = first.port
    added = add_webhook(database, out, f"http://127.0.0.1:{port}/")
    tell(database, added.receiver.id, "one", "two", "three", "four")
    long = replace(QUICK, longest_pause=timedelta(milliseconds=400))
    with sending(database, out, long) as turn:
        while list_receivers(database, Scope())[0].rests_until_at is None:
            turn()
        turn()
        assert AlarmCode.RECEIVER_FAILING in {one.code for one in open_alarms(database)}
        with running_hook(port) as back:
            sent = send_until(database, turn, SENT, 4)
            came = list(back.came)
        turn()
    assert {one.delivery_id for one in came} == {one.id for one in sent}
    assert len(came) == 4
    assert not any(one.is_repeat for one in came)
    assert list_receivers(database, Scope())[0].failure_count == 0
    assert open_alarms(database) == ()


@pytest.mark.fault
def test_a_receiver_that_is_down_for_an_hour_gets_everything_once_it_is_back(database: Database) -> None:
    """The hour is one of the clock that the sender asks, and the pauses and the life are those of the settings.

    Broken line: a life of half an hour; it reported messages that were given up.
    """
    patience = patience_of(load_settings())
    out, hour, passed = outgoing_with(), timedelta(hours=1), timedelta()
    begun_at = utc_now()
    with running_hook() as first:
        port = first.port
    added = add_webhook(database, out, f"http://127.0.0.1:{port}/")

    with sending(database, out, patience, clock=lambda: begun_at + passed) as turn:
        for number in range(10):
            tell(database, added.receiver.id, f"message {number}", at=begun_at + passed)
            while passed < hour * (number + 1) / 10:
                turn()
                passed += _STEP
        waiting = deliveries_of(database)
        assert {one.state for one in waiting} == {QUEUED}
        assert max(len(one.attempts) for one in waiting) < 20, "whoever is down is not asked all the time"
        with running_hook(port) as back:
            while len(deliveries_of(database, SENT)) < 10 and passed < hour + patience.longest_pause + 10 * _STEP:
                turn()
                passed += _STEP
            came = list(back.came)

    assert len(deliveries_of(database, SENT)) == 10
    assert sorted(one.delivery_id for one in came) == sorted(one.id for one in deliveries_of(database, SENT))
    assert not any(one.is_repeat for one in came)


def test_what_is_too_old_is_given_up_with_an_alarm_and_can_be_sent_again(database: Database, hook: Hook) -> None:
    out = outgoing_with()
    added = add_webhook(database, out, hook.url)
    hook.always = Fault.AWAY
    tell(database, added.receiver.id, "old", at=LONG_AGO)
    with sending(database, out) as turn:
        send_until(database, turn, GIVEN_UP, 1)
        turn()
        assert [one.code for one in open_alarms(database) if one.code == AlarmCode.DELIVERY_GIVEN_UP]
        hook.always = None
        assert retry_deliveries(database, Scope(), None, now=utc_now()) == 1
        send_until(database, turn, SENT, 1)
        turn()
    assert AlarmCode.DELIVERY_GIVEN_UP not in {one.code for one in open_alarms(database)}


def test_a_receiver_that_asks_for_a_pause_is_sent_nothing_meanwhile_which_is_no_alarm(
    database: Database, hook: Hook
) -> None:
    """Catches `retry_after` left out of the answer."""
    out = outgoing_with()
    added = add_webhook(database, out, hook.url)
    hook.faults.append(Fault.BUSY)
    hook.retry_after = "3600"
    tell(database, added.receiver.id, "one", "two")
    with sending(database, out) as turn:

        def rests() -> bool:
            turn()
            return list_receivers(database, Scope())[0].rests_until_at is not None

        until(rests, within_seconds=20, what="the receiver rests")
        for _ in range(20):
            turn()
        assert len(hook.came) == 1
        rests_until_at = list_receivers(database, Scope())[0].rests_until_at
        assert rests_until_at is not None
        assert timedelta(minutes=50) < rests_until_at - utc_now() <= timedelta(hours=1)
        assert open_alarms(database) == ()
        retry_deliveries(database, Scope(), deliveries_of(database)[0].id, now=utc_now())
        send_until(database, turn, SENT, 2)


def test_the_words_of_what_was_given_up_wait_sealed(database: Database, hook: Hook) -> None:
    """Broken, and caught: `_sealed` that returns nothing: 'secret words' stood in the row."""
    out = outgoing_with()
    added = add_webhook(database, out, hook.url)
    hook.always = Fault.AWAY
    tell(database, added.receiver.id, "secret words", at=LONG_AGO)
    with sending(database, out) as turn:
        send_until(database, turn, GIVEN_UP, 1)
        with database.reading() as connection:
            row = connection.execute(select(deliveries)).one()
        assert row.message is not None
        assert "secret words" not in repr(row)
        hook.always = None
        retry_deliveries(database, Scope(), None, now=utc_now())
        send_until(database, turn, SENT, 1)
    assert hook.came[-1].json["text"] == "secret words"


def test_an_attempt_whose_process_died_is_made_again_and_marked(database: Database, hook: Hook) -> None:
    out = outgoing_with()
    added = add_webhook(database, out, hook.url)
    tell(database, added.receiver.id, "one")
    now = utc_now()
    lease = Lease(added.receiver.id, "one that died")
    assert take_lease(database, lease, now, now + timedelta(seconds=60))
    assert begin_attempt(database, lease, now, now + timedelta(seconds=60)) is not None
    with sending(database, out) as turn:
        turn()
        assert deliveries_of(database, SENT) == []
        with database.writing() as connection:
            connection.execute(update(receivers).values(leased_until=0))
        (sent,) = send_until(database, turn, SENT, 1)

    assert [one.outcome for one in sent.attempts] == [AttemptOutcome.UNKNOWN, AttemptOutcome.DELIVERED]
    assert [one.is_repeat for one in hook.came] == [True]


def test_several_daemons_on_one_store_send_each_notice_once(database: Database, hook: Hook) -> None:
    out = outgoing_with()
    names = ("a", "b", "c")
    for name in names:
        tell(database, add_webhook(database, out, hook.url, name).receiver.id, *map(str, range(15)))
    with sending(database, out) as one, sending(database, out) as other:
        send_until(database, lambda: void((one(), other())), SENT, 45)
    came = [one.delivery_id for one in hook.came]
    assert len(came) == len(set(came)) == 45


def test_a_removed_receiver_is_sent_nothing_and_its_address_is_gone(database: Database, hook: Hook) -> None:
    out = outgoing_with()
    added = add_webhook(database, out, hook.url)
    tell(database, added.receiver.id, "one")
    assert remove_receiver(database, Scope(), "hook", by="test", now=utc_now())
    with sending(database, out) as turn:
        turn()
        add_webhook(database, out, hook.url)
    assert hook.came == []
    with database.reading() as connection:
        rows = connection.execute(select(receivers.c.sealed, receivers.c.removed_at)).all()
    assert sorted(row.sealed is None for row in rows) == [False, True]
    assert [one.state for one in deliveries_of(database)] == [GIVEN_UP]
    assert retry_deliveries(database, Scope(), None, now=utc_now()) == 0


def test_addresses_and_secrets_are_nowhere_in_the_store_as_they_are(database: Database, hook: Hook) -> None:
    add_webhook(database, outgoing_with(), hook.url)
    with database.reading() as connection:
        row = connection.execute(select(receivers)).one()
    assert "secret-path" not in repr(row)
    assert "c2VjcmV0" not in repr(row)
    assert row.masked == f"http://127.0.0.1:{hook.port}/…"


def test_rules_that_tell_nobody_are_an_alarm_until_there_is_a_receiver(database: Database, hook: Hook) -> None:
    """Broken, and caught: receivers that were removed counted as there: no alarm."""
    out = outgoing_with()
    draft = AlertRuleDraft(trigger=AlertTrigger.BURST)

    def alarms() -> set[AlarmCode]:
        with sending(database, out) as turn:
            turn()
        return {one.code for one in open_alarms(database)}

    add_built_in_rules(database, now=utc_now())
    assert AlarmCode.NO_RECEIVER not in alarms()
    save_rule(database, Scope(), "peaks", draft, by="ana", now=utc_now())
    assert AlarmCode.NO_RECEIVER in alarms()
    assert AlarmCode.NO_RECEIVER in {one.code for one in list_alarms(database, Scope())}
    assert list_alarms(database, Scope("other")) == ()
    add_webhook(database, out, hook.url)
    assert AlarmCode.NO_RECEIVER not in alarms()
    remove_receiver(database, Scope(), "hook", by="ana", now=utc_now())
    assert AlarmCode.NO_RECEIVER in alarms()
