"""What the tests of the pages may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.api.story import sqlite_url, tell_story
from veilleur.store.database import Database
from veilleur.store.opening import open_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Give a database with the story in it."""
    opened = open_database(sqlite_url(tmp_path))
    tell_story(opened)
    yield opened
    opened.close()
