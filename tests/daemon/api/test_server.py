"""The API behind a real server, over a real connection."""

from __future__ import annotations

import socket
from contextlib import suppress

import httpx

from tests.daemon.api.story import NOW, PUBLIC_WORDS, make_token
from veilleur.model.scope import Scope, TokenScope
from veilleur.store.database import Database
from veilleur.store.tokens import list_tokens, revoke_token


def test_a_reader_reads_until_its_token_is_revoked(address: str, database: Database) -> None:
    secret = make_token(database, TokenScope.READ_MENTIONS)
    with httpx.Client(base_url=address, auth=("anyone", secret), timeout=60) as client:
        found = client.get("/api/v1/mentions", params={"q": "#pouletrose"})
        assert [mention["body"] for mention in found.json()["mentions"]] == [PUBLIC_WORDS]

        revoke_token(database, Scope(), list_tokens(database, Scope())[-1].id, now=NOW)

        assert client.get("/api/v1/mentions").status_code == 401


def test_what_the_server_itself_refuses_is_no_failure(address: str) -> None:
    with httpx.Client(base_url=address, timeout=60) as client:
        assert client.get("/readyz").json()["is_ready"]
        assert client.get("/api/v1/mentions", params={"q": "a" * 60_000}).status_code == 401
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        # Refused and hung up on before it is all sent, where the server is the quicker one.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(b"GET /api/v1/mentions?q=" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(12) in {b"HTTP/1.1 400", b"HTTP/1.1 414", b"HTTP/1.1 421"}
