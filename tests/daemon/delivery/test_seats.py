"""Catches: streams counted for whoever asks last, and seats that are never free again."""

from __future__ import annotations

from veilleur.delivery.seats import StreamSeats


def test_seats_are_few_for_each_and_in_all_and_free_again_when_left() -> None:
    seats = StreamSeats(most=3, most_each=2)

    assert [seats.take(who) for who in ("lea", "lea", "tibo")] == [None, None, None]
    assert "This token follows 2 streams" in (seats.take("lea") or "")
    assert "3 streams are followed here" in (seats.take("tibo") or "")
    seats.leave("lea")
    assert seats.take("tibo") is None
    assert seats.taken == 3
