"""An `adb` of the tests' own: an executable that serves dumps, and fails as the real one does, in its words."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path

_SCRIPT = """#!{python} -SI
import json, sys, time
from pathlib import Path
folder = Path(__file__).parent
arguments = sys.argv[1:]
with (folder / "calls.jsonl").open("a") as calls:
    calls.write(json.dumps(arguments) + "\\n")
phones = json.loads((folder / "phones.json").read_text())
serial = None
if arguments[:1] == ["-s"]:
    serial, arguments = arguments[1], arguments[2:]
def fail(words):
    sys.exit(words)
if arguments[:1] != ["shell"]:
    fail("adb: unknown command " + str(arguments[:1]))
if serial is None and len(phones) > 1:
    fail("error: more than one device/emulator")
if serial is None and not phones:
    fail("adb: no devices/emulators found")
if serial is not None and serial not in phones:
    fail("adb: device '" + serial + "' not found")
phone = phones[serial] if serial else next(iter(phones.values()))
if phone["state"] == "unauthorized":
    fail("error: device unauthorized.\\nThis adb server's $ADB_VENDOR_KEYS is not set\\n"
         "Try 'adb kill-server' if that seems wrong.\\nOtherwise check for a confirmation dialog on your device.")
if phone["state"] == "offline":
    fail("error: device offline")
output = bytes.fromhex(phone["output"])
if phone["state"] == "vanishes":
    sys.stdout.buffer.write(output[: phone["cut_at"]])
    sys.exit(255)
sys.stdout.buffer.write(output)
sys.stdout.flush()
if phone["state"] == "hangs":
    time.sleep(600)
while phone["state"] == "endless":
    sys.stdout.buffer.write(output)
if "echo" in arguments[-1]:
    print("veilleur-end 0 fr-FR")
"""


class PhoneState(StrEnum):
    """How a phone answers."""

    DEVICE = "device"
    UNAUTHORIZED = "unauthorized"
    OFFLINE = "offline"
    VANISHES = "vanishes"
    HANGS = "hangs"
    ENDLESS = "endless"


class StandInAdb:
    """The phones that the stand-in sees; each call reads them anew."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.program = folder / "adb"
        self._folder = folder
        self._phones: dict[str, dict[str, object]] = {}
        self.program.write_text(_SCRIPT.replace("{python}", sys.executable))
        self.program.chmod(0o755)
        self._write()

    @property
    def calls(self) -> list[list[str]]:
        """The arguments of each call so far."""
        lines = self._folder / "calls.jsonl"
        return [json.loads(line) for line in lines.read_text().splitlines()] if lines.exists() else []

    def plug(
        self, output: str | bytes, *, serial: str = "R58N", state: PhoneState = PhoneState.DEVICE, cut_at: int = 0
    ) -> None:
        """Connect a phone, or change what it answers."""
        raw = output.encode() if isinstance(output, str) else output
        self._phones[serial] = {"state": state, "output": raw.hex(), "cut_at": cut_at}
        self._write()

    def unplug(self, serial: str = "R58N") -> None:
        del self._phones[serial]
        self._write()

    def _write(self) -> None:
        fresh = self._folder / "phones.new"
        fresh.write_text(json.dumps(self._phones))
        fresh.replace(self._folder / "phones.json")
