"""`veilleur token …`: bearer tokens for the API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from veilleur.cli import wiring
from veilleur.cli.agreement import require_agreement
from veilleur.cli.examples import examples
from veilleur.cli.expiry import read_expiry
from veilleur.cli.options import DatabaseUrl, DataDir, Format, InUtc
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.terminal import answer, say
from veilleur.cli.output.tokens import TOKENS
from veilleur.cli.store_access import opened_project
from veilleur.cli.zones import viewer_zone
from veilleur.model.scope import TokenScope

CREATE_EXAMPLES: Final = examples(
    ("veilleur token create dashboard", "A token that reads public mentions"),
    (
        "veilleur token create support --scope read:mentions --scope read:private --expires 90d",
        "Private ones too, 90 days",
    ),
    ("TOKEN=$(veilleur token create script)", "Into a variable: only the token goes to standard output"),
)
LIST_EXAMPLES: Final = examples(("veilleur token list", "Every token with its state, never its secret"))
REVOKE_EXAMPLES: Final = examples(
    ("veilleur token revoke 1a2b3c4d", "Asks, then revokes at once and for ever"),
    ("veilleur token revoke 1a2b3c4d --yes", "Without asking, in a script"),
)

_Name = Annotated[str, typer.Argument(metavar="NAME", help="What the token is for, to know it again.")]
_Scopes = Annotated[
    list[TokenScope] | None,
    typer.Option("--scope", show_default=False, help="What it allows; may be repeated (else read:mentions)."),
]
_Expires = Annotated[
    str | None,
    typer.Option("--expires", metavar="WHEN", show_default=False, help="90d, 12h, 4w or a date (else never)."),
]
_Id = Annotated[str, typer.Argument(metavar="ID", help="The id that `veilleur token list` shows.")]
_Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def create(
    name: _Name,
    scopes: _Scopes = None,
    expires: _Expires = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Make a token and print it to standard output, this once."""
    now = datetime.now(UTC)
    expires_at = None if expires is None else _expiry(expires, now)
    allowed = frozenset(scopes or [TokenScope.READ_MENTIONS])
    with opened_project(data_dir, database_url) as (database, own):
        token, secret = wiring.create_token(database, own, name, allowed, now=now, expires_at=expires_at)
    until = "until revoked" if expires_at is None else f"until {expires_at:%Y-%m-%d %H:%M} UTC"
    say(f"Token {token.id} ({token.name}) allows {', '.join(token.scopes)} {until}.")
    say("It is shown only now and kept nowhere. Send it as `Authorization: Bearer …`:")
    answer(secret)


def listed(
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """List tokens, the oldest first, revoked ones included."""
    with opened_project(data_dir, database_url) as (database, own):
        tokens = wiring.list_tokens(database, own)
    TOKENS.write(format, tokens, viewer_zone(is_utc=utc))
    if not tokens:
        say("No token yet: `veilleur token create NAME` makes one.")


def revoke(token_id: _Id, yes: _Yes = False, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Revoke a token at once; this cannot be undone."""
    with opened_project(data_dir, database_url) as (database, own):
        known = {token.id: token for token in wiring.list_tokens(database, own) if token.revoked_at is None}
        if token_id not in known:
            raise typer.BadParameter(f"no valid token has the id {token_id}: `veilleur token list` shows them")
        question = f"Revoke {known[token_id].name}? Whoever uses it is locked out at once, for ever."
        require_agreement(question, is_given=yes, unasked="revokes", otherwise="Nothing was revoked.")
        wiring.revoke_token(database, own, token_id, now=datetime.now(UTC))
    say(f"Token {token_id} ({known[token_id].name}) is revoked.")


def _expiry(text: str, now: datetime) -> datetime:
    try:
        return read_expiry(text, now=now, zone=viewer_zone(is_utc=False))
    except ValueError as error:
        raise typer.BadParameter(f"--expires: {error}") from error
