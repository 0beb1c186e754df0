"""A device that dies as by a power cut once it is connected: `python -m tests.bridge.dying_device URL FOLDER`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from tests.bridge.test_device_program import device_at
from tests.waiting import until
from veilleur_bridge.mqtt_url import parse_mqtt_url

if __name__ == "__main__":
    with device_at(parse_mqtt_url(sys.argv[1]), Path(sys.argv[2])) as device:
        until(lambda: device.state().link.is_up, within_seconds=30, what="the device is connected")
        sys.stdin.read()
        os.kill(os.getpid(), signal.SIGKILL)
