"""What people said of mentions outlives a reparse by another release, which writes every mention anew."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.daemon.store.test_rereading import LOG, reread, store
from veilleur.model.qualification import QualificationChange, Qualifier, Tone
from veilleur.model.scope import Scope
from veilleur.query.expression import EVERYTHING
from veilleur.query.reading import read_query
from veilleur.store.database import Database
from veilleur.store.mentions import every_mention, total_mentions
from veilleur.store.qualifying import Deed, qualify, query_ids

EVERYONE = Scope(may_read_private=True)
NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)


def test_what_was_said_stands_after_a_reparse_and_after_the_way_back(database: Database) -> None:
    store(database, LOG)
    change = QualificationChange(tone=Tone.NEGATIVE, add_tags=("SAV",))
    qualify(
        database, EVERYONE, query_ids(database, EVERYONE, EVERYTHING), Deed(by=Qualifier("x"), change=change, at=NOW)
    )
    for version in (2, 1):
        before = {one.id: one.qualification for one in every_mention(database, EVERYONE, EVERYTHING)}
        assert reread(database, version).changed > 0
        after = {one.id: one.qualification for one in every_mention(database, EVERYONE, EVERYTHING)}
        kept = before.keys() & after.keys()
        assert len(kept) > len(LOG) // 2
        assert {one: after[one] for one in kept} == {one: before[one] for one in kept}
        asked = read_query("tone:negative tag:sav", now=NOW)
        assert total_mentions(database, EVERYONE, asked) == sum(one is not None for one in after.values())
