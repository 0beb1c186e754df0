"""Which host a request may name: a page elsewhere whose own name leads here (DNS rebinding) gets no answer."""

from __future__ import annotations

import re
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from typing import Final

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from veilleur.api.problems import Problem, ProblemKind, problem_answer

LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""The names that lead to this machine from this machine alone."""

_HOST: Final = re.compile(r"(?:\[(?P<bracketed>[0-9a-f:.]+)\]|(?P<name>[^:\[\]]+?)\.?)(?::\d*)?")
_FOR_PROGRAMS: Final = ("/api/", "/healthz", "/readyz", "/openapi.json")
_ADVICE: Final = (
    "This server does not go by the host name of this request: ask it by its address, "
    "or give the name to VEILLEUR_HTTP_NAMES where it runs."
)


class KnownHosts:
    """ASGI middleware: answers 421 unless every Host header names one of `names` or the address that was called."""

    def __init__(self, app: ASGIApp, names: frozenset[str]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_known = scope["type"] != "http" or self._knows(scope)
        await (self._app if is_known else _refusal(scope["path"]))(scope, receive, send)

    def _knows(self, scope: Scope) -> bool:
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        ours = self._names | _called_address(scope)
        return all(_name_in(host) in ours for host in hosts)


def _name_in(host: str) -> str | None:
    found = _HOST.fullmatch(host.strip().lower())
    return found and (found["bracketed"] or found["name"])


def _called_address(scope: Scope) -> frozenset[str]:
    try:
        address = ip_address((scope.get("server") or ("",))[0])
    except ValueError:
        return frozenset()
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return frozenset({str(mapped or address)})


def _refusal(path: str) -> ASGIApp:
    if path.startswith(_FOR_PROGRAMS):
        return problem_answer(Problem(kind=ProblemKind.WRONG_HOST, detail=_ADVICE))
    return PlainTextResponse(f"{_ADVICE}\n", HTTPStatus.MISDIRECTED_REQUEST)
