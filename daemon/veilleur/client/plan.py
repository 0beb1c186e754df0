"""The watch plan of a server: what is meant to be followed, and what was heard of it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from veilleur.client.refusals import wrong_as
from veilleur.client.transport import Transport
from veilleur.model.errors import PlanError
from veilleur.model.plan import PlanEntry, PlanStanding


class _Plan(Struct, frozen=True):
    plan: tuple[PlanStanding, ...]


class _Saved(Struct, frozen=True):
    added: int
    changed: int


class _Removed(Struct, frozen=True):
    removed: int


class Plan:
    """Operations on the plan; what changes it needs a token with `write:cases`, for groups `read:private` too."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def standing(self) -> Sequence[PlanStanding]:
        """Return each entry with when something of it last arrived, and its silence."""
        return self._transport.read("/plan", _Plan).plan

    def save(self, entries: Sequence[PlanEntry]) -> tuple[int, int]:
        """Enter these, all or none; return how many are new and how many changed. Raises PlanError."""
        with wrong_as(PlanError):
            saved = self._transport.write("POST", "/plan", _Saved, {"entries": entries})
        return saved.added, saved.changed

    def remove(self, entries: Sequence[PlanEntry]) -> int:
        """Take out the entries of these kinds, targets, platforms and devices; return how many there were."""
        with wrong_as(PlanError):
            return self._transport.write("POST", "/plan/removals", _Removed, {"entries": entries}).removed
