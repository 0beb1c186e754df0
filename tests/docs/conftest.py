"""A daemon of its own for each page: what a page prints holds for an empty database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.daemon import Daemon, running_daemon


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    """Run `veilleur up` over an empty data folder."""
    with running_daemon(tmp_path / "installation") as running:
        yield running
