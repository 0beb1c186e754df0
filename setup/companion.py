"""The companion's build: Maven over `companion/`, left out where nothing has changed since it last passed.

Run as `python3 -m setup.companion`; standard library alone. CI always builds.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parent.parent
MADE_OF: Final = ("companion", "bridge/contract", "daemon/veilleur/__init__.py")
_APK: Final = "companion/app/target/veilleur.apk"
_PASSED: Final = "companion/app/target/passed-with.txt"
_MAVEN: Final = ("mvn", "--batch-mode", "--no-transfer-progress", "--quiet", "--file", "companion", "verify")


def main() -> int:
    """Build and test, unless the same sources passed before."""
    sources = digest(PROJECT, MADE_OF)
    if os.environ.get("CI") != "true" and has_passed(PROJECT, sources):
        return 0
    (PROJECT / _PASSED).unlink(missing_ok=True)
    sys.stderr.write("Building the companion and running its tests (minutes; the first time 1.1 GB is fetched) …\n")
    done = subprocess.run(_MAVEN, cwd=PROJECT, check=False)
    if done.returncode == 0:
        (PROJECT / _PASSED).write_text(sources)
    return done.returncode


def has_passed(project: Path, sources: str) -> bool:
    """Say whether these sources were built and tested, and their APK is still there."""
    passed = project / _PASSED
    return (project / _APK).is_file() and passed.is_file() and passed.read_text() == sources


def digest(project: Path, roots: Sequence[str]) -> str:
    """Hash what stands under version control, or is about to, below these roots."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate", "--", *roots]
    names = subprocess.run(listing, cwd=project, capture_output=True, text=True, check=True).stdout.split("\0")
    whole = hashlib.sha256()
    for name in sorted(name for name in names if (project / name).is_file()):
        whole.update(name.encode() + b"\0" + hashlib.sha256((project / name).read_bytes()).digest())
    return whole.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
