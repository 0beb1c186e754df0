"""The campaigns of a server."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from veilleur.client.errors import Conflict
from veilleur.client.transport import Transport, segment
from veilleur.model.campaign import Campaign, CampaignKind, CampaignProposal


class _Campaigns(Struct, frozen=True):
    campaigns: tuple[Campaign, ...]


class _Proposals(Struct, frozen=True):
    proposals: tuple[CampaignProposal, ...]


class Campaigns:
    """Operations on campaigns."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def every(self) -> Sequence[Campaign]:
        """Return every campaign of the project by name."""
        return self._transport.read("/campaigns", _Campaigns).campaigns

    def find(self, name: str) -> Campaign | None:
        """Return the campaign of this name."""
        return self._transport.find(f"/campaigns/{segment(name)}", Campaign)

    def save(self, name: str, kind: CampaignKind, openings: Sequence[str], *, new_name: str | None = None) -> bool:
        """Make a campaign or put this in its place; False where another has the new name."""
        body = {"kind": kind.value, "openings": list(openings)} | ({} if new_name is None else {"name": new_name})
        try:
            self._transport.write("PUT", f"/campaigns/{segment(name)}", Campaign, body)
        except Conflict:
            return False
        return True

    def remove(self, name: str) -> bool:
        """Take a campaign out; False where there is none."""
        return self._transport.change("DELETE", f"/campaigns/{segment(name)}", Campaign) is not None

    def propose(self, *, at_least: int = 5) -> Sequence[CampaignProposal]:
        """Return openings that so many conversations share and no campaign knows."""
        return self._transport.read("/campaign-proposals", _Proposals, at_least=at_least).proposals
