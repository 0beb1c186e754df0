"""How campaigns and proposals of campaigns are listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from rich.table import Table

from veilleur.cli.output.listing import Listing
from veilleur.cli.output.tables import bare_table, cell
from veilleur.model.campaign import Campaign, CampaignProposal
from veilleur.model.wire import campaign_fields, proposal_fields


def campaign_table(campaigns: Sequence[Campaign], _zone: tzinfo, _width: int) -> Table:
    """Draw campaigns, an opening on each line."""
    table = bare_table()
    for header in ("Name", "Kind", "Openings"):
        table.add_column(header, overflow="fold")
    for campaign in campaigns:
        table.add_row(cell(campaign.name), campaign.kind.value, cell(" · ".join(campaign.openings)))
    return table


def proposal_table(proposals: Sequence[CampaignProposal], _zone: tzinfo, _width: int) -> Table:
    """Draw openings with how many conversations share them."""
    table = bare_table()
    table.add_column("Conversations", justify="right")
    table.add_column("Opening", overflow="fold")
    for proposal in proposals:
        table.add_row(f"{proposal.conversations:,}", cell(proposal.opening))
    return table


CAMPAIGNS: Final = Listing(
    "campaigns", campaign_fields, ("name", "kind", "openings", "created_at", "project"), campaign_table
)
PROPOSALS: Final = Listing("proposals", proposal_fields, ("opening", "conversations"), proposal_table)
