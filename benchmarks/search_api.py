"""The first page of a search over HTTP: `veilleur serve` in a process of its own, asked by eight clients at once.

The clients are the standard library's: a heavier one would measure itself, on a machine of two cores.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Final
from urllib.parse import urlencode

import httpx
import psutil
from msgspec import Struct

from tests.servers.ports import free_port
from veilleur.model.scope import Scope, TokenScope
from veilleur.store.database import Database
from veilleur.store.tokens import create_token

_CLIENTS: Final = 8
_REQUESTS: Final = 100
_READY_WITHIN_S: Final = 30
_SERVE: Final = "from veilleur.cli.entry import main; main()"


class Answered(Struct, frozen=True):
    """How many milliseconds each request took its client, and how many of CPU time one took the server."""

    took_ms: list[float]
    server_cpu_ms: float


def measure_api(database: Database, query: str) -> Answered:
    """Ask for the first page again and again, all clients at once."""
    scopes = (TokenScope.READ_MENTIONS, TokenScope.READ_PRIVATE)
    now = datetime.now(UTC)
    _, secret = create_token(database, Scope(), f"benchmark {now:%H:%M:%S.%f}", scopes, now=now)
    port = free_port()
    folder = {} if database.path is None else {"VEILLEUR_DATA_DIR": str(database.path.parent)}
    settings = folder | {"VEILLEUR_DATABASE_URL": str(database.url), "VEILLEUR_HTTP_PORT": str(port)}
    command = [sys.executable, "-c", _SERVE, "serve"]
    with subprocess.Popen(command, env=os.environ | settings, stderr=subprocess.DEVNULL) as server:
        try:
            base = f"http://127.0.0.1:{port}"
            _await(base)
            begun_s = _cpu_s(server.pid)
            with ThreadPoolExecutor(_CLIENTS) as clients:
                every = list(clients.map(lambda _: _asked(port, secret, query), range(_CLIENTS)))
            cpu_ms = (_cpu_s(server.pid) - begun_s) / (_CLIENTS * _REQUESTS) * 1e3
            return Answered([took for one in every for took in one], cpu_ms)
        finally:
            server.terminate()


def _cpu_s(pid: int) -> float:
    """Return how much CPU time a process and those that it started have used."""
    server = psutil.Process(pid)
    used = [one.cpu_times() for one in (server, *server.children(recursive=True))]
    return sum(one.user + one.system for one in used)


def _await(base: str) -> None:
    deadline = time.monotonic() + _READY_WITHIN_S
    while True:
        try:
            httpx.get(f"{base}/healthz").raise_for_status()
        except httpx.HTTPError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def _asked(port: int, secret: str, query: str) -> list[float]:
    took: list[float] = []
    path = f"/api/v1/mentions?{urlencode({'q': query})}"
    with closing(HTTPConnection("127.0.0.1", port)) as server:
        for _ in range(_REQUESTS):
            begun = time.perf_counter()
            server.request("GET", path, headers={"Authorization": f"Bearer {secret}"})
            answer = server.getresponse()
            answer.read()
            if answer.status != HTTPStatus.OK:
                message = f"{path} was answered {answer.status}"
                raise RuntimeError(message)
            took.append((time.perf_counter() - begun) * 1e3)
    return took[1:]
