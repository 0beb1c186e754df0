"""Openings that many conversations share and no campaign knows: each may be a campaign that nobody entered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from veilleur.campaigns.likeness import ALIKE, Opening, likeness, opening_of
from veilleur.campaigns.origins import CampaignMatcher
from veilleur.model.campaign import Campaign, CampaignProposal

_LEAST_WORDS: Final = 4
_MOST_GROUPS: Final = 2_000
# Of a text's words the rarest are looked up, until so many groups were seen, and those that share most compared.
_MOST_SEEN: Final = 300
_MOST_COMPARED: Final = 8


class _Group(Struct):
    """Texts that are alike: the first of them, and how many conversations wrote one."""

    opening: Opening
    shown: str
    conversations: int


def propose(
    first_words: Iterable[str], campaigns: Iterable[Campaign], *, at_least: int, limit: int
) -> tuple[CampaignProposal, ...]:
    """Return the openings that at least so many conversations share, most first; greetings alone are none."""
    groups = _Groups()
    for text, count in sorted(Counter(first_words).items(), key=lambda one: (-one[1], one[0])):
        groups.add(text, count)
    matcher = CampaignMatcher(campaigns)
    found = [
        CampaignProposal(one.shown, one.conversations)
        for one in groups.groups
        if one.conversations >= at_least and matcher.origin_of(one.shown) is None
    ]
    return tuple(sorted(found, key=lambda one: (-one.conversations, one.opening))[:limit])


class _Groups:
    """Groups found by the words they share: a text is compared with those few that share most, not with all."""

    def __init__(self) -> None:
        self.groups: list[_Group] = []
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)

    def add(self, text: str, conversations: int) -> None:
        """Count a text with the group it is like, or make it the first of one while there is room."""
        opening = opening_of(text)
        if len(opening.words) < _LEAST_WORDS:
            return
        group = next((one for one in self._nearest(opening) if likeness(opening, one.opening) >= ALIKE), None)
        if group is not None:
            group.conversations += conversations
        elif len(self.groups) < _MOST_GROUPS:
            for word in set(opening.words):
                self._by_word[word].append(len(self.groups))
            self.groups.append(_Group(opening, text, conversations))

    def _nearest(self, opening: Opening) -> Iterator[_Group]:
        """Yield the groups that share most of the rarest words."""
        known = (self._by_word[word] for word in dict.fromkeys(opening.words) if word in self._by_word)
        sharing: Counter[int] = Counter()
        for places in sorted(known, key=len):
            if sharing.total() > _MOST_SEEN:
                break
            sharing.update(places)
        yield from (self.groups[place] for place, _ in sharing.most_common(_MOST_COMPARED))
