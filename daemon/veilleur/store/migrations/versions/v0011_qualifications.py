"""What is said of mentions, by whom, and what was said before; rules that say it; the watch plan."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables."""
    _add_acts()
    _add_qualifications()
    _add_journal()
    _add_rules()
    _add_plan()


def _add_acts() -> None:
    op.create_table(
        "qualification_acts",
        sa.Column("id", _BIG_ID, nullable=False),
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=False),
        sa.Column("done_by", sa.Text(), nullable=False),
        sa.Column("is_rule", sa.Boolean(), nullable=False),
        sa.Column("may_read_private", sa.Boolean(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=True),
        sa.Column("mention_count", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"]),
        sa.PrimaryKeyConstraint("id"),
    )


def _add_qualifications() -> None:
    op.create_table(
        "qualifications",
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("field", sa.String(length=16), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("mention_id", sa.String(length=32), nullable=False),
        sa.Column("act_id", _BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"]),
        sa.ForeignKeyConstraint(["act_id"], ["qualification_acts.id"]),
        sa.PrimaryKeyConstraint("project_id", "subject", "field", "term"),
    )
    op.create_index("ix_qualifications_term", "qualifications", ["field", "term"])
    op.create_index("ix_qualifications_mention", "qualifications", ["mention_id"])


def _add_journal() -> None:
    op.create_table(
        "qualification_journal",
        sa.Column("id", _BIG_ID, nullable=False),
        sa.Column("act_id", _BIG_ID, nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("field", sa.String(length=16), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("mention_id", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("before_value", sa.Text(), nullable=True),
        sa.Column("before_act_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["act_id"], ["qualification_acts.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_qualification_journal_act", "qualification_journal", ["act_id", "subject"])
    op.create_index("ix_qualification_journal_subject", "qualification_journal", ["subject"])


def _add_rules() -> None:
    op.create_table(
        "qualification_rules",
        sa.Column("id", _BIG_ID, nullable=False),
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("may_read_private", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("uq_qualification_rules_name", "qualification_rules", ["project_id", "name"], unique=True)


def _add_plan() -> None:
    op.create_table(
        "plan_entries",
        sa.Column("id", _BIG_ID, nullable=False),
        sa.Column("project_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=True),
        sa.Column("authorised_by", sa.Text(), nullable=True),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    _index_entries("uq_plan_entries_of_device", ["device"], "device IS NOT NULL")
    _index_entries("uq_plan_entries_of_all", [], "device IS NULL")


def _index_entries(name: str, more: list[str], where: str) -> None:
    columns = ["project_id", "kind", "target", "platform", *more]
    condition = sa.text(where)
    op.create_index(name, "plan_entries", columns, unique=True, sqlite_where=condition, postgresql_where=condition)
