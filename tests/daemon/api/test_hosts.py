"""A request that names a host which is not ours is refused, and nothing it named is printed."""

from __future__ import annotations

import pytest
from starlette.types import ASGIApp

from tests.daemon.api.asking import Asker, send_raw
from tests.daemon.api.story import NOW, READY
from veilleur.api.application import create_api
from veilleur.api.hosts import LOOPBACK_NAMES
from veilleur.store.database import Database


@pytest.fixture
def named_api(database: Database) -> ASGIApp:
    """Give the API of a server that also goes by a name of its own."""
    names = LOOPBACK_NAMES | {"tablets.example"}
    return create_api(database, clock=lambda: NOW, readiness=lambda: READY, version="0.0.1", host_names=names)


@pytest.mark.privacy
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8787", "127.0.0.1.evil.example", "[::1]evil.example", "localhost@evil", ""]
)
@pytest.mark.parametrize(
    ("path", "media_type"), [("/api/v1/mentions", "application/problem+json"), ("/docs", "text/plain; charset=utf-8")]
)
def test_a_foreign_host_gets_421(named_api: ASGIApp, path: str, media_type: str, host: str) -> None:
    answer = Asker(named_api, headers={"Host": host}).ask(path)

    assert (answer.status_code, answer.headers["Content-Type"]) == (421, media_type)
    assert "VEILLEUR_HTTP_NAMES" in answer.text
    assert "evil" not in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8787", "localhost.", "127.0.0.1:1", "[::1]:8787", "[::1]", "Tablets.Example:443"]
)
def test_each_name_of_ours_is_answered_whatever_its_port(named_api: ASGIApp, host: str) -> None:
    assert Asker(named_api, headers={"Host": host}).ask("/healthz").status_code == 200


def test_the_address_that_the_connection_came_to_is_ours_and_no_name_beside_it_helps(named_api: ASGIApp) -> None:
    def status(*hosts: bytes) -> int:
        return send_raw(named_api, "/healthz", b"", [(b"host", host) for host in hosts], server="192.0.2.7")[0]

    assert status(b"192.0.2.7:8787") == 200
    assert status(b"192.0.2.8:8787") == 421
    assert status(b"192.0.2.7", b"evil.example") == 421
    assert status() == 200, "HTTP/1.0 need not name a host; a browser always does"
