"""Parse rates: counted once with the commit, by version, language, channel and day, and corrected by a reparse."""

from __future__ import annotations

from collections import Counter

from msgspec import structs

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from veilleur.model.arrival import Arrival, WordingSource
from veilleur.model.drift import ReadName
from veilleur.model.outcome import UNKNOWN_WORDING
from veilleur.model.scope import Scope
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.instants import from_ms
from veilleur.store.parse_rates import correct_unknown, list_parse_rates, rate_key, recent_wordings

DAY_MS = 86_400_000
LIKES = WordingSource("43.1.4", "fr", "digg_push")


def told(seq: int, *, source: WordingSource | None = LIKES, known: bool = True, at_ms: int = NOON_MS) -> Arrival:
    one = arrival(seq, sighting(f"words {seq}", at_ms=at_ms + seq), captured_at_ms=at_ms)
    reading = structs.replace(one.reading, reason=None if known else UNKNOWN_WORDING)
    return structs.replace(one, reading=reading, wording=source)


def rates(database: Database) -> dict[tuple[str | None, str | None, str | None, str], tuple[int, int]]:
    return {
        (rate.app_version, rate.language, rate.channel, f"{rate.day_at:%d}"): (rate.total, rate.unknown)
        for rate in list_parse_rates(database, Scope(may_read_private=True), limit=100)
    }


def test_each_notification_is_counted_once_where_it_belongs(database: Database) -> None:
    log = [
        told(1),
        told(2, known=False),
        told(3, source=WordingSource(None, None, None)),
        told(4, at_ms=NOON_MS + DAY_MS),
        told(5, source=None),
    ]
    for _ in range(2):
        commit_batch(database, log, now_ms=NOON_MS)
    commit_batch(database, [told(6, known=False)], now_ms=NOON_MS)

    assert rates(database) == {
        ("43.1.4", "fr", "digg_push", "10"): (3, 2),
        ("43.1.4", "fr", "digg_push", "11"): (1, 0),
        (None, None, None, "10"): (1, 0),
    }


def test_rates_are_listed_from_a_day_on_and_of_one_app(database: Database) -> None:
    commit_batch(database, [told(1), told(2, at_ms=NOON_MS + DAY_MS)], now_ms=NOON_MS)
    own, since_at = Scope(may_read_private=True), from_ms(NOON_MS + DAY_MS)

    later = list_parse_rates(database, own, limit=None, since_at=since_at)

    assert [f"{rate.day_at:%d}" for rate in later] == ["11"]
    assert list_parse_rates(database, own, limit=None, package="org.example.other") == ()


def test_a_reparse_takes_back_what_is_known_now_and_never_more(database: Database) -> None:
    one = told(1, known=False)
    commit_batch(database, [one, told(2)], now_ms=NOON_MS)
    key = rate_key("default", one)
    assert key is not None
    for _ in range(2):
        with database.writing() as connection:
            correct_unknown(connection, Counter({key: -1}))

    assert rates(database) == {("43.1.4", "fr", "digg_push", "10"): (2, 0)}


def test_the_newest_fifty_of_an_app_stand_beside_all_before(database: Database) -> None:
    log = [told(seq, known=seq % 10 != 0) for seq in range(1, 101)]
    commit_batch(database, log, now_ms=NOON_MS)

    [recent] = recent_wordings(database)

    assert (recent.total, recent.unknown, recent.before_total, recent.before_unknown) == (50, 5, 50, 5)


def test_beside_them_stand_the_names_read_by_patterns_alone(database: Database) -> None:
    """Seen to fail with all reasons let through `_names_read`: what was doubtful is counted already."""
    log = [told(seq, known=seq != 60) for seq in range(1, 61)]
    thread = arrival(61, sighting("one", sender="Bram"), sighting("two", sender="Bram"))
    commit_batch(database, [*log, structs.replace(thread, wording=LIKES)], now_ms=NOON_MS)

    [recent] = recent_wordings(database)

    assert recent.named == (ReadName("test", "Nadia"),) * 48
    assert recent.named_before == (ReadName("test", "Nadia"),) * 11


def test_more_keys_than_one_statement_holds_are_added_to_what_is_there(database: Database) -> None:
    channels = [WordingSource(None, "fr", f"channel-{number:03}") for number in range(70)]
    for first in (1, 101):
        log = [told(first + at, source=source, known=at % 2 == 0) for at, source in enumerate(channels)]
        commit_batch(database, log, now_ms=NOON_MS)

    assert sorted(rates(database).values()) == [(2, 0)] * 35 + [(2, 2)] * 35
