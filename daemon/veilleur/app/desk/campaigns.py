"""Campaigns from the database here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from veilleur.app.clock import utc_now
from veilleur.campaigns.proposing import propose
from veilleur.model.campaign import Campaign, CampaignKind, CampaignProposal
from veilleur.model.scope import Scope
from veilleur.store import campaigns as stored
from veilleur.store.database import Database
from veilleur.store.openings import every_first_words

_MOST_PROPOSALS: Final = 50


class LocalCampaigns:
    """Answers `CampaignDesk`."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._database = database
        self._scope = scope

    def every(self) -> Sequence[Campaign]:
        return stored.list_campaigns(self._database, self._scope)

    def find(self, name: str) -> Campaign | None:
        return stored.find_campaign(self._database, self._scope, name)

    def save(self, name: str, kind: CampaignKind, openings: Sequence[str], *, new_name: str | None = None) -> bool:
        return stored.save_campaign(
            self._database, self._scope, name, kind, tuple(openings), now=utc_now(), new_name=new_name
        )

    def remove(self, name: str) -> bool:
        return stored.remove_campaign(self._database, self._scope, name)

    def propose(self, *, at_least: int) -> Sequence[CampaignProposal]:
        written = every_first_words(self._database, self._scope)
        return propose(written, self.every(), at_least=at_least, limit=_MOST_PROPOSALS)
