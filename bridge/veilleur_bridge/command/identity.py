"""Who this device is to the daemon: paired by a code, or named by hand, and remembered in a folder of its own."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from veilleur_bridge.broker.secret_file import write_private
from veilleur_bridge.envelope import SourceKind
from veilleur_bridge.errors import PairingError
from veilleur_bridge.mqtt.options import MqttOptions
from veilleur_bridge.mqtt_url import MqttAddress, parse_mqtt_url
from veilleur_bridge.pairing import PairingCode, read_pairing_code
from veilleur_bridge.topics import is_device_name
from veilleur_bridge.whereabouts import PairedWhereabouts

FOLDER_VARIABLE: Final = "VEILLEUR_BRIDGE_DIR"
CREDENTIALS: Final = "credentials.json"
_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Identity:
    """One device: its name, the ways to its broker (the first is tried first), and its folder."""

    device: str
    addresses: tuple[MqttAddress, ...]
    folder: Path
    code: PairingCode | None = None

    def mqtt_options(self) -> MqttOptions:
        """Return how it connects: each address in turn, then where mDNS says that a paired server moved to.

        Its client id is its user name, as brokers can enforce it.
        """
        first = self.addresses[0]
        return MqttOptions(
            address=first,
            client_id=first.username or self.device,
            whereabouts=None if self.code is None else PairedWhereabouts(self.code),
            longest_pause_seconds=30.0,
        )


def add_identity_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that say who the device is."""
    group = parser.add_argument_group("device")
    group.add_argument(
        "--pair",
        metavar="CODE",
        help="the code that `veilleur device pair NAME` printed, once; - reads it from standard input",
    )
    group.add_argument(
        "--mqtt-url", metavar="URL", help="instead of a code: mqtt://user:password@host:port; needs --device"
    )
    group.add_argument("--device", metavar="NAME", help="the device's name; needed where this computer runs several")
    group.add_argument(
        "--state-dir",
        metavar="FOLDER",
        type=Path,
        help=f"where credentials and spools are kept (default: {FOLDER_VARIABLE}, else ~/.local/share/veilleur-bridge)",
    )


def identity_of(arguments: argparse.Namespace, kind: SourceKind) -> Identity:
    """Return who the device is, and remember what was given for the next time; raises PairingError, BrokerError."""
    root = arguments.state_dir or _default_root()
    if arguments.pair is not None:
        code = sys.stdin.readline() if arguments.pair == "-" else arguments.pair
        return _remembered(root, kind, _by_code(code, arguments.device))
    if arguments.mqtt_url is not None:
        return _remembered(root, kind, _by_url(arguments.mqtt_url, arguments.device))
    return _recalled(root, kind, arguments.device)


def _by_code(code: str, name: str | None) -> dict[str, Any]:
    device = read_pairing_code(code).device
    if name not in (None, device):
        raise PairingError(f"the code is for the device {device}: leave --device out, or pair {name} by its own code")
    return {"device": device, "code": code}


def _by_url(url: str, name: str | None) -> dict[str, Any]:
    if name is None or not is_device_name(name):
        raise PairingError("--mqtt-url needs the device's name beside it: --device NAME, of a-z, 0-9 and -")
    parse_mqtt_url(url)
    return {"device": name, "url": url}


def _remembered(root: Path, kind: SourceKind, credentials: dict[str, Any]) -> Identity:
    folder = root / f"{kind}-{credentials['device']}"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_private(folder / CREDENTIALS, json.dumps({"v": _VERSION, **credentials}))
    return _identity(credentials, folder)


def _recalled(root: Path, kind: SourceKind, name: str | None) -> Identity:
    folders = sorted(path.parent for path in root.glob(f"{kind}-{name or '*'}/{CREDENTIALS}"))
    if not folders:
        raise PairingError(
            "this device is not paired: run `veilleur device pair NAME` on the server, and give its code here by --pair"
        )
    if len(folders) > 1:
        names = ", ".join(folder.name.removeprefix(f"{kind}-") for folder in folders)
        raise PairingError(f"several devices are kept here: name one by --device ({names})")
    try:
        return _identity(json.loads((folders[0] / CREDENTIALS).read_bytes()), folders[0])
    except (ValueError, KeyError, TypeError) as error:
        raise PairingError(f"{folders[0] / CREDENTIALS} is damaged: pair the device again") from error


def _identity(credentials: dict[str, Any], folder: Path) -> Identity:
    device = credentials["device"]
    if "code" in credentials:
        code = read_pairing_code(credentials["code"])
        return Identity(device, code.broker_addresses(), folder, code)
    return Identity(device, (parse_mqtt_url(credentials["url"]),), folder)


def _default_root() -> Path:
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else Path.home() / ".local" / "share" / "veilleur-bridge"
