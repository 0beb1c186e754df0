"""When the companion is built again, and when it need not be."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from setup.companion import digest, has_passed

ROOTS = ("companion", "version.py")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Give a repository with a companion whose build is ignored."""
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / "companion" / "app" / "target").mkdir(parents=True)
    (tmp_path / "companion" / "Main.kt").write_text("fun main() = Unit\n")
    (tmp_path / "version.py").write_text("1\n")
    (tmp_path / ".gitignore").write_text("target/\n")
    return tmp_path


def test_what_a_build_leaves_behind_changes_nothing(checkout: Path) -> None:
    before = digest(checkout, ROOTS)

    (checkout / "companion" / "app" / "target" / "veilleur.apk").write_bytes(b"apk")

    assert digest(checkout, ROOTS) == before


@pytest.mark.parametrize("path", ["companion/Main.kt", "companion/New.kt", "version.py"])
def test_every_source_counts(checkout: Path, path: str) -> None:
    before = digest(checkout, ROOTS)

    (checkout / path).write_text("changed\n")

    assert digest(checkout, ROOTS) != before


def test_a_build_has_passed_for_its_own_sources_and_while_its_apk_is_there(checkout: Path) -> None:
    target = checkout / "companion" / "app" / "target"
    (target / "passed-with.txt").write_text("these")
    assert not has_passed(checkout, "these")

    (target / "veilleur.apk").write_bytes(b"apk")

    assert has_passed(checkout, "these")
    assert not has_passed(checkout, "others")
