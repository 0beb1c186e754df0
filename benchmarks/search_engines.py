"""Other engines over the same words: plain FTS5, tantivy and DuckDB, asked for the newest 50 of the same queries."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from veilleur.store.database import Database
from veilleur.store.tables import mention_words

try:
    import duckdb as duckdb_engine
    import tantivy as tantivy_engine
except ImportError:
    duckdb_engine = tantivy_engine = None  # type: ignore[assignment, unused-ignore]  # neither is there

_ROWS: Final = 50
Searches = dict[str, Callable[[], object]]


def plain_fts5(database: Database, folder: Path) -> Searches | None:
    """Return the searches of an FTS5 table as it is made without thought: its own tokeniser, its own copy."""
    file = folder / "fts5.sqlite3"
    is_new = not file.exists()
    connection = sqlite3.connect(file)
    if is_new:
        connection.execute("CREATE VIRTUAL TABLE found USING fts5(words)")
        connection.executemany("INSERT INTO found (rowid, words) VALUES (?, ?)", _words(database))
        connection.commit()

    def search(match: str) -> Callable[[], object]:
        newest = f"SELECT rowid FROM found WHERE found MATCH ? ORDER BY rowid DESC LIMIT {_ROWS}"
        return lambda: connection.execute(newest, (match,)).fetchall()

    return {
        "tag0": search("tag0"),
        "tag0 bus NOT tag1": search("tag0 bus NOT tag1"),
        '"en retard"': search('"en retard"'),
    }


def tantivy(database: Database, folder: Path) -> Searches | None:
    """Return the searches of a tantivy index of the same tokens, newest first by a fast field."""
    engine: Any = tantivy_engine
    if engine is None:
        return None
    builder = engine.SchemaBuilder()
    builder.add_text_field("words", tokenizer_name="whitespace")
    builder.add_integer_field("ord", stored=True, fast=True, indexed=True)
    place = folder / "tantivy"
    is_new = not place.exists()
    place.mkdir(exist_ok=True)
    index = engine.Index(builder.build(), path=str(place))
    if is_new:
        writer = index.writer(256_000_000, 1)
        for order, words in _words(database):
            writer.add_document(engine.Document(ord=order, words=words))
        writer.commit()
        writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(text: str) -> Callable[[], object]:
        query = index.parse_query(text, ["words"])
        return lambda: searcher.search(query, _ROWS, order_by_field="ord")

    asked = ('"#tag0"', '+"#tag0" +bus -"#tag1"', '"en retard"')
    return {text: search(text) for text in asked}


def duckdb(database: Database, folder: Path) -> Searches | None:
    """Return the same searches as scans of a DuckDB column of tokens."""
    engine: Any = duckdb_engine
    if engine is None:
        return None
    connection = engine.connect(str(folder / "words.duckdb"))
    if not connection.execute("SELECT 1 FROM information_schema.tables WHERE table_name = 'found'").fetchall():
        connection.execute("CREATE TABLE found (ord UBIGINT, words VARCHAR)")
        _copy(connection, _words(database), folder / "words.csv")

    def search(where: str) -> Callable[[], object]:
        newest = f"SELECT ord FROM found WHERE {where} ORDER BY ord DESC LIMIT {_ROWS}"
        return lambda: connection.execute(newest).fetchall()

    def has(token: str) -> str:
        return f"contains(' ' || words || ' ', ' {token} ')"

    return {
        "#tag0": search(has("#tag0")),
        "#tag0 bus NOT #tag1": search(f"{has('#tag0')} AND {has('bus')} AND NOT {has('#tag1')}"),
        '"en retard"': search(has("en retard")),
    }


def _copy(connection: Any, rows: Iterator[tuple[int, str]], file: Path) -> None:  # noqa: ANN401 - has no types
    with file.open("w", encoding="utf-8") as out:
        out.writelines(f"{order}\t{words}\n" for order, words in rows)
    connection.execute(f"COPY found FROM '{file}' (DELIMITER '\t', QUOTE '', ESCAPE '', HEADER false)")
    file.unlink()


def _words(database: Database) -> Iterator[tuple[int, str]]:
    query = select(mention_words.c.ord, mention_words.c.words).order_by(mention_words.c.ord)
    with database.reading() as connection:
        for row in connection.execution_options(yield_per=10_000).execute(query):
            yield row.ord, row.words


ENGINES: Final = (plain_fts5, tantivy, duckdb)
"""Each returns its searches by their texts, None where it is not installed."""
