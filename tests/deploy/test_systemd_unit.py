"""The unit of `deploy/` is one that systemd takes, and shuts the daemon in as far as that works."""

from __future__ import annotations

import subprocess
import sysconfig
from pathlib import Path

import pytest

from tests.architecture.source_file import PROJECT

UNIT = PROJECT / "deploy" / "systemd" / "veilleur.service"
ANALYZE = Path("/usr/bin/systemd-analyze")
WORST_EXPOSURE_TENTHS = 14


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """Give the unit with this environment's program: `verify` looks whether it is there."""
    assert ANALYZE.exists(), f"systemd-analyze is not at {ANALYZE}: run make test-setup"
    text = UNIT.read_text()
    assert "/opt/veilleur/bin/veilleur up" in text
    moved = tmp_path / UNIT.name
    moved.write_text(text.replace("/opt/veilleur/bin", sysconfig.get_path("scripts")))
    return moved


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(ANALYZE), *arguments], capture_output=True, text=True, check=False)


def test_systemd_finds_nothing_wrong_with_it(unit: Path) -> None:
    """Seen to catch `ProtectSytem=strict`: a misspelt line is told and otherwise ignored."""
    verified = analyze("verify", "--man=no", str(unit))

    assert (verified.returncode, verified.stdout, verified.stderr) == (0, "", "")


def test_it_is_shut_in(unit: Path) -> None:
    """Seen to catch a unit without `SystemCallFilter` and one without `RestrictNamespaces`."""
    judged = analyze("security", "--offline=yes", f"--threshold={WORST_EXPOSURE_TENTHS}", str(unit))

    assert judged.returncode == 0, judged.stdout.splitlines()[-1]
