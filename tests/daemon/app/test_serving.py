"""Which hosts the settings let a request name, what is told of a database, and how a server ends."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from structlog.testing import capture_logs

from tests.servers.ports import free_port
from veilleur.app.serving import DatabaseLook, host_names, running_server
from veilleur.app.settings import Settings, load_settings
from veilleur.model.readiness import PartState
from veilleur.store.database import Database
from veilleur.store.opening import open_database

SOON_S = 60.0


@pytest.mark.parametrize(
    ("host", "names", "accepted"),
    [
        ("127.0.0.1", "", set()),
        ("192.0.2.7", " Tablets.Example. , veille ,", {"192.0.2.7", "tablets.example", "veille"}),
        ("0.0.0.0", "", {"0.0.0.0", socket.gethostname().lower()}),
        ("::", "[fd00::7]", {"::", socket.gethostname().lower(), "fd00::7"}),
    ],
)
def test_a_request_may_name_loopback_the_listen_address_and_what_the_setting_lists(
    tmp_path: Path, host: str, names: str, accepted: set[str]
) -> None:
    settings = Settings(data_dir=tmp_path, http_host=host, http_names=names)

    assert host_names(settings) == {"localhost", "127.0.0.1", "::1"} | accepted


@pytest.mark.privacy
@pytest.mark.fault
def test_a_database_that_is_away_is_told_in_a_fixed_phrase_and_its_words_go_to_the_log_once(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'veilleur.db'}")
    look = DatabaseLook(database)
    assert look.part() == PartState("database", is_ok=True)

    database.close()
    (tmp_path / "veilleur.db").unlink()
    (tmp_path / "veilleur.db").mkdir()
    with capture_logs() as logged:
        parts = {look.part(), look.part()}

    assert parts == {PartState("database", is_ok=False, detail="the database does not answer: see the daemon's log")}
    (line,) = logged
    assert "unable to open" in line["reason"]


class _Halting(Database):
    """A database whose state takes long to tell: the server's loop asks for it, and is held up."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.is_asked, self.may_tell = threading.Event(), threading.Event()

    def state(self) -> tuple[int, int] | None:
        self.is_asked.set()
        self.may_tell.wait(SOON_S)
        return super().state()


@pytest.mark.fault
def test_a_server_that_is_held_up_when_it_is_to_stop_ends_quietly_afterwards(bare: Path) -> None:
    """Broken line: its listener closed in any case; "Exception in thread http: Invalid file descriptor: -1".

    It came up on a busy machine, in whichever test was next.
    """
    settings = load_settings(data_dir=bare, http_port=free_port(), answering_processes=0)
    open_database(settings.effective_database_url).close()
    others = threading.enumerate()
    with closing(_Halting(settings.effective_database_url)) as database, ThreadPoolExecutor(1) as asking:
        with running_server(settings, database, tuple) as address:
            asked = asking.submit(httpx.get, f"{address}/api/v1/mentions", timeout=SOON_S)
            assert database.is_asked.wait(SOON_S)
        (serving,) = (one for one in threading.enumerate() if one.name == "http" and one not in others)
        database.may_tell.set()
        serving.join(SOON_S)
        assert not serving.is_alive()
        assert asked.exception(SOON_S) is None or isinstance(asked.exception(), httpx.HTTPError)
