"""How tokens are listed: never with their secrets, which are kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final

from rich.table import Table

from veilleur.cli.output.listing import Listing
from veilleur.cli.output.tables import bare_table, cell
from veilleur.cli.zones import shown_minute
from veilleur.model.listing import Token
from veilleur.model.wire import token_fields

CSV_COLUMNS: Final = ("id", "name", "project", "scopes", "created_at", "expires_at", "revoked_at")


def token_table(tokens: Sequence[Token], zone: tzinfo, _width: int) -> Table:
    """Draw tokens with whether each still opens anything."""
    table = bare_table()
    for header in ("Id", "Name", "Scopes", "Made", "Expires", "State"):
        table.add_column(header)
    now = datetime.now(UTC)
    for token in tokens:
        made, expires = shown_minute(token.created_at, zone), shown_minute(token.expires_at, zone)
        table.add_row(token.id, cell(token.name), " ".join(token.scopes), made, expires, _state(token, now))
    return table


def _state(token: Token, now: datetime) -> str:
    if token.revoked_at is not None:
        return "revoked"
    return "expired" if token.expires_at is not None and token.expires_at <= now else "valid"


TOKENS: Final = Listing("tokens", token_fields, CSV_COLUMNS, token_table)
