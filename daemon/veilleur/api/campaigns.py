"""Operations on campaigns: what they are, which openings tell them, and which may be missing."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Response

from veilleur.api import campaign_shapes as shapes
from veilleur.api.admission import AdminScope, ReaderScope
from veilleur.api.context import Context
from veilleur.api.problems import Problem, ProblemKind, Refusal
from veilleur.api.writing import json_answer
from veilleur.campaigns.proposing import propose
from veilleur.model.campaign import LONGEST_NAME, Campaign
from veilleur.model.scope import Scope
from veilleur.model.wire import campaign_fields, proposal_fields
from veilleur.store import campaigns as stored
from veilleur.store.database import Database
from veilleur.store.openings import every_first_words

_MOST_PROPOSALS: Final = 50
_USUAL_LEAST: Final = 5

CampaignName = Annotated[
    str,
    Path(
        min_length=1,
        max_length=LONGEST_NAME,
        description="A campaign's name.",
        openapi_examples={"campaign": {"value": "brunch"}},
    ),
]
_AtLeast = Annotated[int, Query(ge=2, le=1_000_000, description="How many conversations share it at least.")]


def campaign_router() -> APIRouter:
    """Return the operations on campaigns."""
    router = APIRouter(tags=["campaigns"])
    one, shape = "/campaigns/{name}", shapes.Campaign
    router.add_api_route("/campaigns", list_campaigns, summary="List campaigns", response_model=shapes.CampaignList)
    router.add_api_route(
        "/campaign-proposals",
        propose_campaigns,
        summary="Openings that many share",
        response_model=shapes.CampaignProposals,
    )
    router.add_api_route(one, read_campaign, summary="Read one campaign", response_model=shape)
    router.add_api_route(
        one, write_campaign, methods=["PUT"], summary="Make or change a campaign", response_model=shape
    )
    router.add_api_route(one, remove_campaign, methods=["DELETE"], summary="Remove a campaign", response_model=shape)
    return router


def list_campaigns(context: Context, scope: ReaderScope) -> Response:
    """Answer with every campaign of the project."""
    rows = [campaign_fields(one) for one in stored.list_campaigns(context.database, scope)]
    return json_answer({"campaigns": rows})


def propose_campaigns(context: Context, scope: ReaderScope, at_least: _AtLeast = _USUAL_LEAST) -> Response:
    """Answer with openings that many conversations share and no campaign knows; they are private messages' words."""
    known = stored.list_campaigns(context.database, scope)
    written = every_first_words(context.database, scope)
    found = propose(written, known, at_least=at_least, limit=_MOST_PROPOSALS)
    return json_answer({"proposals": [proposal_fields(one) for one in found]})


def read_campaign(context: Context, scope: ReaderScope, name: CampaignName) -> Response:
    """Answer with one campaign."""
    return json_answer(campaign_fields(_found(context.database, scope, name)))


def write_campaign(context: Context, scope: AdminScope, name: CampaignName, body: shapes.CampaignShape) -> Response:
    """Make a campaign or put this in its place, and answer with it; needs the scope `admin`."""
    new_name, texts = body.name or name, tuple(body.openings)
    if not stored.save_campaign(
        context.database, scope, name, body.kind, texts, now=context.clock(), new_name=new_name
    ):
        raise Refusal(Problem(kind=ProblemKind.CONFLICT, detail="Another campaign has this name already."))
    return json_answer(campaign_fields(_found(context.database, scope, new_name)))


def remove_campaign(context: Context, scope: AdminScope, name: CampaignName) -> Response:
    """Take a campaign out and answer with what it was; needs the scope `admin`."""
    gone = _found(context.database, scope, name)
    stored.remove_campaign(context.database, scope, name)
    return json_answer(campaign_fields(gone))


def _found(database: Database, scope: Scope, name: str) -> Campaign:
    campaign = stored.find_campaign(database, scope, name)
    if campaign is None:
        raise Refusal(Problem(kind=ProblemKind.NOT_FOUND, detail="There is no campaign of this name."))
    return campaign
