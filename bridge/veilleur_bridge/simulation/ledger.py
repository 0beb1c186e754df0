"""The ledger of a simulated tablet: one line for each envelope that its spool took, to compare a database with."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from veilleur_bridge.errors import LogError

_NAMES: Final = ("device", "epoch", "seq", "sha256")


class Ledger:
    """Appends JSON lines `device, epoch, seq, sha256` to a file, and goes on where an earlier run was cut off.

    Raises LogError where the file cannot be used.
    """

    def __init__(self, path: Path, device: str) -> None:
        self._device = device
        self._through: dict[str, int] = {}
        try:
            with path.open("a+b") as earlier:
                self._go_on(earlier)
            self._file = path.open("ab")
        except (OSError, ValueError, KeyError) as error:
            raise LogError(f"{path} is no ledger that could be gone on with ({error}): give another file") from error

    def note(self, epoch: str, records: Iterable[tuple[int, bytes]]) -> None:
        """Write down what was spooled, in the order of seqs; what stands here already is left out."""
        lines = []
        for seq, payload in records:
            if seq > self.through(epoch):
                values = (self._device, epoch, seq, sha256(payload).hexdigest())
                lines.append(json.dumps(dict(zip(_NAMES, values, strict=True))) + "\n")
                self._through[epoch] = seq
        self._file.write("".join(lines).encode())
        self._file.flush()

    def through(self, epoch: str) -> int:
        """Return the last seq of an epoch that is written down, 0 before the first."""
        return self._through.get(epoch, 0)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _go_on(self, earlier: BinaryIO) -> None:
        earlier.seek(0)
        whole = 0
        for line in earlier:
            if not line.endswith(b"\n"):
                break
            told = json.loads(line)
            self._through[told["epoch"]] = told["seq"]
            whole += len(line)
        earlier.truncate(whole)
