"""The word index: it holds the words of every mention that is shown, and of none that is hidden or gone."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from veilleur.model.arrival import IndexTokens
from veilleur.model.errors import StoreBusy
from veilleur.model.identity import MentionId
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.showing import show
from veilleur.store.tables import mention_words, mentions
from veilleur.store.word_index import add_words, is_index_sound, rebuild_index, remove_words

COUNT = 130


@pytest.fixture
def filled(database: Database) -> Database:
    """Give a store with more words than one statement takes, handed over in no order, under numbers from 1 on."""
    log = [
        arrival(number, sighting(f"froid mot{number} été", at_ms=NOON_MS + number, sender=f"nom{number}"))
        for number in range(COUNT, 0, -1)
    ]
    commit_batch(database, log, now_ms=NOON_MS)
    with database.writing() as connection:
        rows = list(connection.execute(select(mention_words).order_by(mention_words.c.ord)))
        remove_words(connection, [row.ord for row in rows])
        for number, row in enumerate(rows, start=1):
            connection.execute(update(mentions).where(mentions.c.ord == row.ord).values(ord=number))
        stored = [(number, IndexTokens(row.words, row.names, row.places)) for number, row in enumerate(rows, start=1)]
        add_words(connection, stored[::-1])
    return database


def is_sound(database: Database) -> bool:
    with database.writing() as connection:
        return is_index_sound(connection)


def found(database: Database, word: str) -> list[int]:
    """Return the rows that the index itself has under a word."""
    with database.reading() as connection:
        if database.is_sqlite:
            query = "SELECT rowid FROM mention_index WHERE mention_index MATCH ? ORDER BY rowid"
            return list(connection.exec_driver_sql(query, (f'"{word}"',)).scalars())
        held = mention_words.c.words.like(f"%{word}%") | mention_words.c.names.like(f"%{word}%")
        return list(connection.execute(select(mention_words.c.ord).where(held).order_by(mention_words.c.ord)).scalars())


def test_what_was_added_is_found_by_words_and_names(filled: Database) -> None:
    assert found(filled, "froid") == list(range(1, COUNT + 1))
    assert found(filled, "mot77") == found(filled, "nom77") == [77]
    assert is_sound(filled)


def test_what_was_removed_leaves_no_token_behind(filled: Database) -> None:
    with filled.writing() as connection:
        remove_words(connection, list(range(11, 121)))
        remove_words(connection, list(range(11, 21)))
        remove_words(connection, [])
    assert found(filled, "froid") == [*range(1, 11), *range(121, 131)]
    assert found(filled, "mot77") == found(filled, "nom77") == []
    assert is_sound(filled)


def test_a_row_can_come_back_with_other_words(filled: Database) -> None:
    with filled.writing() as connection:
        remove_words(connection, [77])
        add_words(connection, [(77, IndexTokens("chaud", "autre"))])
    assert (found(filled, "mot77"), found(filled, "chaud")) == ([], [77])
    assert is_sound(filled)


def test_a_transaction_that_fails_takes_its_words_back(filled: Database) -> None:
    with filled.writing() as connection:
        remove_words(connection, [5])
    with pytest.raises(StoreBusy), filled.writing() as connection:
        add_words(connection, [(5, IndexTokens("fantôme")), (1, IndexTokens("taken"))])
    assert found(filled, "fantôme") == []
    assert is_sound(filled)


HARM = {
    "index emptied": "INSERT INTO mention_index (mention_index) VALUES ('delete-all')",
    "a token too many": "INSERT INTO mention_index (rowid, words, names, places) VALUES (5, 'fantôme', '', '')",
    "words removed": (
        "INSERT INTO mention_index(mention_index, rowid, words, names, places) VALUES ('delete', 5, 'froid', '', '')"
    ),
    "stored words changed": "UPDATE mention_words SET words = 'fantôme' WHERE ord = 5",
    "stored words gone": "DELETE FROM mention_words WHERE ord = 5",
    "a mention hidden by hand": "UPDATE mentions SET is_shown = false WHERE ord = 5",
}


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM.keys())
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_index_that_is_not_what_is_stored_is_seen_and_made_anew(filled: Database, harm: str) -> None:
    with filled.writing() as connection:
        connection.exec_driver_sql(harm)
    assert not is_sound(filled)
    with filled.writing() as connection:
        rebuild_index(connection)
    assert is_sound(filled)
    with filled.reading() as connection:
        of_mention = mention_words.join(mentions, mentions.c.ord == mention_words.c.ord)
        held = mention_words.c.words.like("froid%") & mentions.c.is_shown
        query = select(mention_words.c.ord).select_from(of_mention).where(held).order_by(mention_words.c.ord)
        assert found(filled, "froid") == list(connection.execute(query).scalars())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # PostgreSQL has no index of what is shown alone
def test_a_hidden_mention_is_in_the_index_no_more_until_it_is_shown_again(filled: Database) -> None:
    with filled.writing() as connection:
        hidden = [MentionId(connection.execute(select(mentions.c.id).where(mentions.c.ord == 77)).scalar_one())]
        show(connection, hidden, is_shown=False)
        show(connection, hidden, is_shown=False)
    assert found(filled, "mot77") == []
    assert is_sound(filled)
    with filled.writing() as connection:
        show(connection, hidden, is_shown=True)
    assert found(filled, "mot77") == [77]
    assert is_sound(filled)
