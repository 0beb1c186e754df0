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
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    column,
    table,
    text,
)

metadata: Final = MetaData()
_BigId: Final = BigInteger().with_variant(Integer(), "sqlite")


def _index_where(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


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
    Column("id", _BigId, primary_key=True),
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
    _index_where("uq_alarms_open", "code", "subject", where="until IS NULL", unique=True),
)

notifications: Final = Table(
    "notifications",
    metadata,
    Column("id", _BigId, primary_key=True, autoincrement=False),
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
    _index_where("uq_notifications_place", "device_id", "epoch", "seq", where="seq IS NOT NULL", unique=True),
    _index_where("uq_notifications_imported", "device_id", "envelope_id", where="seq IS NULL", unique=True),
)

outcomes: Final = Table(
    "outcomes",
    metadata,
    Column("notification_id", _BigId, primary_key=True, autoincrement=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text),
    Column("parser", Text, nullable=False),
    Column("parser_version", Integer, nullable=False),
    Column("is_public", Boolean, nullable=False),
    Column("mention_ids", Text),
    _index_where("ix_outcomes_quarantined", "notification_id", where="outcome = 'quarantined'"),
    _index_where("ix_outcomes_unknown_wording", "notification_id", where="reason = 'unknown_wording'"),
)

# How many notifications a parser was asked for, a day (`day`: its first millisecond), and of how many no pattern knew
# the words. What the app or the device did not say is an empty text here: a key holds no NULL.
parse_rates: Final = Table(
    "parse_rates",
    metadata,
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("package", Text, nullable=False),
    Column("app_version", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("day", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("unknown", BigInteger, nullable=False),
    PrimaryKeyConstraint("project_id", "package", "app_version", "language", "channel", "day"),
)

mentions: Final = Table(
    "mentions",
    metadata,
    # Newest first is the order of every list: `ord` holds the time in its upper bits, so that the primary
    # key, the search index's row id and the page cursor are one number.
    Column("ord", _BigId, primary_key=True, autoincrement=False),
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
    _index_where("ix_mentions_fold", "fold_id", where="fold_id IS NOT NULL"),
    _index_where("ix_mentions_slot", "slot_id", where="slot_id IS NOT NULL"),
)

mention_words: Final = Table(
    "mention_words",
    metadata,
    Column("ord", _BigId, primary_key=True, autoincrement=False),
    Column("words", Text, nullable=False),
    Column("names", Text, nullable=False),
)

# SQLite alone: FTS5 over mention_words, made by a migration; SQLAlchemy only needs its names.
mention_index: Final = table("mention_index", column("rowid"), column("mention_index"))


def _term_table(name: str, term: str) -> Table:
    return Table(
        name,
        metadata,
        Column(term, Text, nullable=False),
        Column("ord", _BigId, nullable=False),
        PrimaryKeyConstraint(term, "ord"),
        Index(f"ix_{name}_ord", "ord"),
        sqlite_with_rowid=False,
    )


mention_hashtags: Final = _term_table("mention_hashtags", "hashtag")
mention_handles: Final = _term_table("mention_handles", "handle")
mention_links: Final = _term_table("mention_links", "link")

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
    Column("id", _BigId, primary_key=True, autoincrement=False),
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
    _index_where("uq_dead_letters_place", "device_id", "epoch", "seq", where="seq IS NOT NULL", unique=True),
    _index_where("uq_dead_letters_bytes", "device_id", "sha256", where="seq IS NULL", unique=True),
)

changes: Final = Table(
    "changes",
    metadata,
    Column("seq", _BigId, primary_key=True, autoincrement=False),
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
)
