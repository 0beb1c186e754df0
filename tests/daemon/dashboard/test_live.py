"""The events of the stream over a real connection; what a browser makes of them is in tests/browser."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from tests.daemon.dashboard.visiting import NAME, PASSWORD, person_in
from tests.servers.ports import free_port
from veilleur.app.serving import running_server
from veilleur.app.settings import Settings
from veilleur.store.database import Database


@pytest.mark.fault
def test_a_page_that_follows_is_let_go_when_the_daemon_stops(database: Database, tmp_path: Path) -> None:
    """The line that ends the events was taken out: the server cancelled the answer after two seconds."""
    person_in(database)
    settings = Settings(data_dir=tmp_path, http_port=free_port())
    with httpx.Client(timeout=30, follow_redirects=True) as client:
        with running_server(settings, database, tuple) as address:
            client.post(f"{address}/sign-in", data={"name": NAME, "password": PASSWORD})
            after = re.search('data-cursor="([0-9a-f]{32})"', client.get(f"{address}/").text)
            assert after is not None
            request = client.build_request("GET", f"{address}/stream/live", params={"after": after[1]})
            events = client.send(request, stream=True)
            told = events.iter_lines()
            assert next(told) == "retry: 1000"
            assert next(line for line in told if line.startswith("event: ")) == "event: fresh"

        assert "event: fresh" not in list(told)
