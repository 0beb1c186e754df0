"""Operations on devices."""

from __future__ import annotations

from fastapi import APIRouter, Response

from veilleur.api import answers
from veilleur.api.admission import ReaderScope
from veilleur.api.context import Context
from veilleur.api.writing import json_answer, listing_fields
from veilleur.model.wire import device_fields
from veilleur.store import devices as stored


def device_router() -> APIRouter:
    """Return the operations on devices."""
    router = APIRouter(tags=["devices"])
    router.add_api_route("/devices", list_devices, summary="List devices", response_model=answers.DeviceList)
    return router


def list_devices(context: Context, scope: ReaderScope) -> Response:
    """Answer with every device of the project: those paired, and those only heard of."""
    rows = [device_fields(device) for device in stored.list_devices(context.database, scope)]
    return json_answer(listing_fields("devices", rows))
