"""The word index: it holds the words of every mention that is there, and of none that is gone."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from veilleur.model.errors import StoreBusy
from veilleur.store.database import Database
from veilleur.store.tables import mention_words
from veilleur.store.word_index import WordRow, add_words, is_index_sound, rebuild_index, remove_words

ROWS: list[WordRow] = [(number, f"froid mot{number} été", f"nom{number}") for number in range(1, 131)]


@pytest.fixture
def filled(database: Database) -> Database:
    """Give a store with more words than one statement takes, handed over in no order."""
    with database.writing() as connection:
        add_words(connection, ROWS[::-1])
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
    assert found(filled, "froid") == [row[0] for row in ROWS]
    assert found(filled, "mot77") == found(filled, "nom77") == [77]
    assert is_sound(filled)


def test_what_was_removed_leaves_no_token_behind(filled: Database) -> None:
    with filled.writing() as connection:
        remove_words(connection, [row[0] for row in ROWS[10:120]])
        remove_words(connection, [row[0] for row in ROWS[10:20]])
        remove_words(connection, [])
    assert found(filled, "froid") == [*range(1, 11), *range(121, 131)]
    assert found(filled, "mot77") == found(filled, "nom77") == []
    assert is_sound(filled)


def test_a_row_can_come_back_with_other_words(filled: Database) -> None:
    with filled.writing() as connection:
        remove_words(connection, [77])
        add_words(connection, [(77, "chaud", "autre")])
    assert (found(filled, "mot77"), found(filled, "chaud")) == ([], [77])
    assert is_sound(filled)


def test_a_transaction_that_fails_takes_its_words_back(filled: Database) -> None:
    with pytest.raises(StoreBusy), filled.writing() as connection:
        add_words(connection, [(1_000, "fantôme", ""), (1, "taken", "")])
    assert found(filled, "fantôme") == []
    assert is_sound(filled)


HARM = {
    "index emptied": "INSERT INTO mention_index (mention_index) VALUES ('delete-all')",
    "a token too many": "INSERT INTO mention_index (rowid, words, names) VALUES (5, 'fantôme', '')",
    "words removed": "INSERT INTO mention_index(mention_index, rowid, words, names) VALUES ('delete', 5, 'froid', '')",
    "stored words changed": "UPDATE mention_words SET words = 'fantôme' WHERE ord = 5",
    "stored words gone": "DELETE FROM mention_words WHERE ord = 5",
    "stored words invented": "INSERT INTO mention_words VALUES (1000, 'fantôme', '')",
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
        stored = connection.execute(select(mention_words.c.ord).where(mention_words.c.words.like("froid%"))).scalars()
        assert found(filled, "froid") == list(stored)
