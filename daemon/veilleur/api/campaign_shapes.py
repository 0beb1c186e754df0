"""The shapes of campaigns, as they are sent and answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from veilleur.api.answer_parts import Answer
from veilleur.model.campaign import LONGEST_NAME, LONGEST_OPENING, CampaignKind

_MOST_OPENINGS: Final = 1_000

_Opening = Annotated[str, Field(min_length=1, max_length=LONGEST_OPENING)]


class CampaignShape(BaseModel):
    """A campaign as it should be: `openings` take the place of those it has."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    kind: CampaignKind = CampaignKind.AD
    openings: Annotated[list[_Opening], Field(min_length=1, max_length=_MOST_OPENINGS)]
    """The texts that it fills in."""
    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)] | None = None
    """Another name than the one it has."""


class Campaign(Answer):
    """What invites people to write, with the texts that it fills in for them."""

    name: str
    project: str
    kind: CampaignKind
    openings: list[str]
    created_at: datetime


class CampaignList(Answer):
    """Every campaign of the project, by name."""

    campaigns: list[Campaign]


class CampaignProposal(Answer):
    """An opening that many conversations share and no campaign knows."""

    opening: str
    conversations: int


class CampaignProposals(Answer):
    """Most shared first."""

    proposals: list[CampaignProposal]
