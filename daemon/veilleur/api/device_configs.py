"""Operations on a device's configuration: read what is asked of it, and ask for something else."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Response

from veilleur.api import config_shapes
from veilleur.api.admission import AdminScope, ConfigReaderScope
from veilleur.api.context import Context
from veilleur.api.parameters import DeviceName
from veilleur.api.problems import Problem, ProblemKind, Refusal
from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.device_configs import config_before, newest_config, save_config
from veilleur_bridge.wire.config import DeviceConfig, read_config, write_config

_MEDIA_TYPE = "application/json"


def device_config_router() -> APIRouter:
    """Return the operations on configurations."""
    router = APIRouter(tags=["devices"])
    path, shape = "/devices/{name}/config", config_shapes.DeviceConfig
    router.add_api_route(path, read_device_config, summary="Read what a device captures", response_model=shape)
    router.add_api_route(
        f"{path}/previous", read_previous_config, summary="Read what a device captured before", response_model=shape
    )
    router.add_api_route(
        path, write_device_config, methods=["PUT"], summary="Choose what a device captures", response_model=shape
    )
    return router


def read_device_config(context: Context, scope: ConfigReaderScope, name: DeviceName) -> Response:
    """Answer with the configuration that is asked of a device; whether it goes by it, `/devices/{name}` says."""
    newest = newest_config(context.database, scope, name)
    if newest is None:
        raise _absent(
            "There is no such device, or nothing is asked of it yet: it gets its first with its first status."
        )
    return _written(newest.config)


def read_previous_config(context: Context, scope: ConfigReaderScope, name: DeviceName) -> Response:
    """Answer with what was asked of a device before its newest configuration: sent again, it takes that back."""
    before = config_before(context.database, scope, name)
    if before is None:
        raise _absent("There is no such device, or nothing was asked of it before.")
    return _written(before.config)


def write_device_config(
    context: Context, scope: AdminScope, name: DeviceName, body: config_shapes.DeviceConfig
) -> Response:
    """Ask for this configuration as the next revision, and answer with it; needs the scope `admin`.

    With `revision` it is refused where another came between.
    """
    asked = _read(body, body.revision or _newest_revision(context.database, scope, name))
    stored = save_config(context.database, scope, name, asked, now=context.clock())
    if stored is None:
        raise _absent("There is no such device.")
    return _written(stored.config)


def _newest_revision(database: Database, scope: Scope, name: str) -> int:
    newest = newest_config(database, scope, name)
    return 0 if newest is None else newest.config.revision


def _read(body: config_shapes.DeviceConfig, revision: int) -> DeviceConfig:
    text = body.model_copy(update={"v": 1, "revision": max(revision, 1), "issued_at": None})
    config = read_config(text.model_dump_json(exclude_none=True).encode())
    if config is None:
        detail = "body: a text of it cannot be written (U+0000, or half of a character), or all is too long."
        raise Refusal(Problem(kind=ProblemKind.WRONG_PARAMETER, detail=detail))
    return replace(config, revision=revision)


def _written(config: DeviceConfig) -> Response:
    return Response(write_config(config), media_type=_MEDIA_TYPE)


def _absent(detail: str) -> Refusal:
    return Refusal(Problem(kind=ProblemKind.NOT_FOUND, detail=detail))
