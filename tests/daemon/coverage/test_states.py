"""When a device is away, deaf or flooded with notifications, from when on, and when that ended."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from tests.daemon.coverage.watching_parts import HOUR, LIMITS, MINUTE, NOON, SECOND, config, device, seen, state
from veilleur.coverage.states import state_changes
from veilleur.model.coverage import CoverageCause, OpenInterval
from veilleur.model.watched import DeviceState
from veilleur.store.coverage_rows import StateChanges
from veilleur.store.instants import to_ms


def begun(told: DeviceState, now: datetime = NOON) -> list[tuple[str, str, datetime]]:
    changes = state_changes(seen(device(state=told), now=now), LIMITS)
    assert (changes.ended, changes.reworded) == ((), ())
    return [
        (row.cause, row.subject, NOON + timedelta(milliseconds=row.since_ms - to_ms(NOON))) for row in changes.begun
    ]


def after(opened: OpenInterval, told: DeviceState, now: datetime = NOON) -> StateChanges:
    return state_changes(seen(device(state=told), now=now, open_states=(opened,)), LIMITS)


def opened(cause: CoverageCause, since: datetime, subject: str = "device", detail: str | None = None) -> OpenInterval:
    return OpenInterval(7, 1, cause, subject, since, detail)


def test_a_device_that_told_a_minute_ago_and_hears_is_well() -> None:
    assert begun(state(listener_bound=True, canary_age_s=900.0, active_notifications={"a": 24}), NOON + MINUTE) == []


def test_a_last_will_begins_its_absence_when_it_came() -> None:
    assert begun(state(NOON - HOUR, left_at=NOON - MINUTE)) == [("offline", "device", NOON - MINUTE)]


def test_silence_begins_at_the_last_status_after_three_intervals() -> None:
    assert begun(state(NOON), NOON + 180 * SECOND) == []
    assert begun(state(NOON), NOON + 181 * SECOND) == [("offline", "device", NOON)]


def test_the_interval_is_the_one_that_is_asked_of_the_device() -> None:
    quick = device(state=state(NOON), config=config(1, status_interval_s=5))
    assert len(state_changes(seen(quick, now=NOON + 16 * SECOND), LIMITS).begun) == 1


def test_nobody_is_silent_while_the_daemon_itself_did_not_listen() -> None:
    """A daemon that starts after an hour finds old statuses: that hour was its own absence."""
    look = seen(device(state=state(NOON - HOUR)), now=NOON, watching_since=NOON - MINUTE)
    assert state_changes(look, LIMITS).begun == ()


def test_an_unbound_listener_is_dead_since_it_last_heard_by_the_devices_own_span() -> None:
    """Its clock is a day ahead: only the span between its own two times counts."""
    ahead = NOON + 24 * HOUR
    told = state(NOON, sent_at=ahead, listener_bound=False, last_callback_at=ahead - 10 * MINUTE)
    assert begun(told) == [("listener_dead", "device", NOON - 10 * MINUTE)]


@pytest.mark.parametrize(("age_s", "is_dead"), [(2_250.0, False), (2_251.0, True)])
def test_a_canary_that_does_not_come_back_tells_a_dead_listener(age_s: float, is_dead: bool) -> None:
    expected = [("listener_dead", "device", NOON - timedelta(seconds=age_s))] if is_dead else []
    assert begun(state(listener_bound=True, canary_age_s=age_s)) == expected


def test_a_source_without_canary_is_judged_by_what_it_last_heard() -> None:
    assert begun(state(last_callback_at=NOON - 37 * MINUTE)) == []
    assert begun(state(last_callback_at=NOON - 38 * MINUTE)) == [("listener_dead", "device", NOON - 38 * MINUTE)]


def test_from_25_active_notifications_on_an_app_is_saturated() -> None:
    assert begun(state(active_notifications={"com.whatsapp": 25, "b": 24})) == [("saturated", "com.whatsapp", NOON)]


def test_what_holds_still_is_not_begun_again_and_keeps_its_beginning() -> None:
    was_off = opened(CoverageCause.OFFLINE, NOON - HOUR, detail="it left the broker, or its connection broke")
    assert after(was_off, state(NOON - 2 * HOUR, left_at=NOON - MINUTE)) == StateChanges()


def test_absence_ends_with_the_next_status_and_says_whether_the_tablet_was_off() -> None:
    was_off = opened(CoverageCause.OFFLINE, NOON - HOUR)
    (back,) = after(was_off, state(NOON, booted_at=NOON - 24 * HOUR), NOON + SECOND).ended
    assert (back.row_id, back.until_at) == (7, NOON)
    assert "spool" in str(back.detail)
    (restarted,) = after(was_off, state(NOON, booted_at=NOON - MINUTE)).ended
    assert "nothing was captured until then" in str(restarted.detail)


def test_while_a_device_is_away_its_other_states_neither_end_nor_begin() -> None:
    deaf = opened(CoverageCause.LISTENER_DEAD, NOON - HOUR)
    changes = after(deaf, state(NOON - HOUR, left_at=NOON, active_notifications={"a": 30}))
    assert changes.ended == ()
    assert [row.cause for row in changes.begun] == ["offline"]


def test_a_listener_that_hears_again_ends_its_death_at_that_status() -> None:
    (ended,) = after(opened(CoverageCause.LISTENER_DEAD, NOON - HOUR), state(NOON, canary_age_s=3.0)).ended
    assert ended.until_at == NOON


def test_a_reason_that_changes_is_told_anew() -> None:
    silent = opened(CoverageCause.OFFLINE, NOON - HOUR, detail="no status for longer than three of its intervals")
    changes = after(silent, state(NOON - HOUR, left_at=NOON))
    assert changes.reworded == ((7, "it left the broker, or its connection broke"),)


def test_a_revoked_device_is_expected_no_more() -> None:
    gone = replace(device(state=state(NOON - HOUR, left_at=NOON - HOUR)), is_revoked=True)
    look = seen(gone, open_states=(opened(CoverageCause.OFFLINE, NOON - HOUR),))
    changes = state_changes(look, LIMITS)
    assert (changes.begun, [one.until_at for one in changes.ended]) == ((), [NOON])


def test_a_device_that_never_told_its_state_is_not_judged() -> None:
    assert state_changes(seen(device()), LIMITS) == StateChanges()
