"""The tables (DESIGN §1 and §4). Times are BIGINT UTC milliseconds, which sort and compare alike on both databases."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    column,
    table,
    text,
)

from veilleur.store.delivery_tables import deliveries, delivery_attempts, receivers, subscriptions
from veilleur.store.feed_tables import watch_feeds
from veilleur.store.people_tables import invitations, memberships, people, web_sessions
from veilleur.store.schema import BigId, index_where, metadata
from veilleur.store.undated_tables import group_words, summary_candidates, thread_snapshots, undated_messages
from veilleur.store.watch_tables import watch_hits, watch_seen, watch_versions, watches

FOLDED: Final = (thread_snapshots, undated_messages, group_words, summary_candidates)
"""The tables in which conversations without times are folded."""
SIGNED_IN: Final = (people, memberships, invitations, web_sessions)
"""The tables of people and of their browsers."""

WATCHED: Final = (watches, watch_versions, watch_hits, watch_seen, watch_feeds)
"""The tables of watches and of their feeds."""
SENT: Final = (receivers, subscriptions, deliveries, delivery_attempts)
"""The tables of what is sent out."""

projects: Final = Table(
    "projects",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

devices: Final = Table(
    "devices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("password_hash", Text),
    Column("first_seen_at", BigInteger, nullable=False),
    Column("last_received_at", BigInteger),
    Column("revoked_at", BigInteger),
    Column("label", Text),
    # A pairing code is void from `pairing_expires_at` on, unless the device came (`paired_at`) before.
    Column("pairing_expires_at", BigInteger),
    Column("paired_at", BigInteger),
)

epochs: Final = Table(
    "epochs",
    metadata,
    Column("device_id", ForeignKey("devices.id"), nullable=False),
    Column("epoch", Text, nullable=False),
    Column("watermark", BigInteger, nullable=False),
    Column("first_seen_at", BigInteger, nullable=False),
    Column("closed_at", BigInteger),
    PrimaryKeyConstraint("device_id", "epoch"),
)

received_intervals: Final = Table(
    "received_intervals",
    metadata,
    Column("device_id", Integer, nullable=False),
    Column("epoch", Text, nullable=False),
    Column("from_seq", BigInteger, nullable=False),
    Column("through_seq", BigInteger, nullable=False),
    PrimaryKeyConstraint("device_id", "epoch", "from_seq"),
)

# What devices said they cannot send: never read back out of `epochs`, so that the gap stays told for ever,
# and so that an envelope which turns up after all (out of a log) is known to be no duplicate.
lost_ranges: Final = Table(
    "lost_ranges",
    metadata,
    Column("device_id", Integer, nullable=False),
    Column("epoch", Text, nullable=False),
    Column("from_seq", BigInteger, nullable=False),
    Column("through_seq", BigInteger, nullable=False),
    PrimaryKeyConstraint("device_id", "epoch", "from_seq", "through_seq"),
)

# Payloads that could not be read and whose head names no seq: their checksums as received stand in the receipt
# until the device has answered, and only the newest of each device.
refused_payloads: Final = Table(
    "refused_payloads",
    metadata,
    Column("device_id", ForeignKey("devices.id"), nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("received_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("device_id", "sha256"),
)

# The newest status of each device, as it was received (`payload`) and what is asked of it often.
device_statuses: Final = Table(
    "device_statuses",
    metadata,
    Column("device_id", ForeignKey("devices.id"), primary_key=True),
    Column("epoch", Text, nullable=False),
    Column("is_online", Boolean, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("online_at", BigInteger),
    Column("sent_at", BigInteger),
    Column("first_seq", BigInteger),
    Column("next_seq", BigInteger),
    Column("spool_depth", BigInteger),
    Column("config_revision", BigInteger),
    Column("payload", LargeBinary, nullable=False),
    # When it first told of this revision, by our clock.
    Column("config_revision_at", BigInteger),
)

device_configs: Final = Table(
    "device_configs",
    metadata,
    Column("device_id", ForeignKey("devices.id"), nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    PrimaryKeyConstraint("device_id", "revision"),
)

# The coverage ledger: what was not seen, of which device, from when to when (`until` None: still).
# `subject` is what the cause is about: a package, or a span of seqs as `EPOCH:FROM-THROUGH`.
coverage_intervals: Final = Table(
    "coverage_intervals",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("device_id", ForeignKey("devices.id"), nullable=False),
    Column("cause", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger),
    Column("count", BigInteger),
    Column("detail", Text),
    Index("uq_coverage_intervals", "device_id", "cause", "subject", "since", unique=True),
    Index("ix_coverage_intervals_until", "project_id", "until"),
)

# States of our own system (DESIGN §8); one open row at most for each code and subject.
alarms: Final = Table(
    "alarms",
    metadata,
    Column("code", String(64), nullable=False),
    Column("subject", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger),
    Column("detail", Text, nullable=False),
    PrimaryKeyConstraint("code", "subject", "since"),
    index_where("uq_alarms_open", "code", "subject", where="until IS NULL", unique=True),
)

notifications: Final = Table(
    "notifications",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=False),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("device_id", ForeignKey("devices.id"), nullable=False),
    Column("epoch", Text),
    Column("seq", BigInteger),
    Column("envelope_id", Text, nullable=False),
    Column("package", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("captured_at", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("changed", Text),
    Column("is_replayed", Boolean, nullable=False, server_default=text("false")),
    index_where("ix_notifications_live", "id", where="NOT is_replayed"),
    index_where("uq_notifications_place", "device_id", "epoch", "seq", where="seq IS NOT NULL", unique=True),
    index_where("uq_notifications_imported", "device_id", "envelope_id", where="seq IS NULL", unique=True),
)

outcomes: Final = Table(
    "outcomes",
    metadata,
    Column("notification_id", BigId, primary_key=True, autoincrement=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text),
    Column("parser", Text, nullable=False),
    Column("parser_version", Integer, nullable=False),
    Column("is_public", Boolean, nullable=False),
    Column("mention_ids", Text),
    index_where("ix_outcomes_quarantined", "notification_id", where="outcome = 'quarantined'"),
    index_where("ix_outcomes_unknown_wording", "notification_id", where="reason = 'unknown_wording'"),
)

mentions: Final = Table(
    "mentions",
    metadata,
    # Newest first is the order of every list: `ord` holds the time in its upper bits, so that the primary
    # key, the search index's row id and the page cursor are one number.
    Column("ord", BigId, primary_key=True, autoincrement=False),
    Column("id", String(32), nullable=False, unique=True),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("notification_id", BigInteger, nullable=False),
    Column("envelope_id", Text, nullable=False),
    Column("device", String(64), nullable=False),
    Column("captured_at", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("occurred_at", BigInteger),
    Column("happened_at", BigInteger, nullable=False),
    Column("time_quality", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("package", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("visibility", Text, nullable=False),
    Column("actor_name", Text),
    Column("actor_handle", Text),
    Column("actor_phone", Text),
    Column("actor_others_count", BigInteger),
    Column("conversation_id", Text),
    Column("conversation_title", Text),
    Column("conversation_is_group", Boolean),
    Column("target", Text),
    Column("body", Text),
    Column("hashtags", Text),
    Column("handles", Text),
    Column("links", Text),
    Column("emojis", Text),
    Column("language", Text),
    Column("region", Text),
    Column("media_kind", Text),
    Column("media_duration_s", BigInteger),
    Column("count", BigInteger),
    Column("open_url", Text),
    Column("open_exactness", Text),
    Column("deleted", Boolean, nullable=False),
    Column("edited", Boolean, nullable=False),
    Column("flags", Text),
    Column("parser", Text, nullable=False),
    Column("parser_version", Integer, nullable=False),
    Column("pattern", Text, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("fold_id", String(20)),
    Column("slot_id", String(20)),
    Column("is_shown", Boolean, nullable=False),
    index_where("ix_mentions_fold", "fold_id", where="fold_id IS NOT NULL"),
    index_where("ix_mentions_slot", "slot_id", where="slot_id IS NOT NULL"),
    index_where("ix_mentions_conversation", "conversation_id", "ord", where="conversation_id IS NOT NULL"),
    index_where(
        "ix_mentions_aggregates",
        *("project_id", "visibility", "ord", "actor_others_count", "device"),
        where="actor_others_count > 0 AND is_shown",
    ),
)

mention_words: Final = Table(
    "mention_words",
    metadata,
    Column("ord", BigId, primary_key=True, autoincrement=False),
    Column("words", Text, nullable=False),
    Column("names", Text, nullable=False),
    Column("places", Text, nullable=False),
)

# SQLite alone: FTS5 over the view mention_indexed, made by a migration; SQLAlchemy only needs its names.
mention_index: Final = table("mention_index", column("rowid"), column("mention_index"), column("rank"))


def _term_table(name: str, term: str) -> Table:
    return Table(
        name,
        metadata,
        Column(term, Text, nullable=False),
        Column("ord", BigId, nullable=False),
        PrimaryKeyConstraint(term, "ord"),
        Index(f"ix_{name}_ord", "ord"),
        sqlite_with_rowid=False,
    )


mention_hashtags: Final = _term_table("mention_hashtags", "hashtag")
mention_handles: Final = _term_table("mention_handles", "handle")
mention_links: Final = _term_table("mention_links", "link")

# What invites people to write, and the texts that it fills in for them.
campaigns: Final = Table(
    "campaigns",
    metadata,
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("project_id", "name"),
)

campaign_openings: Final = Table(
    "campaign_openings",
    metadata,
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("campaign", Text, nullable=False),
    Column("opening", Text, nullable=False),
    PrimaryKeyConstraint("project_id", "campaign", "opening"),
)

amendments: Final = Table(
    "amendments",
    metadata,
    Column("slot_id", String(20), nullable=False),
    Column("kind", Text, nullable=False),
    Column("notification_id", BigInteger, nullable=False),
    PrimaryKeyConstraint("slot_id", "kind", "notification_id"),
)

dead_letters: Final = Table(
    "dead_letters",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=False),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("device_id", ForeignKey("devices.id"), nullable=False),
    Column("epoch", Text),
    Column("seq", BigInteger),
    Column("envelope_id", Text),
    Column("received_at", BigInteger, nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("recovered_at", BigInteger),
    index_where("uq_dead_letters_place", "device_id", "epoch", "seq", where="seq IS NOT NULL", unique=True),
    index_where("uq_dead_letters_bytes", "device_id", "sha256", where="seq IS NULL", unique=True),
)

changes: Final = Table(
    "changes",
    metadata,
    Column("seq", BigId, primary_key=True, autoincrement=False),
    Column("mention_id", String(32), nullable=False),
    Column("op", Text, nullable=False),
    Column("is_replayed", Boolean, nullable=False),
)

counters: Final = Table(
    "counters",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

facts: Final = Table(
    "facts",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

# A pairing code that waits to be shown once: sealed under a key that the page's address holds and nobody keeps.
pairing_pages: Final = Table(
    "pairing_pages",
    metadata,
    Column("id", LargeBinary(32), primary_key=True),
    Column("device_id", ForeignKey("devices.id"), nullable=False),
    Column("sealed", LargeBinary),
    Column("expires_at", BigInteger, nullable=False),
)

tokens: Final = Table(
    "tokens",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("secret_hash", LargeBinary(32), nullable=False, unique=True),
    Column("scopes", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("revoked_at", BigInteger),
    index_where("uq_tokens_name", "project_id", "name", where="revoked_at IS NULL", unique=True),
)
