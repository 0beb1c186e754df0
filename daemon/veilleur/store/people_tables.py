"""The tables of who signs in to the pages: people, what each is in a project, the links they got, their sessions."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, LargeBinary, PrimaryKeyConstraint, Table, Text

from veilleur.store.schema import metadata

# `name_key` is the name as it is compared: two people never differ by case alone.
people: Final = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),
    Column("password_hash", Text),
    Column("created_at", BigInteger, nullable=False),
)

memberships: Final = Table(
    "memberships",
    metadata,
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("may_read_private", Boolean, nullable=False),
    PrimaryKeyConstraint("project_id", "person_id"),
)

# A link that is good once, known by the hash of its secret; without a person it is for the first one.
invitations: Final = Table(
    "invitations",
    metadata,
    Column("id", LargeBinary(32), primary_key=True),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("person_id", ForeignKey("people.id")),
    Column("expires_at", BigInteger, nullable=False),
)

# A browser that is signed in, by a person's password or by a token, known by the hash of its cookie.
web_sessions: Final = Table(
    "web_sessions",
    metadata,
    Column("id", LargeBinary(32), primary_key=True),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("person_id", ForeignKey("people.id")),
    Column("token_id", ForeignKey("tokens.id")),
    Column("expires_at", BigInteger, nullable=False),
)
