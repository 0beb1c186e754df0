"""The broker's configuration, written by us from first to last: who may connect and what each may say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from veilleur_bridge.broker.accounts import DAEMON_USER, reader_user
from veilleur_bridge.broker.certificate import CertificateFiles
from veilleur_bridge.broker.listening import Listening
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.registry import BrokerAccount, ReaderAccount
from veilleur_bridge.topics import READ_BY_DEVICE, WRITTEN_BY_DEVICE, device_topic, is_device_name

KEY_VARIABLE: Final = "VEILLEUR_BROKER_KEY"
EVERY_TOPIC_OF_OURS: Final = "veilleur.1.>"
# The broker takes `veilleur/1/mentions/#` for a subscription to what stands above it, too.
EVERY_MENTION: Final = ("veilleur.1.mentions", "veilleur.1.mentions.>")
BCRYPT_HASH: Final = re.compile(r"\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}")
LOG_BYTES: Final = 4 * 1024 * 1024
MAX_MEMORY_BYTES: Final = 64 * 1024 * 1024

OBSERVER_USER: Final = "_observer"
# what NATS imports into each account: the connections of that account alone
CONNECTIONS_QUESTION: Final = "$SYS.REQ.ACCOUNT.PING.CONNZ"
INBOX: Final = "_INBOX.>"
TLS_SECONDS: Final = 10
# NATS's own 2 s end before a CONNECT has come over a line of 2 s
ADMISSION_SECONDS: Final = 20

# the client listener cannot be left out: it gets a random loopback port, where nobody but our observer may come in,
# and that one may ask who is connected and nothing else
CONFIGURATION: Final = """\
server_name: "veilleur"
listen: "127.0.0.1:-1"
ports_file_dir: {folder}
max_payload: {max_message_bytes}
log_file: {log_file}
logfile_size_limit: {log_bytes}
logfile_max_num: 3
jetstream: {{
  store_dir: {store_folder}
  cipher: chacha
  key: ${key_variable}
  max_file_store: {max_store_bytes}
  max_memory_store: {max_memory_bytes}
}}
mqtt: {{
  listen: {listen}
{tls}  ack_wait: "{ack_wait_seconds}s"
  max_ack_pending: {window}
}}
authorization: {{
  timeout: {admission_seconds}
  users: {users}
}}
"""

TLS: Final = """\
  tls: {{
    cert_file: {certificate_file}
    key_file: {key_file}
    min_version: "1.2"
    timeout: {timeout}
  }}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerSettings:
    """What the embedded broker needs to know.

    `folder` holds its store, log, lock and configuration; `key_file` encrypts the store and lies elsewhere.
    `program` is another nats-server than the installed one.
    A message unacknowledged for `ack_wait_seconds` is sent again: NATS does so then, and not when a client
    reconnects (measured: 8.0 s of 8; at once only when NATS itself was restarted).
    """

    folder: Path
    key_file: Path
    host: str = "127.0.0.1"
    port: int = 1883
    window: int = 256
    ack_wait_seconds: int = 5
    max_message_bytes: int = 4 * 1024 * 1024
    max_store_bytes: int = 4 * 1024 * 1024 * 1024
    program: Path | None = None

    @property
    def store_folder(self) -> Path:
        """Where JetStream keeps messages and sessions."""
        return self.folder / "store"

    @property
    def log_file(self) -> Path:
        """Where the broker writes its own log."""
        return self.folder / "broker.log"

    @property
    def certificate_files(self) -> CertificateFiles:
        """Where the certificate lies, and its key with the other one: certificates are shown, keys are not."""
        return CertificateFiles(self.key_file.with_suffix(".tls.pem"), self.folder / "certificate.pem")

    @property
    def configuration_file(self) -> Path:
        """Where we write what `render_configuration` returns."""
        return self.folder / "broker.conf"


@dataclass(frozen=True, slots=True)
class OwnHashes:
    """The bcrypt hashes of our own accounts' passwords."""

    daemon: str
    observer: str


def render_configuration(
    settings: BrokerSettings, listening: Listening, own: OwnHashes, accounts: Iterable[BrokerAccount | ReaderAccount]
) -> str:
    """Return the configuration file's text; the store's key is named by its environment variable only."""
    users = [
        _user(DAEMON_USER, own.daemon, [EVERY_TOPIC_OF_OURS], [EVERY_TOPIC_OF_OURS]),
        _user(OBSERVER_USER, own.observer, [CONNECTIONS_QUESTION], [INBOX], came_by="STANDARD"),
    ]
    users += [
        _device_user(account) if isinstance(account, BrokerAccount) else _reader_user(account) for account in accounts
    ]
    return CONFIGURATION.format(
        folder=json.dumps(str(settings.folder)),
        log_file=json.dumps(str(settings.log_file)),
        log_bytes=LOG_BYTES,
        max_message_bytes=settings.max_message_bytes,
        store_folder=json.dumps(str(settings.store_folder)),
        key_variable=KEY_VARIABLE,
        max_store_bytes=settings.max_store_bytes,
        max_memory_bytes=MAX_MEMORY_BYTES,
        listen=json.dumps(f"{_bracketed(listening.host)}:{listening.port}"),
        tls="" if listening.certificate is None else _tls(settings.certificate_files),
        ack_wait_seconds=settings.ack_wait_seconds,
        window=settings.window,
        admission_seconds=ADMISSION_SECONDS,
        users=json.dumps(users, indent=1),
    )


def _tls(files: CertificateFiles) -> str:
    certificate_file, key_file = (json.dumps(str(file)) for file in (files.certificate_file, files.key_file))
    return TLS.format(certificate_file=certificate_file, key_file=key_file, timeout=TLS_SECONDS)


def _device_user(account: BrokerAccount) -> dict[str, Any]:
    if not is_device_name(account.device) or not BCRYPT_HASH.fullmatch(account.password_hash):
        raise BrokerError(f"the account {account.device!r} has no valid name and bcrypt hash: make it again")
    written, read = (
        sorted(device_topic(account.device, channel).replace("/", ".") for channel in channels)
        for channels in (WRITTEN_BY_DEVICE, READ_BY_DEVICE)
    )
    return _user(account.device, account.password_hash, written, read)


def _reader_user(account: ReaderAccount) -> dict[str, Any]:
    if not is_device_name(account.name) or not BCRYPT_HASH.fullmatch(account.password_hash):
        raise BrokerError(f"the account of the reader {account.name!r} has no valid name and bcrypt hash")
    user = _user(reader_user(account.name), account.password_hash, [], [*EVERY_MENTION])
    # An empty list of what is allowed would allow everything.
    return user | {"permissions": {"publish": {"deny": [">"]}, "subscribe": {"allow": [*EVERY_MENTION]}}}


def _user(
    name: str, password_hash: str, written: list[str], read: list[str], *, came_by: str = "MQTT"
) -> dict[str, Any]:
    return {
        "user": name,
        "password": password_hash,
        "allowed_connection_types": [came_by],
        "permissions": {"publish": {"allow": written}, "subscribe": {"allow": read}},
    }


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
