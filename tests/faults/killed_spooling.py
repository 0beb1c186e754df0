"""A spooling process that is killed again and again: `python -m tests.faults.killed_spooling FOLDER KILLS SEED`.

Each life opens the spool, appends, and tells each seq only after the append returned; it is killed (SIGKILL) at an
instant that it cannot know. Printed at the end: what was told, as JSON, seq to SHA-256.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from veilleur_bridge.spool.spool import Spool

_TOLD_BYTES = 8 + 32
_PAYLOAD_BYTES = (60, 700, 9_000, 120_000)
_NO_CAP_BYTES = 2**50
_LONGEST_LIFE_SECONDS = 0.02


def main(folder: Path, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    told: dict[int, str] = {}
    for life in range(kills):
        told |= told_in_one_life(folder, seed * kills + life, chance)
    print(json.dumps(told))  # noqa: T201 - this is what the program is for


def told_in_one_life(folder: Path, seed: int, chance: random.Random) -> dict[int, str]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        spool_until_killed(folder, seed, writing)
    os.close(writing)
    first = os.read(reading, _TOLD_BYTES)
    select.select([], [], [], chance.uniform(0, _LONGEST_LIFE_SECONDS))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as rest:
        content = first + rest.read()
    assert first, "this life was never born"
    whole = len(content) // _TOLD_BYTES * _TOLD_BYTES
    pieces = [content[at : at + _TOLD_BYTES] for at in range(0, whole, _TOLD_BYTES)]
    return {int.from_bytes(piece[:8], "big"): piece[8:].hex() for piece in pieces}


def spool_until_killed(folder: Path, seed: int, telling: int) -> None:
    chance = random.Random(seed)
    spool = Spool(folder, clock=lambda: datetime.now(UTC), cap_bytes=_NO_CAP_BYTES)

    def make(epoch: str, seq: int) -> bytes:
        return json.dumps([epoch, seq, chance.random()]).encode().ljust(chance.choice(_PAYLOAD_BYTES))

    while True:
        payloads: list[bytes] = []

        def make_and_keep(epoch: str, seq: int, kept: list[bytes] = payloads) -> bytes:
            kept.append(make(epoch, seq))
            return kept[-1]

        given = spool.append_many([make_and_keep] * chance.randint(1, 4))
        for seq, payload in zip(given, payloads, strict=True):
            os.write(telling, seq.to_bytes(8, "big") + sha256(payload).digest())


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
