"""The APK that `make companion` left, and single steps of its build run again beside it."""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
COMPANION = PROJECT / "companion"
APK = COMPANION / "app" / "target" / "veilleur.apk"
STEP_TIMEOUT_S = 900


def said_by(*command: str | Path) -> str:
    """Run a program and return what it said; a failure fails the test with it."""
    done = subprocess.run(
        command, capture_output=True, text=True, errors="replace", timeout=STEP_TIMEOUT_S, check=False
    )
    assert done.returncode == 0, f"{command[0]}: {done.stdout}{done.stderr}"
    return done.stdout


def built_apk() -> Path:
    """Give the APK, or say how it is made."""
    assert APK.is_file(), "no APK: run make companion"
    return APK


def package_again(target: Path, dexer: str) -> Path:
    """Dex, pack and sign what was compiled, a second time and elsewhere."""
    app, build = COMPANION / "app", COMPANION / "build" / "target"
    class_path = f"{build / 'classes'}:{(build / 'class-path.txt').read_text().strip()}"
    work = target.parent / "work"
    work.mkdir()
    compiled = (app / "target" / "resources.zip", app / "target" / "classes", app / "target" / "libraries")
    framework = COMPANION / "framework" / "target" / "framework-1.jar"
    step = ("java", "-cp", class_path, "veilleur.companion.build.Apk", dexer)
    said_by(*step, *compiled, framework, app / "shrink.pro", work, target)
    return target


def names_in(apk: Path) -> list[str]:
    """List an APK's files."""
    with zipfile.ZipFile(apk) as archive:
        return archive.namelist()


def calls_in(disassembly: str) -> Iterator[tuple[str, str]]:
    """Read dexdump's listing: the class that calls, and what it calls."""
    caller = ""
    for line in disassembly.splitlines():
        if found := re.search(r"Class descriptor\s*: 'L([^;]+);'", line):
            caller = found[1]
        elif found := re.search(r"\|[0-9a-f]+: invoke-[\w/-]+ \{.*\}, (\S+)", line):
            yield caller, found[1]
