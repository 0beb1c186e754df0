"""What the operations on trends answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from veilleur.api.writing import listing_fields, page_fields
from veilleur.model.coverage import Completeness
from veilleur.model.identity import MentionId
from veilleur.model.scope import DEFAULT_PROJECT
from veilleur.model.trends import (
    Burst,
    Community,
    CommunityWeek,
    Crossing,
    CrossingKind,
    Forward,
    KeptBurst,
    NamedCommunity,
    Trend,
    TrendKey,
    TrendKind,
)
from veilleur.model.wire import (
    burst_fields,
    community_fields,
    crossing_fields,
    forward_fields,
    named_community_fields,
    trend_fields,
)

_AT: Final = datetime(2026, 11, 14, 18, 12, 40, tzinfo=UTC)
_BEFORE: Final = datetime(2026, 11, 13, 11, 41, 25, tzinfo=UTC)
_KEY: Final = TrendKey(TrendKind.HASHTAG, "pouletrose")
_TAGS: Final = ("pouletrose", "plastique", "restaurant")


def trend_examples(mention_id: MentionId) -> dict[str, Any]:
    """Return the answer of each operation, by operation id."""
    unseen = Completeness()
    named = named_community_fields(NamedCommunity(name="poulet rose", hashtags=_TAGS, named_by="lea", named_at=_AT))
    trend = trend_fields(Trend(key=_KEY, count=12, before=1.5, score=24.7, is_new=False))
    return {
        "list_trends": listing_fields("trends", [trend], unseen),
        "list_bursts": page_fields("bursts", [burst_fields(_burst(mention_id))], None, unseen),
        "list_communities": listing_fields("communities", [community_fields(_community())], unseen),
        "list_names": {"names": [named]},
        "write_community": named,
        "remove_community": named,
        "list_forwards": listing_fields("forwards", [forward_fields(_forward(mention_id))], unseen),
        "list_crossings": listing_fields("crossings", [crossing_fields(_crossing())], unseen),
    }


def trend_bodies() -> dict[str, Any]:
    """Return the body of each operation that takes one, by operation id."""
    return {"write_community": {"hashtags": list(_TAGS)}}


def _burst(mention_id: MentionId) -> KeptBurst:
    burst = Burst(
        key=_KEY, window_s=600, count=12, usual=1.0, most_before=4, chance=2e-9, began_at=_BEFORE, seen_at=_AT
    )
    return KeptBurst(id=1, project=DEFAULT_PROJECT, is_private=False, burst=burst, mention_ids=(mention_id,))


def _community() -> Community:
    return Community(
        name="poulet rose",
        is_named=True,
        hashtags=_TAGS,
        core_actors=("tiktok:solene.raconte.vb",),
        actor_count=9,
        mention_count=14,
        tightness=0.8,
        first_at=_BEFORE,
        last_at=_AT,
        weeks=(CommunityWeek(datetime(2026, 11, 9, tzinfo=UTC), 14, 9),),
    )


def _forward(mention_id: MentionId) -> Forward:
    return Forward(
        mention_ids=(mention_id,), conversation_ids=("c1", "c2"), first_at=_BEFORE, last_at=_AT, likeness=0.97
    )


def _crossing() -> Crossing:
    return Crossing(
        kind=CrossingKind.HANDLE,
        value="solene.raconte.vb",
        platforms=("tiktok", "whatsapp"),
        first_seen_at=(_BEFORE, _AT),
        mention_count=5,
    )
