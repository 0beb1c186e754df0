"""A bare Debian that runs: its own processes and mounts, this machine's network; all of it dies with the test."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.source_file import PROJECT
from tests.fresh_machine.bare_debian import bare_debian
from tests.waiting import until

CHECKOUT = "/srv/veilleur"
_REPOSITORY = "/srv/veilleur.git"
_START_WITHIN_SECONDS = 10
_REGISTRY_SETTING = re.compile(r"^(PIP_.*|SSL_CERT_.*|(https?|no|all)_proxy)$", re.IGNORECASE)
_INIT = """
mount -t proc proc /proc
mount -t tmpfs tmpfs /dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts /dev/pts
mount --bind /dev/pts/ptmx /dev/ptmx
exec sleep infinity
"""


@dataclass(frozen=True, slots=True)
class FreshMachine:
    """A running bare system; commands run as its root, in the checkout once there is one."""

    root: Path
    init: int

    def clone(self) -> None:
        """Clone the committed state of this project, with the machine's own git."""
        self.run("git", "clone", "--quiet", _REPOSITORY, CHECKOUT, folder="/")

    def run(
        self, *command: str, environment: Mapping[str, str] | None = None, folder: str = CHECKOUT, ends_with: int = 0
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; fail with all that it said when it ends with another exit code."""
        done = subprocess.run(
            self._inside(folder, command),
            env=_environment(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == ends_with, (
            f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        )
        return done

    def start(self, *command: str, output: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Start a command that stays, in a process group of its own; what it says goes to `output`."""
        with output.open("wb") as said:
            return subprocess.Popen(
                self._inside(CHECKOUT, command),
                env=_environment(environment),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def _inside(self, folder: str, command: tuple[str, ...]) -> list[str]:
        enter = ["nsenter", f"--target={self.init}", "--mount", "--pid", "--ipc", "--uts", "--root"]
        return [*enter, "env", f"--chdir={folder}", *command]


@contextmanager
def fresh_machine() -> Iterator[FreshMachine]:
    """Boot a bare Debian as far as a chroot goes. Needs root."""
    assert os.geteuid() == 0, "a chroot needs root: run make fresh as root"
    with bare_debian() as root:
        bare = root / _REPOSITORY.lstrip("/")
        subprocess.run(["git", "clone", "--quiet", "--bare", "--no-hardlinks", str(PROJECT), str(bare)], check=True)
        isolate = ["unshare", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child"]
        command = ["setpriv", "--pdeathsig=KILL", *isolate, "chroot", str(root), "sh", "-ec", _INIT]
        outer = subprocess.Popen(command, env=_environment(None), stdin=subprocess.DEVNULL)
        try:
            init = until(lambda: _asleep_child(outer.pid), within_seconds=_START_WITHIN_SECONDS, what="its init runs")
            yield FreshMachine(root, init)
        finally:
            outer.kill()
            outer.wait()


def _asleep_child(parent: int) -> int | None:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    for child in children:
        if Path(f"/proc/{child}/comm").read_text().strip() == "sleep":
            return int(child)
    return None


def _environment(added: Mapping[str, str] | None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if _REGISTRY_SETTING.match(name)}
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return {"PATH": path, "HOME": "/root", "LC_ALL": "C.UTF-8", **kept, **(added or {})}
