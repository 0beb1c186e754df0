"""A workbook that breaks off leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.daemon.exports.hostile_mentions import asked, mention
from veilleur.exports.workbook import workbook_chunks
from veilleur.model.errors import StoreBusy
from veilleur.model.mention import Mention


def breaking_off() -> Iterator[Mention]:
    yield mention(1, "le colis")
    raise StoreBusy("the database did not answer in time")


def open_files() -> list[str]:
    """Return what this process has open, deleted files included."""
    found: list[str] = []
    for link in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            found.append(str(link.readlink()))
    return found


def test_a_workbook_that_breaks_off_leaves_no_file_open() -> None:
    """Broken once: sheets that only a whole workbook closed; then their rows were still open."""
    with pytest.raises(StoreBusy) as raised:
        list(workbook_chunks(breaking_off(), asked()))

    assert [one for one in open_files() if "veilleur-xlsx-" in one] == []
    assert raised.traceback
