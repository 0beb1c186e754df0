"""Debian packages that a step needs: installed with apt as root, else named with the exact command (exit code 2).

Run as `python3 -m setup.system_packages SET`; standard library alone, since nothing is installed yet.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

CANNOT_INSTALL: Final = 2
_SYSTEM_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_POLICY: Final = Path("/usr/sbin/policy-rc.d")
_DENY_EVERY_START: Final = "#!/bin/sh\nexit 101\n"
_CLUSTER_DEFAULTS: Final = Path("/etc/postgresql-common/createcluster.conf")

PACKAGE_SETS: Final[Mapping[str, Mapping[str, Path]]] = {
    "servers": {
        "chromium": Path("/usr/bin/chromium"),
        "curl": Path("/usr/bin/curl"),
        "fonts-noto-color-emoji": Path("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"),
        "mosquitto": Path("/usr/sbin/mosquitto"),
        "mosquitto-clients": Path("/usr/bin/mosquitto_pub"),
        "systemd": Path("/usr/bin/systemd-analyze"),
        "postgresql-15": Path("/usr/lib/postgresql/15/bin/initdb"),
    },
    "chroot": {"debootstrap": Path("/usr/sbin/debootstrap")},
    "readers": {"libreoffice-calc-nogui": Path("/usr/bin/soffice")},
    "companion": {
        "openjdk-17-jdk-headless": Path("/usr/bin/javac"),
        "maven": Path("/usr/bin/mvn"),
        "apksigner": Path("/usr/bin/apksigner"),
        "zipalign": Path("/usr/bin/zipalign"),
        "aapt": Path("/usr/bin/aapt"),
        "dexdump": Path("/usr/bin/dexdump"),
        "shellcheck": Path("/usr/bin/shellcheck"),
    },
}


class CannotInstallError(Exception):
    """Says which packages are missing and the exact command that installs them."""


def install(packages: Sequence[str], purpose: str) -> None:
    """Install Debian packages without starting a service of theirs.

    Raises CannotInstallError when this account or this system cannot, naming the command.
    """
    names = " ".join(packages)
    command = f"apt-get update && apt-get install -y --no-install-recommends {names}"
    if shutil.which("apt-get", path=_SYSTEM_PATH) is None:
        raise CannotInstallError(f"{purpose} needs what Debian calls {names}: install it with this system's packages.")
    if os.geteuid() != 0:
        raise CannotInstallError(f"{purpose} needs the packages {names}. Install them with:\n  sudo sh -c '{command}'")
    _say(f"Installing {names} (apt) …")
    with _services_held_back():
        for arguments in (("update",), ("install", "-y", "--no-install-recommends", *packages)):
            _apt_get(arguments, purpose)


def missing(wanted: Mapping[str, Path]) -> list[str]:
    """List the packages whose file is absent."""
    return [package for package, proof in wanted.items() if not proof.exists()]


def main(arguments: Sequence[str]) -> int:
    """Install what is missing of the named set."""
    if len(arguments) != 1 or arguments[0] not in PACKAGE_SETS:
        _say(f"usage: python3 -m setup.system_packages {'|'.join(PACKAGE_SETS)}")
        return CANNOT_INSTALL
    absent = missing(PACKAGE_SETS[arguments[0]])
    if not absent:
        return 0
    try:
        install(absent, f"The set “{arguments[0]}”")
    except CannotInstallError as problem:
        _say(str(problem))
        return CANNOT_INSTALL
    return 0


def _apt_get(arguments: Sequence[str], purpose: str) -> None:
    command = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", "-o", "Dpkg::Options::=--force-confold", *arguments]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "PATH": _SYSTEM_PATH}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        spoken = (done.stderr or done.stdout).strip()
        raise CannotInstallError(f"{purpose}: “{' '.join(command)}” failed, saying:\n{spoken}")


@contextmanager
def _services_held_back() -> Iterator[None]:
    """Keep Debian from starting a server or making a database cluster while its package is installed."""
    before = (_POLICY.read_text(), _POLICY.stat().st_mode) if _POLICY.exists() else None
    if not _CLUSTER_DEFAULTS.exists():
        _CLUSTER_DEFAULTS.parent.mkdir(exist_ok=True)
        _CLUSTER_DEFAULTS.write_text("create_main_cluster = false\n")
    _POLICY.write_text(_DENY_EVERY_START)
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        if before is None:
            _POLICY.unlink()
        else:
            _POLICY.write_text(before[0])
            _POLICY.chmod(before[1])


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
