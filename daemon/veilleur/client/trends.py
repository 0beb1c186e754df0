"""What stands out on a server: what is on the rise, bursts, communities of hashtags, forwards and crossings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import chain

from msgspec import Struct

from veilleur.client.paging import MOST_ROWS, pages_of
from veilleur.client.transport import Transport, segment
from veilleur.model.coverage import Completeness
from veilleur.model.identity import MentionId
from veilleur.model.trends import (
    Burst,
    Community,
    Crossing,
    Forward,
    KeptBurst,
    NamedCommunity,
    Trend,
    TrendKey,
    TrendKind,
)
from veilleur.model.wire import instant_text

_USUAL_ROWS = 50


class _Trend(Struct, frozen=True):
    kind: TrendKind
    value: str
    count: int
    before: float
    score: float
    is_new: bool


class _Trends(Struct, frozen=True):
    trends: tuple[_Trend, ...]


class _Burst(Struct, frozen=True):
    id: int
    project: str
    is_private: bool
    mention_ids: tuple[MentionId, ...]
    kind: TrendKind
    value: str
    window_s: int
    count: int
    usual: float
    most_before: int
    chance: float
    began_at: datetime
    seen_at: datetime


class _BurstPage(Struct, frozen=True):
    bursts: tuple[_Burst, ...]
    next_cursor: str | None


class _Communities(Struct, frozen=True):
    communities: tuple[Community, ...]


class _Names(Struct, frozen=True):
    names: tuple[NamedCommunity, ...]


class _Forwards(Struct, frozen=True):
    forwards: tuple[Forward, ...]


class _Crossings(Struct, frozen=True):
    crossings: tuple[Crossing, ...]


class _Told(Struct, frozen=True):
    completeness: Completeness


class Trends:
    """Operations on trends; each goes back as far as is usual for it where `since_at` is not given."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def rising(
        self, kind: TrendKind = TrendKind.HASHTAG, *, since_at: datetime | None = None, limit: int = _USUAL_ROWS
    ) -> Sequence[Trend]:
        """Return what rose most, beside the seven times of the same length before."""
        found = self._transport.read("/trends", _Trends, kind=kind.value, since=_text(since_at), limit=limit)
        return tuple(
            Trend(
                key=TrendKey(one.kind, one.value),
                count=one.count,
                before=one.before,
                score=one.score,
                is_new=one.is_new,
            )
            for one in found.trends
        )

    def bursts(
        self, *, kind: TrendKind | None = None, since_at: datetime | None = None, limit: int = _USUAL_ROWS
    ) -> Sequence[KeptBurst]:
        """Return bursts, the newest found first."""
        asked = None if kind is None else kind.value

        def ask(rows: int, after: str | None) -> _BurstPage:
            since = _text(since_at)
            return self._transport.read("/bursts", _BurstPage, kind=asked, since=since, limit=rows, cursor=after)

        pages = pages_of(ask, lambda page: page.bursts, limit)
        return tuple(map(_kept, chain.from_iterable(page.bursts for page in pages)))[:limit]

    def communities(self, *, since_at: datetime | None = None, limit: int = _USUAL_ROWS) -> Sequence[Community]:
        """Return hashtags that are used together, the most mentioned first."""
        return self._transport.read(
            "/communities", _Communities, since=_text(since_at), limit=min(limit, MOST_ROWS)
        ).communities

    def named(self) -> Sequence[NamedCommunity]:
        """Return the names that people gave, by name."""
        return self._transport.read("/community-names", _Names).names

    def name_community(self, name: str, hashtags: Sequence[str], *, instead_of: str | None = None) -> NamedCommunity:
        """Call the community of these hashtags so, no more `instead_of`."""
        body: dict[str, object] = {"hashtags": list(hashtags)} | ({} if instead_of is None else {"name": name})
        return self._transport.write("PUT", f"/communities/{segment(instead_of or name)}", NamedCommunity, body)

    def forget_name(self, name: str) -> bool:
        """Take a community's name back; False where none is called so."""
        return self._transport.change("DELETE", f"/communities/{segment(name)}", NamedCommunity) is not None

    def forwards(self, *, since_at: datetime | None = None, limit: int = _USUAL_ROWS) -> Sequence[Forward]:
        """Return messages that went from conversation to conversation, the most conversations first."""
        return self._transport.read("/forwards", _Forwards, since=_text(since_at), limit=min(limit, MOST_ROWS)).forwards

    def crossings(self, *, since_at: datetime | None = None, limit: int = _USUAL_ROWS) -> Sequence[Crossing]:
        """Return handles and links that stood on several platforms, the latest to reach a further one first."""
        return self._transport.read(
            "/crossings", _Crossings, since=_text(since_at), limit=min(limit, MOST_ROWS)
        ).crossings

    def unseen(self, since_at: datetime | None = None) -> Completeness:
        """Return what could not be seen since then."""
        return self._transport.read("/bursts", _Told, since=_text(since_at), limit=1).completeness


def _kept(one: _Burst) -> KeptBurst:
    burst = Burst(
        key=TrendKey(one.kind, one.value),
        window_s=one.window_s,
        count=one.count,
        usual=one.usual,
        most_before=one.most_before,
        chance=one.chance,
        began_at=one.began_at,
        seen_at=one.seen_at,
    )
    return KeptBurst(
        id=one.id, project=one.project, is_private=one.is_private, burst=burst, mention_ids=one.mention_ids
    )


def _text(at: datetime | None) -> str | None:
    return None if at is None else instant_text(at)
