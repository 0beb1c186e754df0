"""Conversations, handles and phone numbers in the word index; its tokens are made anew from the mentions."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

from veilleur.store.migrations.tokens_of_0007 import names_text, places_text, words_text

revision = "0007"
down_revision = "0006"

_BATCH: Final = 1_000
_READ: Final = (
    "SELECT ord, body, target, hashtags, actor_name, actor_handle, actor_phone, conversation_title FROM mentions "
    "WHERE ord > :after ORDER BY ord LIMIT :batch"
)
_WRITE: Final = "INSERT INTO mention_words (ord, words, names, places) VALUES (:ord, :words, :names, :places)"


def upgrade() -> None:
    """Write the words of every mention anew; a million take about a minute."""
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        op.execute("DROP TABLE mention_index")
    op.drop_table("mention_words")
    op.create_table(
        "mention_words",
        sa.Column("ord", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ord"),
    )
    for rows in _batches(connection):
        connection.execute(sa.text(_WRITE), [_tokens(row) for row in rows])
    if is_sqlite:
        op.execute(
            "CREATE VIRTUAL TABLE mention_index USING fts5(words, names, places, content='mention_words', "
            "content_rowid='ord', tokenize=\"unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'\")"
        )
        op.execute("INSERT INTO mention_index (mention_index) VALUES ('rebuild')")
        return
    for column in ("words", "names", "places"):
        op.execute(
            f"CREATE INDEX ix_mention_words_{column} ON mention_words USING gin (string_to_array({column}, ' '))"
        )


def _batches(connection: sa.Connection) -> Iterator[Sequence[sa.Row[Any]]]:
    after = -1
    while rows := connection.execute(sa.text(_READ), {"after": after, "batch": _BATCH}).all():
        yield rows
        after = rows[-1].ord


def _tokens(row: sa.Row[Any]) -> dict[str, Any]:
    hashtags = row.hashtags.split("\n") if row.hashtags else ()
    return {
        "ord": row.ord,
        "words": words_text(row.body, row.target, hashtags),
        "names": names_text(row.actor_name, row.actor_handle, row.actor_phone) if row.actor_name is not None else "",
        "places": places_text(row.conversation_title),
    }
