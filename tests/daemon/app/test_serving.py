"""Which hosts the settings let a request name."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from veilleur.app.serving import host_names
from veilleur.app.settings import Settings


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
