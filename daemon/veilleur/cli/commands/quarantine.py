"""`veilleur quarantine`: what no parser understood, and dead letters, which could not even be read."""

from __future__ import annotations

import json
from typing import Annotated, Final

import typer

from veilleur.cli import wiring
from veilleur.cli.commands.reparse import show_summary
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, Everything, Format, InUtc, Limit, chosen_limit
from veilleur.cli.output.dead_letters import DEAD_LETTERS
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.notifications import NOTIFICATIONS
from veilleur.cli.output.progress_bar import progress_bar
from veilleur.cli.output.terminal import answer, say
from veilleur.cli.store_access import logged_settings, opened_store
from veilleur.cli.zones import viewer_zone
from veilleur.model.identity import NotificationId
from veilleur.model.kinds import OutcomeKind
from veilleur.model.scope import Scope

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
_OWN: Final = Scope(may_read_private=True)
_Dead = Annotated[bool, typer.Option("--dead", help="Dead letters: bytes that are no envelope.")]
_Id = Annotated[int, typer.Argument(metavar="ID", min=1, help="As `veilleur quarantine list` shows it.")]


def listed(  # noqa: PLR0913 - a command's parameters are its options
    *,
    dead: _Dead = False,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    limit: Limit = None,
    everything: Everything = False,
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """List what is in quarantine, the latest first; with --dead what could not be read, in the order it came."""
    zone, at_most = viewer_zone(is_utc=utc), chosen_limit(format, limit, everything=everything)
    with opened_store(data_dir, database_url) as database:
        if dead:
            letters = wiring.list_dead(database, _OWN, limit=at_most)
            DEAD_LETTERS.write(format, letters, zone)
            is_any = bool(letters)
        elif at_most is None:
            NOTIFICATIONS.write(
                format, wiring.every_notification(database, _OWN, outcome=OutcomeKind.QUARANTINED), zone
            )
            return
        else:
            page = wiring.page_notifications(database, _OWN, limit=at_most, outcome=OutcomeKind.QUARANTINED)
            NOTIFICATIONS.write(format, page.notifications, zone)
            is_any = bool(page.notifications)
            if page.next_cursor is not None:
                say("There is more: --limit N shows more, --all shows every one")
    if not is_any:
        say("Nothing is dead." if dead else "Nothing is in quarantine.")


def show(number: _Id, *, dead: _Dead = False, data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """Show one as it is stored: its words, its channel, everything that Android gave."""
    with opened_store(data_dir, database_url) as database:
        if dead:
            payload, reason = wiring.dead_payload(database, _OWN, number), None
        else:
            detail = wiring.get_notification(database, _OWN, NotificationId(number))
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


def _readable(payload: bytes) -> str:
    try:
        return json.dumps(json.loads(payload), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return repr(payload)
