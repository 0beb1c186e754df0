"""A spooling process on a disk that is full for a while: `python -m tests.faults.cramped_spooling FOLDER MOST_BYTES`.

No file may grow past so many bytes until the first append has failed twice; then everything is receipted while no
file can be written at all. Printed: the seqs that were given out before and after, and those that come out in the end.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from veilleur_bridge.errors import SpoolError
from veilleur_bridge.spool.contents import SpoolRecord
from veilleur_bridge.spool.spool import Spool
from veilleur_bridge.wire.receipt import Receipt

_PAYLOAD = b"x" * 3_000


def main(folder: Path, most_bytes: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    spool = Spool(folder, clock=lambda: datetime.now(UTC))
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))
    before, failures = append_until_it_fails(spool), 1
    try:
        append(spool)
    except SpoolError:
        failures += 1
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    spool.trim(Receipt("s", 1, spool.epoch, before[-1]))
    spool.tidy()
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    after = [append(spool) for _ in range(3)]
    read = [item.seq for item in spool.read(1, 1_000) if isinstance(item, SpoolRecord)]
    print(json.dumps({"before": before, "failures": failures, "after": after, "read": read}))  # noqa: T201 - its answer


def append(spool: Spool) -> int:
    return spool.append(lambda epoch, seq: f"{epoch} {seq}".encode() + _PAYLOAD)


def append_until_it_fails(spool: Spool) -> list[int]:
    given: list[int] = []
    while True:
        try:
            given.append(append(spool))
        except SpoolError:
            return given


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
