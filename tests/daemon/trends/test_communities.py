"""Catches: a tag that everybody adds ties communities together; a name that is lost when a community grows."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from veilleur.trends.communities import CommunityName, TaggedMention, find_communities

_START = datetime(2026, 1, 5, tzinfo=UTC)
_EVERYWHERE = ("fyp", "pourtoi", "viral")


def _planted(seed: int) -> tuple[list[set[str]], list[TaggedMention]]:
    """Return eight communities of 4 to 12 hashtags, and 3,000 mentions of them among noise."""
    dice = random.Random(seed)
    groups = [{f"g{group}t{tag}" for tag in range(dice.randint(4, 12))} for group in range(8)]
    noise = [f"noise{number}" for number in range(400)]
    mentions = []
    for number in range(3_000):
        if dice.random() < 0.6:
            group = dice.choice(groups)
            tags = dice.sample(sorted(group), dice.randint(2, min(5, len(group))))
            actor = f"{min(group)}-{dice.randint(1, 12)}"
        else:
            tags, actor = dice.sample(noise, dice.randint(1, 4)), f"somebody-{dice.randint(1, 500)}"
        if dice.random() < 0.5:
            tags.append(dice.choice(_EVERYWHERE))
        if dice.random() < 0.1:
            tags.append(dice.choice(sorted(dice.choice(groups))))
        mentions.append(TaggedMention(tuple(tags), actor, _START + timedelta(minutes=number)))
    return groups, mentions


def _together(groups: list[set[str]]) -> set[tuple[str, str]]:
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


@pytest.mark.parametrize("seed", range(10))
def test_planted_communities_are_found(seed: int) -> None:
    planted, mentions = _planted(seed)

    found = find_communities(mentions)

    true, told = _together(planted), _together([set(community.hashtags) for community in found])
    assert len(true & told) / len(told) >= 0.9
    assert len(true & told) / len(true) >= 0.9


def test_the_same_mentions_give_the_same_communities_in_any_order() -> None:
    _, mentions = _planted(9)

    assert find_communities(mentions) == find_communities(sorted(mentions, key=lambda one: one.hashtags))


def test_a_name_stays_with_the_community_that_grew() -> None:
    planted, mentions = _planted(5)
    some = tuple(sorted(planted[2]))

    found = find_communities(mentions, [CommunityName("Sorcières", some[:-1]), CommunityName("Gone", ("x", "y", "z"))])

    named = [community for community in found if community.is_named]
    assert [community.name for community in named] == ["Sorcières"]
    assert set(some) <= set(named[0].hashtags)


def test_a_community_tells_who_makes_it_and_how_long_it_lives() -> None:
    planted, mentions = _planted(3)

    community = next(one for one in find_communities(mentions) if min(planted[0]) in one.hashtags)

    assert len(community.core_actors) == 10
    assert sum(actor.startswith(min(planted[0])) for actor in community.core_actors) >= 9
    assert _START <= community.first_at < community.last_at <= _START + timedelta(minutes=3_000)
    assert 0.5 < community.tightness <= 1.0


def test_a_community_s_weeks_begin_on_monday_and_those_without_a_mention_are_told_too() -> None:
    """Broken, and caught: `_weeks` that tells only weeks with a mention: the silent week was left out."""
    sunday = datetime(2026, 1, 4, 23, 59, tzinfo=UTC)
    begins = [sunday, sunday + timedelta(minutes=1), sunday + timedelta(days=21)]
    mentions = [
        TaggedMention(("a", "b", "c"), f"actor{number % 2}", begin + timedelta(seconds=number))
        for begin in begins
        for number in range(10)
    ]
    noise = [TaggedMention((f"noise{number}",), None, sunday) for number in range(400)]

    (community,) = find_communities([*mentions, *noise])

    monday = datetime(2025, 12, 29, tzinfo=UTC)
    assert [(week.starts_at, week.mention_count, week.actor_count) for week in community.weeks] == [
        (monday + number * timedelta(days=7), count, actors)
        for number, (count, actors) in enumerate([(10, 2), (10, 2), (0, 0), (10, 2)])
    ]
    assert (community.mention_count, community.actor_count) == (30, 2)


def test_no_hashtags_are_no_community() -> None:
    assert find_communities([]) == ()
    assert find_communities([TaggedMention(("one",), None, _START)] * 9) == ()
