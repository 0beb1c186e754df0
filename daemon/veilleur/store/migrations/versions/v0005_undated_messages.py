"""What is shown without times: snapshots, the messages found in them, and what children of groups said."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the chains of snapshots and what keeps summaries from being counted twice."""
    op.create_table(
        "thread_snapshots",
        sa.Column("chain_id", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("notification_id", sa.BigInteger(), nullable=False),
        sa.Column("window", sa.LargeBinary(), nullable=False),
        sa.Column("held", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain_id", "at"),
    )
    op.create_index("ix_thread_snapshots_notification", "thread_snapshots", ["notification_id"], unique=False)
    op.create_table(
        "undated_messages",
        sa.Column("chain_id", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("words_key", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("mention_id", sa.String(length=32), nullable=False),
        sa.Column("notification_id", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("chain_id", "at", "line"),
    )
    op.create_index("ix_undated_messages_words", "undated_messages", ["chain_id", "words_key", "ordinal"], unique=False)
    op.create_index("ix_undated_messages_mention", "undated_messages", ["mention_id"], unique=False)
    op.create_index("ix_undated_messages_notification", "undated_messages", ["notification_id"], unique=False)
    op.create_table(
        "group_words",
        sa.Column(
            "words_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
            primary_key=True,
        ),
    )
    op.create_table(
        "summary_candidates",
        sa.Column("words_id", sa.BigInteger(), nullable=False),
        sa.Column("mention_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("words_id", "mention_id"),
    )
    op.create_index("ix_summary_candidates_mention", "summary_candidates", ["mention_id"], unique=False)
