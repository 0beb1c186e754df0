"""What happened to mentions, in the order of arrival: what copies, streams and alerts follow."""

from __future__ import annotations

from msgspec import Struct

from veilleur.model.identity import MentionId
from veilleur.model.kinds import ChangeKind
from veilleur.model.mention import Mention


class Change(Struct, frozen=True, kw_only=True):
    """One change; `mention` is how it stands now, None where there is none any more for whoever reads.

    `is_replayed`: by playing a log or reading it anew, which alerts nobody. `is_said`: by what people or rules say of
    it, and by nothing that came. `seq` is its place in the store that tells it, None where that is not told.
    """

    op: ChangeKind
    mention_id: MentionId
    project: str
    is_replayed: bool
    is_said: bool = False
    mention: Mention | None
    seq: int | None = None


class ChangePage(Struct, frozen=True):
    """Changes in order; `next_cursor` goes on after them, also where `has_more` says that there are none yet."""

    changes: tuple[Change, ...]
    next_cursor: str
    has_more: bool


class FollowedChanges(Struct, frozen=True):
    """Changes in order, each with the cursor of the place after it; else as a `ChangePage`."""

    changes: tuple[tuple[str, Change], ...]
    next_cursor: str
    has_more: bool
