"""`veilleur-bridge.pyz`: the bridge and the pure Python that it needs in one file, for Termux and bare machines.

Run as `python -m setup.portable [FILE]` in the project's environment.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipapp
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

PROJECT: Final = Path(__file__).resolve().parent.parent
ARCHIVE: Final = PROJECT / "dist" / "veilleur-bridge.pyz"
ENTRY: Final = "veilleur_bridge.command.portable:main"
_BRIDGE: Final = PROJECT / "bridge" / "veilleur_bridge"
_LIBRARIES: Final = ("dnslib", "paho-mqtt", "structlog")
_DATA: Final = Path("contract") / "redaction" / "rules.json"
# imports stand at the top of every file, so what is loaded with the entry is all that it can ever need
_LIST_MODULES: Final = (
    f"import sys, {ENTRY.partition(':')[0]}\n"
    "for name, module in sys.modules.items():\n"
    "    if name.partition('.')[0] == 'veilleur_bridge': print(module.__file__)\n"
)


def main(arguments: Sequence[str]) -> int:
    """Build the archive (default: `dist/veilleur-bridge.pyz`) and name it."""
    archive = Path(arguments[0]) if arguments else ARCHIVE
    build(archive)
    sys.stdout.write(
        f"{archive}: {archive.stat().st_size // 1024} KiB; run it with: python {archive.name} termux --help\n"
    )
    return 0


def build(archive: Path) -> None:
    """Write the archive; it runs with Python 3.11 or newer and nothing else."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        content = Path(folder)
        for file in (*_own_modules(), _BRIDGE / _DATA):
            _put(file, content / file.relative_to(_BRIDGE.parent))
        for library in _LIBRARIES:
            _copy_library(library, content)
        _write_facts(content)
        zipapp.create_archive(content, archive, interpreter="/usr/bin/env python3", main=ENTRY, compressed=True)


def _own_modules() -> list[Path]:
    listed = subprocess.run([sys.executable, "-c", _LIST_MODULES], capture_output=True, text=True, check=True)
    return [Path(line) for line in listed.stdout.splitlines()]


def _copy_library(name: str, content: Path) -> None:
    """Copy a library's Python files and its licence."""
    for file in metadata.files(name) or ():
        if file.suffix in {".py", ".typed"} or file.name == "METADATA" or "licen" in str(file).lower():
            _put(Path(str(file.locate())), content / file)


def _put(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, target)


def _write_facts(content: Path) -> None:
    """Write the distribution's name and version, which every status carries, and its licence."""
    version = metadata.version("veilleur")
    facts = content / f"veilleur-{version}.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: veilleur\nVersion: {version}\nLicense: Apache-2.0\n")
    for name in ("LICENSE", "NOTICE"):
        shutil.copy(PROJECT / name, facts / name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
