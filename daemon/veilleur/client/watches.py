"""The watches of a server: keep them, read what they hold and what is new, and try conditions on the past."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from veilleur.client.errors import Conflict, NotFound
from veilleur.client.paging import every_page
from veilleur.client.transport import Transport, segment
from veilleur.client.trials import trial_parameters
from veilleur.model.condition import BacktestResult, Condition
from veilleur.model.listing import MentionPage
from veilleur.model.mention import Mention
from veilleur.model.watch import (
    NewMentions,
    Watch,
    WatchDraft,
    WatchOverview,
    WatchPage,
    WatchVersion,
    WatchVersionPage,
)


class Watches:
    """Operations on watches; what was seen is kept for each token."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def every(self, *, with_archived: bool = False) -> Sequence[WatchOverview]:
        """Return the project's watches by name, each with how much of it this token has not seen."""

        def ask(rows: int, after: str | None) -> WatchPage:
            return self._transport.read("/watches", WatchPage, archived=with_archived, limit=rows, cursor=after)

        return [one for page in every_page(ask) for one in page.watches]

    def find(self, name: str) -> WatchOverview | None:
        """Return the watch of this name, archived or not."""
        return self._transport.find(_path(name), WatchOverview)

    def save(self, name: str, draft: WatchDraft, *, new_name: str | None = None) -> bool:
        """Make a watch or a new version of it; False where it is archived or another has the new name."""
        body = {"query": draft.query, "zone": draft.zone, "description": draft.description, "name": new_name}
        try:
            self._transport.write("PUT", _path(name), Watch, {key: value for key, value in body.items() if value})
        except Conflict:
            return False
        return True

    def archive(self, name: str) -> bool:
        """Let a watch rest; False where there is none."""
        return self._changed("DELETE", _path(name))

    def restore(self, name: str) -> bool:
        """Let an archived watch go on; False where there is none."""
        return self._changed("POST", f"{_path(name)}/restore")

    def history(self, name: str) -> Sequence[WatchVersion]:
        """Return what a watch asked, the newest version first; nothing where there is none."""

        def ask(rows: int, after: str | None) -> WatchVersionPage:
            return self._transport.read(f"{_path(name)}/history", WatchVersionPage, limit=rows, cursor=after)

        try:
            return [one for page in every_page(ask) for one in page.versions]
        except NotFound:
            return ()

    def mentions(self, name: str) -> Iterator[Mention]:
        """Yield every mention that a watch holds now, newest first, also those from before it was made."""

        def ask(rows: int, after: str | None) -> MentionPage:
            return self._transport.read(f"{_path(name)}/mentions", MentionPage, limit=rows, cursor=after)

        for page in every_page(ask):
            yield from page.mentions

    def new(self, name: str, *, limit: int = 50, after: str | None = None) -> NewMentions | None:
        """Return what came in for a watch since this token saw it, or after a `next_cursor`."""
        return self._transport.find(f"{_path(name)}/new", NewMentions, limit=limit, after=after)

    def mark_seen(self, name: str, through: str | None = None) -> None:
        """Keep that what came in, up to a `next_cursor`, was seen: all of it without one."""
        suffix = "" if through is None else f"?through={segment(through)}"
        self._transport.write("POST", f"{_path(name)}/seen{suffix}", WatchOverview)

    def backtest(
        self, name: str, condition: Condition, *, since_at: datetime | None = None, until_at: datetime | None = None
    ) -> BacktestResult | None:
        """Return when a condition would have told somebody of a watch's mentions; else of the last 30 days."""
        given = trial_parameters(condition, since_at, until_at)
        return self._transport.find(f"{_path(name)}/backtest", BacktestResult, **given)

    def _changed(self, method: str, path: str) -> bool:
        return self._transport.change(method, path, Watch) is not None


def _path(name: str) -> str:
    return f"/watches/{segment(name)}"
