"""Who holds a broker's folder is told whole, whoever held it before and whenever it is asked."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

from veilleur_bridge.broker.store_lock import LockHolder, acquire_store_lock, current_holder

PLAIN = LockHolder(daemon_pid=1, broker_pid=2, port=1883)
ENCRYPTED = replace(PLAIN, host="192.0.2.10", port=8883, key_sha256="0f" * 32)
LOOKS = 1_000


def test_whoever_looks_while_the_broker_is_opened_and_closed_finds_it(tmp_path: Path) -> None:
    """Broken line: what is written first and cut to its length afterwards; it reported None among the found.

    To a command that looked between the two no broker ran.
    """
    lock, is_over = acquire_store_lock(tmp_path), threading.Event()
    lock.name_holder(PLAIN)

    def open_and_close() -> None:
        while not is_over.is_set():
            lock.name_holder(ENCRYPTED)
            lock.name_holder(PLAIN)

    changing = threading.Thread(target=open_and_close)
    changing.start()
    try:
        found = {current_holder(tmp_path) for _ in range(LOOKS)}
    finally:
        is_over.set()
        changing.join()
        lock.release()

    assert found <= {PLAIN, ENCRYPTED}
    assert current_holder(tmp_path) is None
