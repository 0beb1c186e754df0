"""Finds the communities of hashtags: those that are used together more than with others. Pure.

An edge joins two hashtags that stand together more often than chance would have it, by far and for certain, so that a
tag which everybody adds (#fyp) ties nothing together; it weighs their Ochiai
coefficient, the cosine of two sets. Groups are Louvain's (V. Blondel et al., "Fast unfolding of communities in large
networks", J. Stat. Mech. P10008, 2008), with a fixed seed: the same mentions give the same communities.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from math import sqrt
from typing import Final

import networkx as nx
from msgspec import Struct

from veilleur.model.trends import Community, CommunityGraph, CommunityWeek, Tie
from veilleur.trends.rates import tail_chance

_LEAST_MENTIONS: Final = 3
_LEAST_SHARED: Final = 2
_TIMES_CHANCE: Final = 3.0
_BY_CHANCE: Final = 1e-5
_NEARLY_POISSON: Final = 1.01
_LEAST_HASHTAGS: Final = 3
# One mention with a hundred hashtags would make 5,000 pairs, and says little about any of them.
_MOST_IN_A_MENTION: Final = 30
_MOST_HASHTAGS: Final = 5_000
_CORE_ACTORS: Final = 10
_SAME_COMMUNITY: Final = 0.5
_WEEK: Final = timedelta(days=7)
_SEED: Final = 1


class TaggedMention(Struct, frozen=True):
    """What communities need of a mention; `happened_at` is in UTC."""

    hashtags: tuple[str, ...]
    actor: str | None
    happened_at: datetime


class CommunityName(Struct, frozen=True):
    """What a person called a community, and the hashtags that it had then."""

    name: str
    hashtags: tuple[str, ...]


def named_hashtags(written: Iterable[str]) -> tuple[str, ...]:
    """Return hashtags as communities have them, each once, of what a person wrote."""
    return tuple(dict.fromkeys(tag.removeprefix("#").lower() for tag in written))


def find_communities(mentions: Sequence[TaggedMention], names: Sequence[CommunityName] = ()) -> tuple[Community, ...]:
    """Return the communities in which at least three hashtags are used together, the most mentioned first.

    A name given earlier stays with the community that shares most of its hashtags, at least half of either.
    """
    return find_graph(mentions, names).communities


def find_graph(mentions: Sequence[TaggedMention], names: Sequence[CommunityName] = ()) -> CommunityGraph:
    """Return the communities as `find_communities` does, with what they were made from."""
    uses = Counter(tag for mention in mentions for tag in _tags(mention))
    known = {tag for tag, count in uses.most_common(_MOST_HASHTAGS) if count >= _LEAST_MENTIONS}
    pairs = Counter(
        pair for mention in mentions for pair in combinations([tag for tag in _tags(mention) if tag in known], 2)
    )
    graph = _graph(uses, pairs, total=len(mentions))
    groups = nx.community.louvain_communities(graph, weight="weight", seed=_SEED) if graph else ()
    found = [frozenset(group) for group in groups if len(group) >= _LEAST_HASHTAGS]
    called = _called(found, names)
    described = (one for one in _described(found, mentions, uses, pairs, called) if one is not None)
    communities = sorted(described, key=lambda community: (-community.mention_count, community.hashtags))
    ties = tuple(Tie(*pair, pairs[pair], graph.edges[pair]["weight"]) for pair in map(_pair, graph.edges))
    return CommunityGraph(tuple(communities), ties, uses)


def _pair(edge: tuple[str, str]) -> tuple[str, str]:
    one, other = sorted(edge)
    return one, other


def _tags(mention: TaggedMention) -> list[str]:
    return sorted(set(mention.hashtags))[:_MOST_IN_A_MENTION]


def _graph(uses: Counter[str], pairs: Counter[tuple[str, str]], total: int) -> nx.Graph[str]:
    graph: nx.Graph[str] = nx.Graph()
    often = [(pair, shared) for pair, shared in pairs.items() if shared >= _LEAST_SHARED]
    for (one, other), shared in sorted(often):
        expected = uses[one] * uses[other] / total
        if shared >= expected * _TIMES_CHANCE and tail_chance(shared, expected, _NEARLY_POISSON) <= _BY_CHANCE:
            graph.add_edge(one, other, weight=shared / sqrt(uses[one] * uses[other]))
    return graph


def _called(found: Sequence[frozenset[str]], names: Sequence[CommunityName]) -> Mapping[frozenset[str], str]:
    called: dict[frozenset[str], str] = {}
    taken: set[str] = set()
    ranked = sorted(
        ((_shared(group, frozenset(name.hashtags)), name.name, group) for group in found for name in names),
        key=lambda ranked_one: (-ranked_one[0], ranked_one[1], sorted(ranked_one[2])),
    )
    for shared, name, group in ranked:
        if shared >= _SAME_COMMUNITY and group not in called and name not in taken:
            called[group] = name
            taken.add(name)
    return called


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def _described(
    found: Sequence[frozenset[str]],
    mentions: Iterable[TaggedMention],
    uses: Counter[str],
    pairs: Counter[tuple[str, str]],
    called: Mapping[frozenset[str], str],
) -> Iterable[Community | None]:
    group_of = {tag: number for number, group in enumerate(found) for tag in group}
    of_group: dict[int, list[TaggedMention]] = defaultdict(list)
    for mention in mentions:
        for number in {group_of[tag] for tag in mention.hashtags if tag in group_of}:
            of_group[number].append(mention)
    tightness = _tightness(group_of, pairs)
    for number, group in enumerate(found):
        told = [mention for mention in of_group[number] if _is_of(mention, group)]
        if told:
            yield _community(group, told, uses, tightness[number], called.get(group))


def _tightness(group_of: Mapping[str, int], pairs: Counter[tuple[str, str]]) -> dict[int, float]:
    """Return of each group the share of its pairs that stay inside it."""
    inside: Counter[int] = Counter()
    touching: Counter[int] = Counter()
    for (one, other), count in pairs.items():
        group, other_group = group_of.get(one), group_of.get(other)
        if group is not None:
            touching[group] += count
        if group is not None and group == other_group:
            inside[group] += count
        elif other_group is not None:
            touching[other_group] += count
    return {group: inside[group] / touching[group] for group in touching}


def _is_of(mention: TaggedMention, group: frozenset[str]) -> bool:
    # One shared hashtag is no sign of belonging, unless it is the only one that the mention has.
    held = len(group.intersection(mention.hashtags))
    return held > 1 or held == len(set(mention.hashtags))


def _community(
    group: frozenset[str],
    told: Sequence[TaggedMention],
    uses: Counter[str],
    tightness: float,
    name: str | None,
) -> Community:
    hashtags = tuple(sorted(group, key=lambda tag: (-uses[tag], tag)))
    actors = Counter(mention.actor for mention in told if mention.actor is not None)
    core = sorted(actors, key=lambda actor: (-actors[actor], actor))[:_CORE_ACTORS]
    times = [mention.happened_at for mention in told]
    return Community(
        name=f"#{hashtags[0]}" if name is None else name,
        is_named=name is not None,
        hashtags=hashtags,
        core_actors=tuple(core),
        actor_count=len(actors),
        mention_count=len(told),
        tightness=tightness,
        first_at=min(times),
        last_at=max(times),
        weeks=_weeks(told),
    )


def _weeks(told: Sequence[TaggedMention]) -> tuple[CommunityWeek, ...]:
    counts: Counter[datetime] = Counter()
    actors: dict[datetime, set[str]] = defaultdict(set)
    mondays = {day: _monday(day) for day in {mention.happened_at.date() for mention in told}}
    for mention in told:
        week = mondays[mention.happened_at.date()]
        counts[week] += 1
        if mention.actor is not None:
            actors[week].add(mention.actor)
    first, last = min(counts), max(counts)
    every = (first + number * _WEEK for number in range((last - first) // _WEEK + 1))
    return tuple(CommunityWeek(week, counts[week], len(actors[week])) for week in every)


def _monday(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=day.weekday())
