"""Timelines and facets as a count over the table gives them, bucket by bucket: what the store's must equal."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import select

from veilleur.model.counts import Bucket
from veilleur.store.database import Database
from veilleur.store.instants import from_ms
from veilleur.store.tables import mentions
from veilleur.store.tallies import are_tallies_sound


def assert_roll_up_is_the_table_s(database: Database) -> None:
    """Compare both roll-ups with a count over every mention."""
    with database.reading() as connection:
        assert are_tallies_sound(connection)


def instants(database: Database) -> list[datetime]:
    """Return when each mention that is shown happened."""
    with database.reading() as connection:
        return [
            from_ms(at)
            for at in connection.execute(select(mentions.c.happened_at).where(mentions.c.is_shown)).scalars()
        ]


def counted_one_by_one(database: Database, buckets: tuple[Bucket, ...]) -> Counter[datetime]:
    """Return how many mentions happened in each bucket, by its beginning."""
    found: Counter[datetime] = Counter()
    for at in instants(database):
        found.update(one.starts_at for one in buckets if one.starts_at <= at < one.ends_at)
    return found
