"""A real mosquitto that reads Debian's own configuration and ours from `deploy/`, moved to a folder and free ports."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.source_file import PROJECT
from tests.servers.certificates import make_certificate
from tests.servers.mosquitto import MosquittoServer
from tests.servers.ports import free_port

DEPLOYED = PROJECT / "deploy" / "mosquitto"
PASSWORDS = {"veilleur": "watch-keeper", "salle-9": "nine", "salle-8": "eight"}
# what /etc/mosquitto/mosquitto.conf of Debian 12 says besides pid_file and log_dest
DEBIAN = "persistence true\npersistence_location /var/lib/mosquitto/\ninclude_dir /etc/mosquitto/conf.d\n"


@dataclass(frozen=True, slots=True)
class DeployedBroker:
    """A running mosquitto with its two listeners: Veilleur's own, and the tablets'."""

    server: MosquittoServer
    tablets_port: int

    def own_url(self, user: str = "veilleur") -> str:
        return f"mqtt://{user}:{PASSWORDS[user]}@127.0.0.1:{self.server.port}"


@contextmanager
def running_deployed(folder: Path, configuration: str, *, changes: Mapping[str, str]) -> Iterator[DeployedBroker]:
    """Run mosquitto with a file of `deploy/mosquitto/`; each text of `changes` must occur in it and is replaced."""
    own_port, tablets_port = free_port(), free_port()
    certificate = make_certificate(folder / "tls")
    moved = {
        "listener 1883 127.0.0.1": f"listener {own_port} 127.0.0.1",
        "listener 8883": f"listener {tablets_port} 127.0.0.1",
        "/etc/mosquitto/veilleur.crt": str(certificate.certificate_file),
        "/etc/mosquitto/veilleur.key": str(certificate.key_file),
        **changes,
    }
    included = folder / "conf.d"
    included.mkdir(parents=True)
    (included / "veilleur.conf").write_text(replaced((DEPLOYED / configuration).read_text(), moved))
    main = replaced(DEBIAN, {"/var/lib/mosquitto/": f"{folder}/", "/etc/mosquitto/conf.d": str(included)})
    (folder / "mosquitto.conf").write_text(f"user root\nlog_dest stdout\n{main}")
    server = MosquittoServer(folder, own_port, PASSWORDS)
    try:
        server.start()
        yield DeployedBroker(server, tablets_port)
    finally:
        server.stop()


@contextmanager
def running_with_password_file(folder: Path) -> Iterator[DeployedBroker]:
    """Run it as the guide's first way sets it up."""
    folder.mkdir(parents=True, exist_ok=True)
    rules, passwords = folder / "veilleur.acl", folder / "veilleur.passwords"
    rules.write_text((DEPLOYED / "veilleur.acl").read_text())
    passwords.write_text("".join(f"{user}:{password}\n" for user, password in PASSWORDS.items()))
    subprocess.run(["/usr/bin/mosquitto_passwd", "-U", str(passwords)], check=True)
    changes = {"/etc/mosquitto/veilleur.passwords": str(passwords), "/etc/mosquitto/veilleur.acl": str(rules)}
    with running_deployed(folder, "veilleur.conf", changes=changes) as broker:
        yield broker


@contextmanager
def running_with_dynamic_security(folder: Path) -> Iterator[DeployedBroker]:
    """Run it as the guide's second way sets it up: with one account, Veilleur's, that may make others."""
    folder.mkdir(parents=True, exist_ok=True)
    accounts = folder / "accounts.json"
    initialise = ["mosquitto_ctrl", "dynsec", "init", str(accounts), "veilleur", PASSWORDS["veilleur"]]
    subprocess.run(initialise, check=True, capture_output=True)
    plugin = "/usr/lib/x86_64-linux-gnu/mosquitto_dynamic_security.so"
    (installed,) = Path("/usr/lib").glob("*-linux-gnu/mosquitto_dynamic_security.so")
    changes = {"/var/lib/mosquitto/veilleur-accounts.json": str(accounts), plugin: str(installed)}
    with running_deployed(folder / "run", "veilleur-dynamic-security.conf", changes=changes) as broker:
        yield broker


def replaced(text: str, changes: Mapping[str, str]) -> str:
    """Return the text with every change made; fail where it does not hold what is to be changed."""
    for old, new in changes.items():
        assert old in text, f"the deployed configuration no longer says “{old}”"
        text = text.replace(old, new)
    return text
