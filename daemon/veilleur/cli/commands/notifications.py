"""`veilleur notifications`: the raw log, and what became of each notification."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from veilleur.cli import wiring
from veilleur.cli.examples import examples
from veilleur.cli.options import DatabaseUrl, DataDir, Everything, Format, InUtc, Limit, PublicOnly, chosen_limit
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.notifications import NOTIFICATIONS
from veilleur.cli.output.terminal import say
from veilleur.cli.store_access import opened_store
from veilleur.cli.zones import viewer_zone
from veilleur.model.kinds import OutcomeKind
from veilleur.model.scope import Scope

EXAMPLES: Final = examples(
    ("veilleur notifications", "The latest notifications"),
    ("veilleur notifications --outcome quarantined", "Those that no parser understood"),
    (
        "veilleur notifications --format jsonl --all > notifications.jsonl",
        "The whole raw log's fate, one object a line",
    ),
)
_Outcome = Annotated[
    OutcomeKind | None, typer.Option("--outcome", show_default=False, help="Only those with this outcome.")
]


def notifications(  # noqa: PLR0913 - a command's parameters are its options
    *,
    outcome: _Outcome = None,
    format: Format = OutputFormat.TABLE,  # noqa: A002 - the flag's name
    limit: Limit = None,
    everything: Everything = False,
    public: PublicOnly = False,
    utc: InUtc = False,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """List raw notifications, the latest first (with --all in the order they were stored)."""
    zone = viewer_zone(is_utc=utc)
    scope = Scope(may_read_private=not public)
    at_most = chosen_limit(format, limit, everything=everything)
    with opened_store(data_dir, database_url) as database:
        if at_most is None:
            NOTIFICATIONS.write(format, wiring.every_notification(database, scope, outcome=outcome), zone)
            return
        page = wiring.page_notifications(database, scope, limit=at_most, outcome=outcome)
        NOTIFICATIONS.write(format, page.notifications, zone)
        if page.next_cursor is not None:
            say(f"The latest {len(page.notifications):,} notifications: --limit N shows more, --all shows every one")
        elif not page.notifications:
            say("No such notification.")
