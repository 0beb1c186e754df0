"""A bare Debian 12, made once a day with debootstrap from this machine's own apt source, copied for each run."""

from __future__ import annotations

import fcntl
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

RELEASE = "bookworm"
INCLUDED = "python3,make,git,ca-certificates"
CACHE = Path("/var/tmp/veilleur-fresh")
_APT_OPTIONS = re.compile(r"^Acquire::(https?|Check|Retries|Languages|Force)")
_LOCAL_AUTHORITIES = Path("/usr/local/share/ca-certificates")
_HOST_FILES = ("/etc/resolv.conf", "/etc/hosts", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt")


@contextmanager
def bare_debian() -> Iterator[Path]:
    """Give the root of a bare system that reaches the registries as this machine does; remove it afterwards."""
    CACHE.mkdir(exist_ok=True)
    base = _todays_base()
    root = CACHE / f"run-{datetime.now(UTC):%Y-%m-%d-%H%M%S%f}"
    try:
        subprocess.run(["cp", "--archive", str(base), str(root)], check=True)
        _reach_registries_like_this_machine(root)
        yield root
    finally:
        shutil.rmtree(root)


def _todays_base() -> Path:
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    base = CACHE / f"base-{today}"
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for old in (folder for folder in CACHE.glob("*-*") if today not in folder.name):
            shutil.rmtree(old)
        if not base.exists():
            _debootstrap(base)
    return base


def _debootstrap(base: Path) -> None:
    unfinished = base.with_name(f"unfinished-{base.name}")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    mirror = _apt_sources()[0].split()[1]
    command = ["debootstrap", "--variant=minbase", f"--include={INCLUDED}", RELEASE, str(unfinished), mirror]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"debootstrap failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    unfinished.rename(base)


def _apt_sources() -> list[str]:
    wanted = ["apt-get", "indextargets", "--format", "deb $(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"]
    listed = subprocess.run(wanted, capture_output=True, text=True, check=True).stdout.splitlines()
    sources = [line for line in dict.fromkeys(listed) if line.split()[2].partition("-")[0] == RELEASE]
    assert sources, f"this machine's apt knows no source of Debian 12 ({RELEASE})"
    return sorted(sources, key=lambda line: line.split()[2] != RELEASE)


def _reach_registries_like_this_machine(root: Path) -> None:
    for file in filter(Path.is_file, [*map(Path, _HOST_FILES), *_LOCAL_AUTHORITIES.glob("*.crt")]):
        shutil.copy(file, root / file.relative_to("/"))
    dumped = subprocess.run(["apt-config", "dump", "Acquire"], capture_output=True, text=True, check=True).stdout
    options = [line for line in dumped.splitlines() if _APT_OPTIONS.match(line)]
    (root / "etc/apt/apt.conf.d/90host").write_text("\n".join([*options, ""]))
    (root / "etc/apt/sources.list").write_text("\n".join([*_apt_sources(), ""]))
