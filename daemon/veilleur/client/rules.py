"""The rules of a server: what is said of every mention that a query or a list of words finds."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from veilleur.client.errors import Conflict
from veilleur.client.refusals import wrong_as
from veilleur.client.transport import Transport, segment
from veilleur.model.errors import QualificationError
from veilleur.model.qualification import QualificationChange, QualifiedMany
from veilleur.model.rules import QualificationRule


class _Rules(Struct, frozen=True):
    rules: tuple[QualificationRule, ...]


class Rules:
    """Operations on rules; what changes them needs a token with `write:cases`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def every(self) -> Sequence[QualificationRule]:
        """Return the rules of which this token may know, the oldest first."""
        return self._transport.read("/rules", _Rules).rules

    def make(self, name: str, change: QualificationChange, *, query: str = "", words: Sequence[str] = ()) -> bool:
        """Make a rule for what comes from now on; False where one has the name.

        Raises QualificationError where it cannot be.
        """
        said = {"tone": change.tone, "add_tags": change.add_tags, "is_off_topic": change.is_off_topic}
        body = {"query": query, "words": list(words)} | said
        try:
            with wrong_as(QualificationError):
                self._transport.write("PUT", _path(name), QualificationRule, body)
        except Conflict:
            return False
        return True

    def apply(self, name: str, *, is_dry_run: bool = False) -> QualifiedMany | None:
        """Let a rule speak of the past, or only count of how much; None where there is none.

        Raises QualificationError where it is too much.
        """
        with wrong_as(QualificationError):
            return self._transport.change("POST", f"{_path(name)}/apply", QualifiedMany, {"dry_run": is_dry_run})

    def remove(self, name: str) -> bool:
        """Take a rule out, what it said stays; False where there is none."""
        return self._transport.change("DELETE", _path(name), QualificationRule) is not None


def _path(name: str) -> str:
    return f"/rules/{segment(name)}"
