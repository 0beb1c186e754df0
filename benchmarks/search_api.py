"""The first page of a search over HTTP: `veilleur serve` in a process of its own, asked by eight clients at once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count, islice
from typing import Final
from urllib.parse import urlencode

import httpx
import psutil
from msgspec import Struct

from benchmarks.http_clients import ask_all
from tests.servers.ports import free_port
from veilleur.model.scope import Scope, TokenScope
from veilleur.store.database import Database
from veilleur.store.tokens import create_token

_CLIENTS: Final = 8
_WARMING: Final = 100
_WARM_S: Final = 8.0
_WARM_WITHIN_S: Final = 20.0
_READY_WITHIN_S: Final = 120
_SERVE: Final = "from veilleur.cli.entry import main; main()"


class Answered(Struct, frozen=True):
    """How many milliseconds each request took its client, and how many of CPU time one took the server."""

    took_ms: Sequence[float]
    server_cpu_ms: float


def measure_api(database: Database, questions: Sequence[Sequence[str]]) -> list[Answered]:
    """Ask for the first page of each question, all clients at once, and of each list of questions in its turn."""
    scopes = (TokenScope.READ_MENTIONS, TokenScope.READ_PRIVATE)
    now = datetime.now(UTC)
    _, secret = create_token(database, Scope(), f"benchmark {now:%H:%M:%S.%f}", scopes, now=now)
    port = free_port()
    folder = {} if database.path is None else {"VEILLEUR_DATA_DIR": str(database.path.parent)}
    settings = folder | {"VEILLEUR_DATABASE_URL": str(database.url), "VEILLEUR_HTTP_PORT": str(port)}
    command = [sys.executable, "-c", _SERVE, "serve"]
    with subprocess.Popen(command, env=os.environ | settings, stderr=subprocess.DEVNULL) as server:
        try:
            _await(f"http://127.0.0.1:{port}")
            _warm(server.pid, port, secret)
            return [_answered(server.pid, port, secret, some) for some in questions]
        finally:
            server.terminate()


def _warm(pid: int, port: int, secret: str) -> None:
    """Ask until the server has started the processes that it answers many at once with, and they have had their time.

    Every one another question: what is answered from memory is no work for them.
    """
    questions = (f"#tag{number % 1_000} NOT #other{number}" for number in count())
    began_s = time.monotonic()
    while time.monotonic() - began_s < (_WARM_S if psutil.Process(pid).children() else _WARM_WITHIN_S):
        ask_all(port, secret, map(_path, islice(questions, _WARMING)), _CLIENTS)


def _answered(pid: int, port: int, secret: str, questions: Sequence[str]) -> Answered:
    begun_s = _cpu_s(pid)
    took = ask_all(port, secret, map(_path, questions), _CLIENTS)
    return Answered(took, (_cpu_s(pid) - begun_s) / len(questions) * 1e3)


def _path(question: str) -> str:
    return f"/api/v1/mentions?{urlencode({'q': question})}"


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
