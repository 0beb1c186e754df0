"""Whether what a device holds comes through: nothing stored, or stored and not receipted."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from tests.daemon.coverage.watching_parts import HOUR, LIMITS, MINUTE, NOON, SECOND, device, seen, state
from veilleur.coverage.progress import ReceiptProgress
from veilleur.model.watched import WatchedDevice


def found(*looks: tuple[datetime, WatchedDevice]) -> list[str]:
    progress = ReceiptProgress()
    said: list[str] = []
    for now, one in looks:
        said = [detail for _, detail in progress.alarms(seen(one, now=now), LIMITS)]
    return said


def waiting(at: datetime = NOON, *, stored_at: datetime | None = None, watermark: int = 2) -> WatchedDevice:
    """Return a device whose seqs 3 and 4 wait since 10 seconds before it said so."""
    told = state(at, first_seq=3, next_seq=5, spool_depth=2, oldest_at=at - 10 * SECOND)
    return device(state=told, watermark=watermark, last_received_at=stored_at)


def test_what_waits_for_half_a_minute_while_nothing_is_stored_is_told() -> None:
    """Trial 34's alarm: a broker that swallows what it acknowledges."""
    looks = [(NOON + second * SECOND, waiting()) for second in (0, 29, 30)]
    assert found(*looks[:2]) == []
    (said,) = found(*looks)
    assert said.startswith("it holds 2 notifications, and none of them is stored")


def test_it_is_over_as_soon_as_something_is_stored() -> None:
    first = waiting()
    assert found((NOON, first), (NOON + MINUTE, replace(first, last_received_at=NOON + 40 * SECOND))) == []


def test_a_status_that_was_overtaken_by_the_commit_raises_nothing() -> None:
    """It told of two that wait, they were stored at once, and the next status comes a minute later."""
    stored = waiting(stored_at=NOON - 5 * SECOND, watermark=4)
    assert found((NOON, stored), (NOON + 59 * SECOND, stored)) == []


def test_a_device_that_comes_back_with_hours_in_its_spool_is_given_time() -> None:
    told = state(NOON, first_seq=3, next_seq=50_000, spool_depth=49_997, oldest_at=NOON - 5 * HOUR)
    back = device(state=told, watermark=2, last_received_at=NOON - 5 * HOUR)
    assert found((NOON, back), (NOON + 29 * SECOND, back)) == []
    assert len(found((NOON, back), (NOON + 30 * SECOND, back))) == 1


def test_what_is_stored_and_not_taken_off_the_spool_tells_that_receipts_do_not_arrive() -> None:
    first, second = waiting(NOON, watermark=4), waiting(NOON + MINUTE, watermark=4)
    (said,) = found((NOON, first), (NOON + MINUTE, second))
    assert said.startswith("what it holds is stored, but it does not take the receipt")


def test_a_spool_that_moves_on_takes_its_receipts() -> None:
    moved = device(state=state(NOON + MINUTE, first_seq=5, next_seq=9, spool_depth=4), watermark=8)
    assert found((NOON, waiting(watermark=4)), (NOON + MINUTE, moved)) == []


def test_a_device_that_is_away_is_not_judged() -> None:
    gone = device(state=state(NOON, left_at=NOON + SECOND, next_seq=5, spool_depth=2), watermark=2)
    assert found((NOON, waiting()), (NOON + MINUTE, gone)) == []
