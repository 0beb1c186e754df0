"""A real mosquitto on a free loopback port, with its own folder and the settings that lose nothing."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.ports import free_port, is_listening
from tests.waiting import until

PROGRAM = Path("/usr/sbin/mosquitto")
_START_WITHIN_SECONDS = 30


@dataclass(slots=True)
class MosquittoServer:
    """One broker that can be killed and started again on the same port and folder."""

    folder: Path
    port: int
    users: Mapping[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address for its first user, or for anybody where it has none."""
        for user in self.users:
            return self.url_for(user)
        return f"mqtt://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None, "this mosquitto was stopped"
        return self._process.pid

    @property
    def log(self) -> str:
        return (self.folder / "mosquitto.log").read_text(errors="replace")

    def url_for(self, user: str) -> str:
        return f"mqtt://{user}:{self.users[user]}@127.0.0.1:{self.port}"

    def start(self) -> None:
        with (self.folder / "mosquitto.log").open("ab") as output:
            command = ["setpriv", "--pdeathsig=KILL", "--", str(PROGRAM), "-c", str(self.folder / "mosquitto.conf")]
            self._process = subprocess.Popen(command, stdout=output, stderr=output)
        until(self._answers, within_seconds=_START_WITHIN_SECONDS, what="mosquitto listens")

    def kill(self) -> None:
        """End it as a power cut would (SIGKILL)."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as its service manager would (SIGTERM)."""
        self._end(signal.SIGTERM)

    def restart(self) -> None:
        """Start it again after `kill` or `stop`, or stop and start it."""
        self.stop()
        self.start()

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=_START_WITHIN_SECONDS)
            self._process = None

    def _answers(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise AssertionError(f"mosquitto did not start:\n{self.log}")
        return is_listening(self.port)


@contextmanager
def running_mosquitto(
    folder: Path,
    *,
    users: Mapping[str, str] | None = None,
    access_rules: str | None = None,
    persistence: bool = True,
    port: int | None = None,
    extra: str = "",
) -> Iterator[MosquittoServer]:
    """Start mosquitto in `folder`; end it afterwards.

    `users` maps names to passwords (none: anonymous); `access_rules` is the text of an acl_file; `extra` is added to
    the configuration.
    """
    if not PROGRAM.exists():
        raise AssertionError(f"mosquitto is not at {PROGRAM}: run make test-setup")
    server = MosquittoServer(folder, port or free_port(), dict(users or {}))
    _write_configuration(server, access_rules, persistence=persistence, extra=extra)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def _write_configuration(server: MosquittoServer, access_rules: str | None, *, persistence: bool, extra: str) -> None:
    server.folder.mkdir(parents=True, exist_ok=True)
    lines = [
        "user root",
        f"listener {server.port} 127.0.0.1",
        f"allow_anonymous {str(not server.users).lower()}",
        f"persistence {str(persistence).lower()}",
        f"persistence_location {server.folder}/",
        "autosave_interval 1",
        "max_queued_messages 0",
        "max_queued_bytes 0",
        "max_inflight_messages 1000",
        "log_dest stdout",
    ]
    if server.users:
        lines.append(f"password_file {_write_passwords(server)}")
    if access_rules is not None:
        rules = server.folder / "rules.acl"
        rules.write_text(access_rules)
        lines.append(f"acl_file {rules}")
    (server.folder / "mosquitto.conf").write_text("\n".join([*lines, extra, ""]))


def _write_passwords(server: MosquittoServer) -> Path:
    passwords = server.folder / "passwords"
    passwords.write_text("".join(f"{user}:{password}\n" for user, password in server.users.items()))
    hashing = shutil.which("mosquitto_passwd")
    assert hashing is not None, "mosquitto_passwd is missing: run make test-setup"
    subprocess.run([hashing, "-U", str(passwords)], check=True)
    return passwords
