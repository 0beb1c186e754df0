"""A browser without a window: it keeps cookies, and sends forms with what the page before held."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

import httpx
from fastapi import FastAPI

from tests.daemon.api.story import READY
from veilleur.dashboard.operations import ProposedPattern, Refused
from veilleur.dashboard.pages import install_pages
from veilleur.delivery.keeping import Outgoing
from veilleur.model.people import Role, Standing
from veilleur.model.readiness import Readiness
from veilleur.model.scope import DEFAULT_PROJECT, Scope
from veilleur.store.database import Database
from veilleur.store.invitations import accept_invitation, invite_person
from veilleur.store.passwords import hash_password
from veilleur.store.people import add_person

PASSWORD = "quatre mots bien choisis"
NAME = "Nadia"
_FORM_FIELD = re.compile(r'name="csrf" value="([0-9a-f]+)"')


@dataclass(slots=True)
class RecordedOperations:
    """Notes what pages set going; refuses everything where `refusal` says why."""

    done: list[tuple[object, ...]] = field(default_factory=list)
    proposals: Sequence[ProposedPattern] = ()
    refusal: str | None = None

    def pair(self, scope: Scope, device: str, *, over_usb: bool, opens_network: bool) -> str:
        self._note("pair", scope.project, device, over_usb, opens_network)
        return "/pair/abc"

    def play_sample(self) -> None:
        self._note("play_sample")

    def proposed_patterns(self, scope: Scope) -> Sequence[ProposedPattern]:
        return self.proposals if scope.project == DEFAULT_PROJECT else ()

    def accept_pattern(self, scope: Scope, key: str) -> None:
        self._note("accept_pattern", scope.project, key)

    def _note(self, *done: object) -> None:
        if self.refusal is not None:
            raise Refused(self.refusal)
        self.done.append(done)


@dataclass(slots=True)
class Clock:
    """A clock that a test moves: wall time, and seconds since some instant."""

    at: datetime = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    seconds: float = 0.0

    def __call__(self) -> datetime:
        return self.at

    def elapsed_s(self) -> float:
        return self.seconds


@dataclass(slots=True)
class Browser:
    """One browser at one application; `csrf` is of the last page that held a form."""

    app: FastAPI
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""
    base_url: str = "http://veilleur.test"

    def get(self, path: str, /, **parameters: str) -> httpx.Response:
        answer = self._send("GET", path, parameters=parameters)
        found = _FORM_FIELD.search(answer.text)
        self.csrf = found[1] if found else self.csrf
        return answer

    def get_part(self, path: str, /) -> httpx.Response:
        """Ask as a page does for a part of itself."""
        return self._send("GET", path, headers={"HX-Request": "true"})

    def post(self, path: str, headers: dict[str, str] | None = None, /, **fields: str) -> httpx.Response:
        body = urlencode({"csrf": self.csrf} | fields).encode()
        return self._send("POST", path, body=body, headers=headers)

    def upload(self, path: str, kind: str, body: bytes) -> httpx.Response:
        """Send a form of another kind, which holds what belongs to it."""
        return self._send("POST", path, body=body, headers={"Content-Type": kind})

    def sign_in(self, name: str = NAME, password: str = PASSWORD) -> httpx.Response:
        answer = self.post("/sign-in", name=name, password=password)
        self.get("/")
        return answer

    def _send(
        self,
        method: str,
        path: str,
        *,
        parameters: dict[str, str] | None = None,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        return asyncio.run(self._ask(method, path, parameters, body, self.headers | (headers or {})))

    async def _ask(
        self, method: str, path: str, parameters: dict[str, str] | None, body: bytes | None, headers: dict[str, str]
    ) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url=self.base_url, cookies=self.cookies) as client:
            answer = await client.request(method, path, params=parameters or None, content=body, headers=headers)
        self.cookies |= dict(answer.cookies)
        return answer


def pages_of(
    database: Database,
    *,
    operations: RecordedOperations | None = None,
    readiness: Readiness = READY,
    clock: Clock | None = None,
    outgoing: Outgoing | None = None,
) -> FastAPI:
    """Return an application with the pages alone."""
    app = FastAPI()
    time = clock or Clock()
    install_pages(
        app,
        database,
        readiness=lambda: readiness,
        operations=operations or RecordedOperations(),
        version="0.0.1",
        program=".venv/bin/veilleur",
        clock=time,
        elapsed_s=time.elapsed_s,
        outgoing=outgoing,
    )
    return app


def person_in(
    database: Database,
    role: Role = Role.ADMIN,
    *,
    reads_private: bool = True,
    name: str = NAME,
    project: str = DEFAULT_PROJECT,
) -> None:
    """Add a person who has chosen their password."""
    now, scope = Clock().at, Scope(project)
    add_person(database, scope, name, Standing(role, may_read_private=reads_private), now=now)
    secret = invite_person(database, scope, name, now=now)
    assert secret is not None
    accept_invitation(database, secret, name, hash_password(PASSWORD), now=now)
