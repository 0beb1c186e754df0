"""Operations on deliveries: what was sent, what waits, and sending again what was given up."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from veilleur.api import delivery_shapes as shapes
from veilleur.api.admission import AdminScope
from veilleur.api.context import Context
from veilleur.api.parameters import FIRST_ROWS, Limit
from veilleur.api.writing import json_answer
from veilleur.model.delivery import DeliveryId, DeliveryState
from veilleur.model.watch import LONGEST_NAME
from veilleur.model.wire import delivery_fields
from veilleur.store import deliveries as stored
from veilleur.store.deliveries import page_deliveries
from veilleur.store.sealed_cursors import CURSOR_PATTERN

_State = Annotated[DeliveryState | None, Query(description="Those of this state alone.")]
_Receiver = Annotated[str | None, Query(max_length=LONGEST_NAME, description="Those to this receiver alone.")]
_Cursor = Annotated[
    str | None, Query(pattern=CURSOR_PATTERN, description="The `next_cursor` of an earlier answer: what comes after.")
]


def delivery_router() -> APIRouter:
    """Return the operations on deliveries."""
    router = APIRouter(tags=["receivers"])
    router.add_api_route("/deliveries", list_deliveries, summary="List deliveries", response_model=shapes.DeliveryPage)
    router.add_api_route(
        "/deliveries/retry",
        retry_deliveries,
        methods=["POST"],
        summary="Send again what was given up",
        response_model=shapes.Queued,
    )
    return router


def list_deliveries(  # noqa: PLR0913 - an operation's parameters
    context: Context,
    scope: AdminScope,
    *,
    state: _State = None,
    receiver: _Receiver = None,
    limit: Limit = FIRST_ROWS,
    cursor: _Cursor = None,
) -> Response:
    """Answer with what was sent and what waits, the newest first, and each attempt; needs the scope `admin`.

    The words of a message are not in it. What ended is listed for 90 days.
    """
    page = page_deliveries(context.database, scope, limit=limit, cursor=cursor, state=state, receiver=receiver)
    rows = [delivery_fields(one) for one in page.deliveries]
    return json_answer({"deliveries": rows, "next_cursor": page.next_cursor})


def retry_deliveries(context: Context, scope: AdminScope, body: shapes.RetryShape) -> Response:
    """Send one delivery, or every one that was given up, anew; its id stays. Needs the scope `admin`."""
    delivery_id = None if body.delivery_id is None else DeliveryId(body.delivery_id)
    return json_answer({"count": stored.retry_deliveries(context.database, scope, delivery_id, now=context.clock())})
