"""Somebody else's distribution, built as a wheel and installed into a folder of its own, offline."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

UNRULY = Path(__file__).parent / "unruly"


def install_wheel(project: Path, folder: Path) -> Path:
    """Build the wheel of a project and install it; return the folder that belongs on the import path."""
    built, site = folder / "built", folder / "site"
    _run("-m", "hatchling", "build", "--target", "wheel", "--directory", str(built), within=project)
    (wheel,) = built.glob("*.whl")
    install = ("-m", "uv", "pip", "install", "--quiet", "--offline", "--no-index", "--no-deps")
    _run(*install, "--target", str(site), str(wheel), within=folder)
    return site


def _run(*arguments: str, within: Path) -> None:
    done = subprocess.run([sys.executable, *arguments], cwd=within, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
