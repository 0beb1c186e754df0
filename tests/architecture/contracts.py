"""Import-linter, run on a project folder with the contracts of its pyproject.toml."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Hold the two packages of the folder against its contracts."""
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    roots = os.pathsep.join(str(folder / root) for root in ("bridge", "daemon"))
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": roots},
        capture_output=True,
        text=True,
        check=False,
    )
