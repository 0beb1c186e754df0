"""Operations on devices."""

from __future__ import annotations

from fastapi import APIRouter, Response

from veilleur.api import answers
from veilleur.api.admission import ReaderScope
from veilleur.api.context import Context
from veilleur.api.parameters import DeviceName
from veilleur.api.problems import Problem, ProblemKind, Refusal
from veilleur.api.writing import json_answer, listing_fields
from veilleur.model.wire import device_fields, health_fields
from veilleur.store import devices as stored
from veilleur.store.coverage import completeness
from veilleur.store.device_health import read_device_health


def device_router() -> APIRouter:
    """Return the operations on devices."""
    router = APIRouter(tags=["devices"])
    router.add_api_route("/devices", list_devices, summary="List devices", response_model=answers.DeviceList)
    router.add_api_route(
        "/devices/{name}", read_device, summary="Read how a device is", response_model=answers.DeviceHealth
    )
    return router


def list_devices(context: Context, scope: ReaderScope) -> Response:
    """Answer with every device of the project: those paired, and those only heard of."""
    rows = [device_fields(device) for device in stored.list_devices(context.database, scope)]
    return json_answer(listing_fields("devices", rows, completeness(context.database, scope)))


def read_device(context: Context, scope: ReaderScope, name: DeviceName) -> Response:
    """Answer with a device's health: when it was last heard, its spool, listener, battery, configuration and alarms."""
    health = read_device_health(context.database, scope, name)
    if health is None:
        raise Refusal(Problem(kind=ProblemKind.NOT_FOUND, detail="There is no device of this name."))
    return json_answer(health_fields(health))
