"""Runs the embedded broker in a process of its own until that is killed: `python -m tests.servers.run_embedded`."""

from __future__ import annotations

import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from tests.servers.embedded import ListedDevices, broker_settings
from veilleur_bridge.broker.embedded import EmbeddedBroker


def main() -> None:
    """Start a broker under the folder and on the port given, print its pid, and wait for the end."""
    settings = broker_settings(Path(sys.argv[1]), port=int(sys.argv[2]))
    broker = EmbeddedBroker(settings, ListedDevices(), clock=lambda: datetime.now(UTC))
    broker.start()
    sys.stdout.write(f"{broker.state().pid}\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main()
