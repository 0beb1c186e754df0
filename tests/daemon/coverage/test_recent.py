"""What arrived lately: floods, bursts of what nobody understands, payloads that nobody can read."""

from __future__ import annotations

from msgspec.structs import replace

from tests.daemon.coverage.watching_parts import HOUR, LIMITS, MINUTE, NOON, SECOND, device, seen, tally
from veilleur.coverage.recent import RecentArrivals
from veilleur.coverage.seen import Seen
from veilleur.model.coverage import LostTally
from veilleur.model.kinds import OutcomeKind
from veilleur.model.watched import Arrivals, ArrivalTally, DeadLetterTally

DEVICES = (device(), device("salon-2", 2), device("salon-3", 3))
UNKNOWN = OutcomeKind.QUARANTINED


def look(*tallies: ArrivalTally, dead: tuple[DeadLetterTally, ...] = (), later_s: int = 0) -> Seen:
    arrivals = Arrivals(notifications=tallies, dead_letters=dead)
    return seen(*DEVICES, now=NOON + later_s * SECOND, arrivals=arrivals)


def found(*looks: Seen) -> dict[str, str]:
    recent = RecentArrivals()
    for one in looks:
        recent.take_in(one)
    return {f"{key.code} {key.subject}": detail for key, detail in recent.alarms(looks[-1], LIMITS)}


def test_a_device_far_above_the_others_floods() -> None:
    """Trial 55's report. With one rate for all devices instead of each its own, nothing was reported (`{} == {…}`)."""
    assert found(look(tally(2_600), tally(10, number=2), tally(30, number=3))) == {
        "flood salon-1": "more than 2000 notifications a minute; another device usually sends 10"
    }


def test_many_looks_of_a_minute_are_added_up() -> None:
    looks = [look(tally(130, at=NOON + second * SECOND), later_s=second) for second in range(0, 55, 5)]
    assert list(found(*looks)) == ["flood salon-1"]


def test_a_flood_is_over_a_minute_after_its_last_look() -> None:
    assert found(look(tally(5_000)), look(later_s=61)) == {}


def test_a_spool_that_empties_after_hours_is_no_flood() -> None:
    assert found(look(tally(50_000, lasting=24 * HOUR))) == {}


def test_an_odd_time_beside_a_flood_does_not_hide_it() -> None:
    odd = tally(3, outcome=UNKNOWN, lasting=48 * HOUR)
    assert list(found(look(tally(2_600), odd))) == ["flood salon-1"]


def test_a_device_that_dates_its_flood_over_days_is_told_once_it_claimed_more_time_than_passed() -> None:
    """The hostile device of trial 55: with the span taken at its word nothing was ever told."""
    looks = [
        look(tally(5_000, at=NOON + second * SECOND, lasting=12 * HOUR), later_s=second) for second in range(0, 40, 5)
    ]
    assert found(looks[0]) == {}
    assert list(found(*looks)) == ["flood salon-1"]


def test_an_outage_of_a_day_that_comes_in_many_looks_is_no_flood() -> None:
    looks = [look(tally(2_000, at=NOON + second * SECOND, lasting=HOUR), later_s=second) for second in range(0, 120, 5)]
    assert found(*looks) == {}


def test_where_all_send_much_nobody_floods() -> None:
    assert found(look(tally(1_500), tally(1_400, number=2), tally(1_300, number=3))) == {}


def test_a_wording_that_nobody_understands_any_more_is_told_by_app() -> None:
    assert found(look(tally(19, outcome=UNKNOWN))) == {}
    assert found(look(tally(20, outcome=UNKNOWN), tally(20))) == {
        "quarantine_burst salon-1:com.whatsapp": "20 of 40 of the last hour were not understood: "
        "has the app changed its wording?"
    }
    assert found(look(tally(20, outcome=UNKNOWN), tally(21))) == {}


def test_a_burst_is_over_an_hour_later() -> None:
    assert found(look(tally(20, outcome=UNKNOWN)), look(later_s=3_601)) == {}


def test_old_rows_of_a_first_look_raise_nothing() -> None:
    assert found(look(tally(90_000, at=NOON - 2 * HOUR), tally(50, outcome=UNKNOWN, at=NOON - HOUR - MINUTE))) == {}


def test_payloads_that_nobody_can_read_are_told_by_what_they_mean() -> None:
    dead = (
        DeadLetterTally(1, "not_json", 3, NOON),
        DeadLetterTally(1, "oversize", 1, NOON),
        DeadLetterTally(2, "wrong_device", 2, NOON),
        DeadLetterTally(3, "seq_conflict", 1, NOON),
    )
    said = found(look(dead=dead))
    assert said["refused_payloads salon-1"].startswith("in the last hour 4 payloads could not be read (not_json, over")
    assert said["wrong_device salon-2"].startswith("in the last hour 2 envelopes named another device")
    assert said["seq_conflict salon-3"].startswith("in the last hour 1 envelopes had a seq")
    assert found(look(dead=dead), look(later_s=3_601)) == {}


def test_what_is_lost_for_good_is_told_for_a_day_after_it_was_found() -> None:
    first = replace(look(), newly_lost=(LostTally(1, 40, ("cap",)), LostTally(9, 1, ("cap",))))
    second = replace(look(later_s=60), newly_lost=(LostTally(1, 2, ("corrupt",)),))
    said = {"lost salon-1": "in the last day 42 notifications were found to be lost for good (cap, corrupt)"}
    assert found(first, second) == said
    assert found(first, second, look(later_s=86_399)) == said
    assert found(first, second, look(later_s=86_461)) == {}
