"""An `adb` of the tests' own with one tablet behind it: it keeps what was set, and answers in Android's words."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

_SCRIPT = """#!{python} -SI
import hashlib, json, sys
from pathlib import Path
folder = Path(__file__).parent
arguments = sys.argv[1:]
if arguments[:1] == ["-s"]:
    arguments = arguments[2:]
with (folder / "calls.jsonl").open("a") as calls:
    calls.write(json.dumps(arguments) + "\\n")
file = folder / "tablet.json"
tablet = json.loads(file.read_text())
if tablet["state"] != "device":
    sys.exit("error: device " + tablet["state"])
obeys = lambda what: what not in tablet["deaf_to"]
words = " ".join(arguments[1:])
one = arguments[-1]
app = lambda name: tablet["apps"].setdefault(name, {{}})
said = ""
if not obeys(words):
    sys.exit("error: device offline")
if arguments[0] == "get-state":
    said = "device"
elif arguments[0] == "install":
    if obeys("install"):
        app("veilleur.companion")["sha256"] = hashlib.sha256(Path(one).read_bytes()).hexdigest()
        said = "Performing Streamed Install\\r\\nSuccess"
    else:
        said = "adb: failed to install: Failure [INSTALL_FAILED_UPDATE_INCOMPATIBLE]"
elif words.startswith("getprop"):
    said = tablet["properties"].get(one, "")
elif words == "am get-current-user":
    said = str(tablet["user"])
elif words.startswith("pm path"):
    said = "package:/data/app/" + one + "/base.apk" if one in tablet["apps"] else ""
elif words.startswith("sha256sum"):
    said = tablet["apps"][one.split("/")[3]].get("sha256", "0" * 64) + "  " + one
elif words.startswith("pm grant"):
    if obeys("grant"):
        app(arguments[3]).setdefault("granted", []).append(one)
elif words.startswith("dumpsys package"):
    lines = ["      " + name + ": granted=true, flags=[]" for name in app(one).get("granted", [])]
    said = "\\r\\n".join(["  Package [" + one + "] (7a5f1c2):", *lines])
elif words.startswith("cmd notification allow_listener"):
    if obeys("allow_listener"):
        tablet["listeners"].append(one)
elif words == "settings get secure enabled_notification_listeners":
    said = ":".join(tablet["listeners"]) or "null"
elif words.startswith("dumpsys deviceidle whitelist +"):
    tablet["spared"].append(one[1:])
elif words == "dumpsys deviceidle whitelist":
    said = "\\n".join("user," + name + ",10100" for name in tablet["spared"])
elif words.startswith("cmd appops set"):
    if obeys("appops"):
        app(arguments[4])[arguments[5]] = one
elif words.startswith("cmd appops get"):
    said = one + ": " + app(arguments[4]).get(one, "default")
elif words.startswith("cmd app_hibernation set-state"):
    app(arguments[4])["hibernates"] = one
elif words.startswith("cmd app_hibernation get-state"):
    said = app(one).get("hibernates", "true")
elif words.startswith("dpm set-device-owner"):
    if tablet["accounts"]:
        said = "IllegalStateException: Not allowed to set the device owner: there are already some accounts"
    else:
        tablet["owner"] = one
elif words == "dumpsys device_policy":
    said = "Device Owner: \\n  admin=ComponentInfo{{" + tablet["owner"] + "}}" if tablet["owner"] else ""
elif words.startswith("settings put global stay_on"):
    tablet["stays_on"] = one
elif words.startswith("settings get global stay_on"):
    said = tablet["stays_on"]
elif words.startswith("am start"):
    tablet["pinned"] = True
elif words == "dumpsys activity activities":
    said = "mLockTaskModeState=" + ("PINNED" if tablet["pinned"] else "NONE")
else:
    said = "Unknown command: " + words
file.write_text(json.dumps(tablet))
print(said, end="\\r\\n")
"""


class StandInTablet:
    """A folder to put first on the PATH, whose `adb` reaches one tablet."""

    def __init__(self, folder: Path) -> None:
        """Start with a new tablet of Android 15 on which the watched apps are installed."""
        self.folder = folder
        self._file = folder / "tablet.json"
        folder.mkdir()
        program = folder / "adb"
        program.write_text(_SCRIPT.format(python=sys.executable))
        program.chmod(0o755)
        apps: dict[str, Any] = {
            name: {} for name in ("com.google.android.gms", "com.zhiliaoapp.musically", "com.whatsapp.w4b")
        }
        state = {"state": "device", "user": 0, "properties": {"ro.build.version.sdk": "35"}, "apps": apps}
        empty = {
            "listeners": [],
            "spared": [],
            "deaf_to": [],
            "accounts": 0,
            "owner": "",
            "stays_on": "0",
            "pinned": False,
        }
        self._file.write_text(json.dumps(state | empty))

    def become(self, **changes: object) -> None:
        """Change what the tablet is."""
        self._file.write_text(json.dumps(self.state() | changes))

    def state(self) -> dict[str, Any]:
        """Read what the tablet is by now."""
        state: dict[str, Any] = json.loads(self._file.read_text())
        return state

    def calls(self) -> list[list[str]]:
        """List the arguments of every call so far."""
        log = self.folder / "calls.jsonl"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
