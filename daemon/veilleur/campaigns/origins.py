"""How conversations began, told as mentions are read: nothing of it is stored, so no order of arrival can matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

from msgspec import structs

from veilleur.campaigns.likeness import ALIKE, Opening, likeness, opening_of
from veilleur.model.campaign import Campaign, Origin
from veilleur.model.mention import Mention
from veilleur.model.scope import Scope
from veilleur.store.campaigns import list_campaigns
from veilleur.store.openings import ConversationKey, Place, first_words
from veilleur.store.snapshot import Readable

_CLEARLY_LIKER: Final = 0.03


class Origins:
    """Tells origins for one reader; each conversation is looked up once, so make one for each answer."""

    def __init__(self, database: Readable, scope: Scope) -> None:
        self._database = database
        self._scope = scope
        self._known: dict[ConversationKey, Origin | None] = {}

    def told(self, mentions: Iterable[Mention]) -> Iterator[Mention]:
        """Yield the mentions, those of a conversation that a campaign began with its origin."""
        for mention in mentions:
            origin = self._origin(mention)
            yield mention if origin is None else structs.replace(mention, origin=origin)

    @cached_property
    def _campaigns(self) -> CampaignMatcher:
        return CampaignMatcher(list_campaigns(self._database, self._scope))

    def _origin(self, mention: Mention) -> Origin | None:
        conversation = mention.conversation
        if conversation is None or conversation.is_group or not self._campaigns.has_any:
            return None
        key = ConversationKey(
            mention.platform, Place(mention.device, mention.package, conversation.id), conversation.title
        )
        if key not in self._known:
            words = first_words(self._database, self._scope, key)
            self._known[key] = self._campaigns.origin_of(words) if words else None
        return self._known[key]


class CampaignMatcher:
    """Knows the openings of a project's campaigns."""

    def __init__(self, campaigns: Iterable[Campaign]) -> None:
        self._openings: list[tuple[Campaign, list[Opening]]] = [
            (campaign, [opening_of(text) for text in campaign.openings]) for campaign in campaigns
        ]

    @property
    def has_any(self) -> bool:
        return bool(self._openings)

    def origin_of(self, words: str) -> Origin | None:
        """Return the campaign whose opening these words are; None where none is, or two are as likely."""
        message = opening_of(words)
        ranked = sorted(
            (
                (max((likeness(message, one) for one in openings), default=0.0), campaign.name, campaign)
                for campaign, openings in self._openings
            ),
            key=lambda ranked_one: (-ranked_one[0], ranked_one[1]),
        )
        if not ranked or ranked[0][0] < ALIKE:
            return None
        if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _CLEARLY_LIKER:
            return None
        score, name, best = ranked[0]
        return Origin(best.kind, name, round(score, 2))
