"""How many mentions are shown in each quarter of an hour, and on SQLite an index of those alone with their fields."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_VIEW = (
    "CREATE VIEW mention_indexed AS SELECT w.ord, w.words, w.names, w.places, "
    "'project:' || m.project_id || ' platform:' || m.platform || ' kind:' || m.kind || ' visibility:' || m.visibility "
    "|| ' device:' || m.device || coalesce(' lang:' || m.language, '') || coalesce(' region:' || m.region, '') "
    "|| iif(m.links IS NULL, '', ' has:link') || iif(m.hashtags IS NULL, '', ' has:hashtag') "
    "|| iif(m.handles IS NULL, '', ' has:handle') || iif(m.emojis IS NULL, '', ' has:emoji') "
    "|| iif(m.body IS NULL, '', ' has:text') || iif(m.flags IS NULL, '', ' has:flag') "
    "|| coalesce(' has:media has:' || m.media_kind, '') AS fields "
    "FROM mention_words AS w JOIN mentions AS m ON m.ord = w.ord WHERE m.is_shown"
)
_COUNT_KINDS = (
    "INSERT INTO kind_tallies (project_id, slot_at, visibility, platform, kind, every) SELECT project_id, "
    "(ord >> 20) - (ord >> 20) % 900000, visibility, platform, kind, count(*) FROM mentions WHERE is_shown "
    "GROUP BY 1, 2, 3, 4, 5"
)
_COUNT_SLOTS = (
    "INSERT INTO tallies (project_id, slot_at, public, every) SELECT project_id, slot_at, "
    "sum(CASE WHEN visibility = 'public' THEN every ELSE 0 END), sum(every) FROM kind_tallies GROUP BY 1, 2"
)


def upgrade() -> None:
    """Count what is shown; on SQLite index the stored words anew, about a minute for a million."""
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    _create_tallies()
    op.execute(_COUNT_KINDS)
    op.execute(_COUNT_SLOTS)
    if not is_sqlite:
        return
    op.execute("DROP TABLE mention_index")
    op.execute(_VIEW)
    op.execute(
        "CREATE VIRTUAL TABLE mention_index USING fts5(words, names, places, fields, content='mention_indexed', "
        "content_rowid='ord', tokenize=\"unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'\")"
    )
    op.execute("INSERT INTO mention_index (mention_index) VALUES ('rebuild')")


def _create_tallies() -> None:
    op.create_table(
        "tallies",
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("slot_at", sa.BigInteger(), nullable=False),
        sa.Column("public", sa.BigInteger(), nullable=False),
        sa.Column("every", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"]),
        sa.PrimaryKeyConstraint("project_id", "slot_at"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "kind_tallies",
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("slot_at", sa.BigInteger(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("every", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"]),
        sa.PrimaryKeyConstraint("project_id", "slot_at", "visibility", "platform", "kind"),
        sqlite_with_rowid=False,
    )
