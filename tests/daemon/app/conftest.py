"""A person's machine as the settings find it: a data folder, a working folder, and no variable of ours."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to an empty folder, with an empty home, without any setting; give the folder."""
    for name in os.environ:
        if name.upper().startswith("VEILLEUR_") or name.startswith("XDG_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder
