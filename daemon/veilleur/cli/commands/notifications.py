"""`veilleur notifications`: the raw log, and what became of each notification."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from veilleur.cli.examples import examples
from veilleur.cli.options import (
    DatabaseUrl,
    DataDir,
    Everything,
    Format,
    InUtc,
    Limit,
    PublicOnly,
    Server,
    ServerToken,
    chosen_limit,
)
from veilleur.cli.output.listing import OutputFormat
from veilleur.cli.output.notifications import NOTIFICATIONS
from veilleur.cli.output.terminal import say
from veilleur.cli.store_access import opened_desk
from veilleur.cli.zones import viewer_zone
from veilleur.model.kinds import OutcomeKind

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
    server: Server = None,
    token: ServerToken = None,
) -> None:
    """List raw notifications, the latest first (with --all in the order they were stored)."""
    zone = viewer_zone(is_utc=utc)
    at_most = chosen_limit(format, limit, everything=everything)
    with opened_desk(data_dir, database_url, server, token, is_public=public) as desk:
        if at_most is None:
            NOTIFICATIONS.write(format, desk.notifications.every(outcome=outcome), zone)
            return
        page = desk.notifications.page(limit=at_most, outcome=outcome)
        NOTIFICATIONS.write(format, page.notifications, zone)
        if page.next_cursor is not None:
            say(f"The latest {len(page.notifications):,} notifications: --limit N shows more, --all shows every one")
        elif not page.notifications:
            say("No such notification.")
