"""Styles, scripts and pictures: each under an address that holds its checksum, so that browsers keep it for good."""

from __future__ import annotations

import gzip
from hashlib import sha256
from importlib.resources import files
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

_PREFIX: Final = "/static"
_FOREVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
_MEDIA_TYPES: Final = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_GZIP: Final = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}


class StaticFiles:
    """The files of `static/`, read once and packed once."""

    def __init__(self) -> None:
        folder = files("veilleur.dashboard") / "static"
        content = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        self._paths = {name: f"{_PREFIX}/{sha256(raw).hexdigest()[:16]}/{name}" for name, raw in content.items()}
        self._content = {self._paths[name]: (name, raw, gzip.compress(raw, mtime=0)) for name, raw in content.items()}

    def path(self, name: str) -> str:
        """Return the address of a file."""
        return self._paths[name]

    def router(self) -> APIRouter:
        """Return the route to all of them."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route(_PREFIX + "/{checksum}/{name}", self.show, methods=["GET", "HEAD"])
        return router

    async def show(self, request: Request) -> Response:
        """Answer with a file; one of another release is not there."""
        found = self._content.get(request.url.path)
        if found is None:
            raise HTTPException(404)
        name, raw, packed = found
        media_type = _MEDIA_TYPES[name.rpartition(".")[2]]
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            return Response(packed, headers=_FOREVER | _GZIP, media_type=media_type)
        return Response(raw, headers=_FOREVER, media_type=media_type)
