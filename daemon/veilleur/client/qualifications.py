"""What people and rules say of a server's mentions; saying it needs a token with `write:cases`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, tzinfo

from msgspec import Struct

from veilleur.client.paging import every_page
from veilleur.client.refusals import wrong_as
from veilleur.client.transport import Transport
from veilleur.client.zones import zone_name
from veilleur.model.errors import QualificationError
from veilleur.model.identity import MentionId
from veilleur.model.qualification import (
    JournalEntry,
    Qualification,
    QualificationAct,
    QualificationChange,
    QualifiedMany,
    Speaker,
)


class Qualified(Struct, frozen=True):
    """What stands of a mention now; `act` is None where it stood already."""

    qualification: Qualification | None
    act: QualificationAct | None


class _Journal(Struct, frozen=True):
    entries: tuple[JournalEntry, ...]


class _Acts(Struct, frozen=True):
    acts: tuple[QualificationAct, ...]
    next_cursor: str | None


class _Undone(Struct, frozen=True):
    mention_count: int


class Qualifications:
    """Operations on qualifications."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def say(self, mention_id: MentionId | str, change: QualificationChange) -> Qualified:
        """Say something of a mention and its fold."""
        return self._transport.write("POST", f"/mentions/{mention_id}/qualification", Qualified, change)

    def say_of(
        self, mention_ids: Sequence[MentionId | str], change: QualificationChange, *, is_dry_run: bool = False
    ) -> QualifiedMany:
        """Say something of these mentions, at most 500; a dry run only counts those that this token may see."""
        return self._said({"change": change, "mention_ids": list(mention_ids), "dry_run": is_dry_run})

    def say_of_all(
        self, query: str, change: QualificationChange, zone: tzinfo = UTC, *, is_dry_run: bool = False
    ) -> QualifiedMany:
        """Say something of every mention that a query shows now; a dry run only counts them."""
        return self._said({"change": change, "query": query, "zone": zone_name(zone), "dry_run": is_dry_run})

    def journal(self, mention_id: MentionId | str) -> Sequence[JournalEntry] | None:
        """Return who said what of a mention, the latest first, None where this token may read none."""
        found = self._transport.find(f"/mentions/{mention_id}/journal", _Journal)
        return None if found is None else found.entries

    def acts(self, by: Speaker | None = None) -> Iterator[QualificationAct]:
        """Yield what was said, act by act, the latest first: by people, by rules, or by both."""

        def ask(rows: int, after: str | None) -> _Acts:
            return self._transport.read("/qualification-acts", _Acts, limit=rows, cursor=after, by=by)

        for page in every_page(ask):
            yield from page.acts

    def undo(self, act_id: int) -> int | None:
        """Let what stood before an act stand again, and return of how many mentions; None where it cannot be undone."""
        changed = self._transport.change("POST", f"/qualification-acts/{act_id}/undo", _Undone)
        return None if changed is None else changed.mention_count

    def _said(self, body: dict[str, object]) -> QualifiedMany:
        with wrong_as(QualificationError):
            return self._transport.write("POST", "/qualifications", QualifiedMany, body)
