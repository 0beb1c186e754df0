"""Which hosts the settings let a request name."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from veilleur.app.serving import DatabaseLook, host_names
from veilleur.app.settings import Settings
from veilleur.model.readiness import PartState
from veilleur.store.opening import open_database


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
