"""Which alarms a look raises: as devices tell them, and as their seqs show."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.daemon.coverage.watching_parts import HOUR, LIMITS, MINUTE, NOON, SECOND, config, device, seen, state
from veilleur.coverage.examination import RULED, Examiner
from veilleur.coverage.seen import Seen
from veilleur.model.coverage import MissingSpan
from veilleur.model.readiness import PartState
from veilleur_bridge.wire.status import WatchedApp

SEVEN = MissingSpan(1, "e1", 7, 7)


def alarms(*looks: Seen) -> dict[str, str]:
    """Return what is wrong after the last of these looks, by `code subject`."""
    examiner = Examiner(LIMITS)
    examined = [examiner.examine(look) for look in looks][-1]
    assert {key.code for key in examined.alarms} <= RULED
    return {f"{key.code} {key.subject}": detail for key, detail in examined.alarms.items()}


def test_a_device_that_is_well_raises_nothing() -> None:
    well = state(NOON, listener_bound=True, canary_age_s=3.0, active_notifications={"a": 19})
    assert alarms(seen(device(state=well, config=config(1), config_created_at=NOON - HOUR))) == {}


@pytest.mark.parametrize(("seconds", "expected"), [(180, []), (181, ["device_silent salon-1"])])
def test_a_device_is_silent_after_three_intervals_without_a_status(seconds: int, expected: list[str]) -> None:
    assert list(alarms(seen(device(state=state(NOON)), now=NOON + seconds * SECOND))) == expected


def test_a_connection_that_broke_for_a_moment_is_no_alarm() -> None:
    gone = device(state=state(NOON - MINUTE, left_at=NOON))
    assert alarms(seen(gone, now=NOON + MINUTE)) == {}
    assert list(alarms(seen(gone, now=NOON + 4 * MINUTE))) == ["device_silent salon-1"]


def test_a_deaf_listener_is_told_at_the_status_that_says_so() -> None:
    assert list(alarms(seen(device(state=state(listener_bound=False))))) == ["listener_dead salon-1"]


def test_many_active_notifications_warn_before_android_sheds_them() -> None:
    found = alarms(seen(device(state=state(active_notifications={"a": 20, "b": 25, "c": 19}))))
    assert list(found) == ["saturated salon-1:a", "saturated salon-1:b"]
    assert "from 25 on" in found["saturated salon-1:a"]
    assert "sheds further ones" in found["saturated salon-1:b"]


def test_a_missing_seq_is_told_once_it_has_been_missing_for_a_while() -> None:
    """Trial 23's alarm: messages that merely overtake each other raise nothing."""
    here = device(state=state(NOON))
    first = seen(here, missing=(SEVEN,))
    assert alarms(first) == {}
    assert alarms(first, seen(here, now=NOON + 14 * SECOND, missing=(SEVEN,))) == {}
    found = alarms(first, seen(here, now=NOON + 15 * SECOND, missing=(SEVEN,)))
    assert found == {"gap salon-1": "1 notifications have not come, though later ones have (EPOCH:FROM-THROUGH e1:7-7)"}


def test_a_gap_that_filled_between_two_looks_begins_anew() -> None:
    here = device(state=state(NOON))
    looks = [seen(here, now=NOON + second * SECOND, missing=(SEVEN,) if second != 10 else ()) for second in (0, 10, 20)]
    assert alarms(*looks) == {}


def test_gaps_of_one_device_are_one_alarm_with_their_number() -> None:
    spans = tuple(MissingSpan(1, "e1", first, first + 1) for first in (10, 20, 30, 40, 50))
    looks = [seen(device(), now=NOON + second * SECOND, missing=spans) for second in (0, 20)]
    (said,) = alarms(*looks).values()
    assert said.startswith("10 notifications")
    assert said.endswith("e1:10-11, e1:20-21, e1:30-31 and 2 more)")


def test_a_refused_configuration_is_told_with_the_devices_own_reason() -> None:
    found = alarms(seen(device(state=state(config_error="apps: " + "x" * 500))))
    assert found["config_refused salon-1"].startswith("it refused its configuration: apps: x")
    assert len(found["config_refused salon-1"]) < 240


def test_a_configuration_that_is_not_taken_over_is_told_after_three_intervals() -> None:
    slow = device(state=state(NOON + 3 * MINUTE), config=config(4), config_created_at=NOON)
    assert alarms(seen(slow, now=NOON + 3 * MINUTE)) == {}
    assert alarms(seen(slow, now=NOON + 3 * MINUTE + SECOND)) == {
        "config_refused salon-1": "revision 4 of its configuration is asked, 1 is in force"
    }


def test_a_device_that_goes_by_a_later_configuration_than_a_restored_database_knows_is_told() -> None:
    ahead = device(state=state(NOON, config_revision=6), config=config(4), config_created_at=NOON)
    said = alarms(seen(ahead))["config_refused salon-1"]
    assert said.startswith("it goes by revision 6, and this database knows 4")


def test_what_a_device_calls_a_problem_is_passed_on() -> None:
    found = alarms(seen(device(state=state(problems=("battery_not_exempt", "spool_at_cap")))))
    assert found == {"device_problem salon-1": "battery_not_exempt, spool_at_cap"}


def test_a_watched_app_that_nobody_opened_for_three_weeks_is_told() -> None:
    tiktok = WatchedApp(package="com.zhiliaoapp.musically", opened_at=NOON - timedelta(days=21))
    newer = WatchedApp(package="com.whatsapp.w4b", opened_at=NOON - timedelta(days=20, hours=23))
    unknown = WatchedApp(package="org.telegram.messenger")

    found = alarms(seen(device(state=state(watched_apps=(tiktok, newer, unknown)))))

    assert list(found) == ["app_unopened salon-1:com.zhiliaoapp.musically"]
    assert "since 2026-11-01" in found["app_unopened salon-1:com.zhiliaoapp.musically"]


def test_when_an_app_was_opened_is_told_by_our_clock() -> None:
    """A tablet in 1970 says that it was opened an hour ago: so it was."""
    years_behind = timedelta(days=365 * 56)
    app = WatchedApp(package="com.zhiliaoapp.musically", opened_at=NOON - years_behind - HOUR)

    found = alarms(seen(device(state=state(sent_at=NOON - years_behind, watched_apps=(app,)))))

    assert list(found) == ["device_problem salon-1"]


@pytest.mark.parametrize("offset", [timedelta(days=1), timedelta(days=-1), timedelta(days=-365 * 56)])
def test_a_wrong_clock_is_a_problem_whichever_way(offset: timedelta) -> None:
    """Trial 24: a day ahead, a day behind, and 1970."""
    assert alarms(seen(device(state=state(sent_at=NOON + offset)))) == {"device_problem salon-1": "clock_wrong"}


def test_a_few_minutes_between_two_clocks_are_none() -> None:
    assert alarms(seen(device(state=state(sent_at=NOON + 9 * MINUTE)))) == {}


def test_parts_that_stand_still_are_told_when_they_do_so_for_a_while() -> None:
    parts = (PartState("source", is_ok=False, detail="refused"), PartState("ingest", is_ok=False))
    looks = [seen(now=NOON + second * SECOND, parts=parts) for second in (0, 15)]
    assert alarms(looks[0]) == {}
    assert alarms(*looks) == {"broker_down source": "refused", "ingest_stalled ingest": "it does not answer"}


def test_a_revoked_device_raises_nothing() -> None:
    gone = device(state=state(NOON - HOUR, listener_bound=False), is_revoked=True)
    assert alarms(seen(gone)) == {}
