"""Words are counted of the same mentions as all else: those alone that a reader may see, of the time asked about."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from veilleur.model.kinds import Visibility
from veilleur.model.scope import Scope
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.instants import from_ms
from veilleur.store.trend_rows import trend_rows, trend_words

_DAY = timedelta(days=1)


@pytest.mark.privacy
@pytest.mark.parametrize(("may_read_private", "told"), [(True, ["deux", "un"]), (False, ["un"])])
def test_words_are_of_the_rows_that_the_reader_may_see(
    database: Database, told: list[str], *, may_read_private: bool
) -> None:
    """Broken line: `_within` with `mentions.c.is_shown` for every scope; it reported `deux` to who may not read it."""
    said = [
        sighting("un", at_ms=NOON_MS),
        sighting("deux", at_ms=NOON_MS + 1, visibility=Visibility.PRIVATE),
        sighting("trois", at_ms=NOON_MS - 2 * 24 * 3_600_000),
    ]
    commit_batch(database, [arrival(seq, one) for seq, one in enumerate(said, 1)], now_ms=NOON_MS)
    scope, noon_at = Scope(may_read_private=may_read_private), from_ms(NOON_MS)

    words = list(trend_words(database, scope, since_at=noon_at - _DAY, until_at=noon_at + _DAY, most=10))

    rows = trend_rows(database, scope, since_at=noon_at - _DAY, until_at=noon_at + _DAY, most=10)
    assert words == [(row.at_ms, row.words) for row in rows]
    assert [one.split()[0] for _, one in words] == told
