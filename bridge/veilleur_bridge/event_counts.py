"""What a device counts over an epoch, as its status says it: events captured, dropped and redacted."""

from __future__ import annotations

import contextlib
import json
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from veilleur_bridge.captured import DropReason
from veilleur_bridge.envelope import Envelope
from veilleur_bridge.spool.folder import put_file

COUNTS_FILE: Final = "counts.json"


@dataclass(frozen=True, slots=True)
class Counts:
    """Captured by package, dropped by reason, redacted by kind."""

    captured: dict[str, int]
    dropped: dict[str, int]
    redacted: dict[str, int]


class EventCounts:
    """Counts that outlive a restart, as far as they were saved; every method may be called from any thread."""

    def __init__(self, folder: Path, epoch: str) -> None:
        self._file = folder / COUNTS_FILE
        self._epoch = epoch
        self._access = threading.Lock()
        known = _load(self._file, epoch)
        self._captured, self._dropped = Counter(known.captured), Counter(known.dropped)
        self._redacted = Counter(known.redacted)

    def add(self, spooled: Iterable[Envelope], dropped: Iterable[DropReason]) -> None:
        """Count what became of some events."""
        with self._access:
            for envelope in spooled:
                self._captured[envelope.app.package] += 1
                self._redacted.update(envelope.redacted or ())
            self._dropped.update(dropped)

    def now(self) -> Counts:
        """Return the counts so far."""
        with self._access:
            return Counts(dict(self._captured), dict(self._dropped), dict(self._redacted))

    def save(self) -> None:
        """Write them down; where the disk does not take them, the next save will."""
        counts = self.now()
        written = {
            "epoch": self._epoch,
            "captured": counts.captured,
            "dropped": counts.dropped,
            "redacted": counts.redacted,
        }
        with contextlib.suppress(OSError):
            put_file(self._file, json.dumps(written).encode())


def _load(file: Path, epoch: str) -> Counts:
    try:
        written = json.loads(file.read_bytes())
        known = written if written["epoch"] == epoch else {"captured": {}, "dropped": {}, "redacted": {}}
        return Counts(*({str(key): int(count) for key, count in known[name].items()} for name in Counts.__slots__))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Counts({}, {}, {})
