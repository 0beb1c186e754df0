"""`veilleur quarantine`: what no parser understood, and dead letters, which could not even be read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from veilleur.cli import wiring
from veilleur.cli.commands.reparse import show_summary
from veilleur.cli.examples import examples
from veilleur.cli.options import (
    DatabaseUrl,
    DataDir,
    Everything,
    Format,
    InUtc,
    Limit,
    Server,
    ServerToken,
    chosen_limit,
)
from veilleur.cli.output.dead_letters import DEAD_LETTERS
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.notifications import NOTIFICATIONS
from veilleur.cli.output.parse_rates import PARSE_RATES
from veilleur.cli.output.progress_bar import progress_bar
from veilleur.cli.output.terminal import answer, say
from veilleur.cli.store_access import logged_settings, opened_desk
from veilleur.cli.zones import viewer_zone
from veilleur.model.errors import QueryError
from veilleur.model.identity import NotificationId
from veilleur.model.kinds import OutcomeKind
from veilleur.query.window import read_window

LIST_EXAMPLES: Final = examples(
    ("veilleur quarantine list", "What no parser understood, the latest first"),
    ("veilleur quarantine list --dead", "Bytes that could not be read at all"),
)
SHOW_EXAMPLES: Final = examples(
    ("veilleur quarantine show 258", "One notification as it was stored, its words included"),
    ("veilleur quarantine show 3 --dead", "The bytes of one dead letter"),
)
RETRY_EXAMPLES: Final = examples(
    ("veilleur quarantine retry", "After a new release, or a change in your own catalogues"),
    ("veilleur quarantine retry --dead", "After a new release that knows a newer contract"),
)
RATES_EXAMPLES: Final = examples(
    ("veilleur quarantine rates", "How much of each app's wording was known, day by day"),
    ("veilleur quarantine rates --since 7d --app com.zhiliaoapp.musically", "One app, the last week"),
    ("veilleur quarantine rates --all --format jsonl", "Every day there is, for a program"),
)
_Dead = Annotated[bool, typer.Option("--dead", help="Dead letters: bytes that are no envelope.")]
_Id = Annotated[int, typer.Argument(metavar="ID", min=1, help="As `veilleur quarantine list` shows it.")]

_Since = Annotated[
    str | None,
    typer.Option("--since", metavar="WHEN", show_default=False, help="The days from here on: 7d, 2026-11-20."),
]
_App = Annotated[
    str | None,
    typer.Option("--app", metavar="PACKAGE", show_default=False, help="Only this app, as Android names it."),
]


def listed(  # noqa: PLR0913 - a command's parameters are its options
    *,
    dead: _Dead = False,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    limit: Limit = None,
    everything: Everything = False,
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """List what is in quarantine, the latest first; with --dead what could not be read, in the order it came."""
    zone, at_most = viewer_zone(is_utc=utc), chosen_limit(format, limit, everything=everything)
    with opened_desk(data_dir, database_url, server, token) as desk:
        if dead:
            letters = desk.losses.dead_letters(limit=at_most)
            DEAD_LETTERS.write(format, letters, zone)
            is_any = bool(letters)
        elif at_most is None:
            NOTIFICATIONS.write(format, desk.notifications.every(outcome=OutcomeKind.QUARANTINED), zone)
            return
        else:
            page = desk.notifications.page(limit=at_most, outcome=OutcomeKind.QUARANTINED)
            NOTIFICATIONS.write(format, page.notifications, zone)
            is_any = bool(page.notifications)
            if page.next_cursor is not None:
                say("There is more: --limit N shows more, --all shows every one")
    if not is_any:
        say("Nothing is dead." if dead else "Nothing is in quarantine.")


def show(  # noqa: PLR0913 - a command's parameters are its options
    number: _Id,
    *,
    dead: _Dead = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """Show one as it is stored: its words, its channel, everything that Android gave."""
    with opened_desk(data_dir, database_url, server, token) as desk:
        if dead:
            payload, reason = desk.losses.dead_payload(number), None
        else:
            detail = desk.notifications.find(NotificationId(number))
            payload, reason = (detail.payload, detail.row.reason) if detail else (None, None)
    if payload is None:
        what = "dead letter" if dead else "notification"
        say(f"veilleur: there is no {what} {number}: `veilleur quarantine list{' --dead' if dead else ''}` shows them")
        raise typer.Exit(1)
    if reason is not None:
        say(f"reason: {reason}")
    for line in _readable(payload).split("\n"):
        answer(line)


def retry(*, dead: _Dead = False, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Read again what nobody understood: with today's parsers and your catalogues as they are now."""
    settings = logged_settings(data_dir=data_dir, database_url=database_url)
    with progress_bar("Reading again") as on_progress:
        if not dead:
            show_summary(wiring.retry_unknown(settings, on_progress))
            return
        summary = wiring.retry_dead_letters(settings, on_progress)
    answer(f"{summary.read:,} of {summary.tried:,} dead letters could be read")


def rates(  # noqa: PLR0913 - a command's parameters are its options
    *,
    since: _Since = None,
    app: _App = None,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    limit: Limit = None,
    everything: Everything = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """List how many notifications had words that a pattern knows, by app, version, language, channel and day.

    The newest day comes first, and of a day what is least known. Doubtful readings count as unknown. A new version of
    an app whose rate falls has changed its words: `veilleur patterns suggest` proposes patterns for them.
    """
    at_most = chosen_limit(format, limit, everything=everything)
    try:
        since_at = read_window(since=since, until=None, now=datetime.now(UTC), zone=UTC).since_at if since else None
    except QueryError as error:
        raise typer.BadParameter(f"expected {error.expected}", param_hint="--since") from error
    with opened_desk(data_dir, database_url, server, token) as desk:
        found = desk.losses.parse_rates(limit=at_most, since_at=since_at, package=app)
    PARSE_RATES.write(format, found, UTC)
    if not found:
        say("No notification of an app that a parser reads was counted.")


def _readable(payload: bytes) -> str:
    try:
        return json.dumps(json.loads(payload), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return repr(payload)
