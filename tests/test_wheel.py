"""The wheel holds everything that the checkout runs with, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.architecture.source_file import PROJECT, project_files

ROOTS = ("bridge/veilleur_bridge", "daemon/veilleur")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as a release does."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(build, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


def test_it_holds_both_packages_with_their_data_and_the_contract(wheel: Path) -> None:
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}

    packages = {name for root in ROOTS for name in names_under(root, Path(root).name)}
    contract = names_under("bridge/contract", "veilleur_bridge/contract")
    assert packed == packages | contract | {"veilleur/app/samples/restaurant-week.jsonl"}


def names_under(folder: str, packed_as: str) -> set[str]:
    """Name a folder's files as the wheel should."""
    inside = (path.relative_to(folder) for path in project_files() if path.is_relative_to(folder))
    return {f"{packed_as}/{path}" for path in inside}


def test_it_carries_its_licence_and_its_command(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    texts = {Path(name).name: archive.read(name).decode() for name in archive.namelist() if ".dist-info/" in name}

    assert "veilleur = veilleur.cli.entry:main" in texts["entry_points.txt"]
    assert "Apache License" in texts["LICENSE"]
    assert "NOTICE" in texts


def test_it_runs_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import veilleur, veilleur_bridge; print(veilleur.__file__)"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.stdout.startswith(str(tmp_path)), done.stdout + done.stderr
