"""`python -m benchmarks.trends`: what each question about trends costs over so many mentions, in CPU time.

The mentions are made in a folder that is thrown away. Ends with 1 where an answer takes more than a second.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.search_data import BEGIN_MS, YEAR_MS, fill
from veilleur.model.scope import Scope
from veilleur.model.trends import TrendKind
from veilleur.store.opening import open_database
from veilleur.trends import reading

_MENTIONS: Final = 100_000
_MOST_S: Final = 1.0
_EVERYONE: Final = Scope(may_read_private=True)
_YEAR: Final = timedelta(days=366)


def main() -> int:
    """Measure, and return the exit code."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.trends", description=__doc__)
    options.add_argument("--mentions", type=int, default=_MENTIONS, help="how many (%(default)s)")
    count: int = options.parse_args().mentions
    now = datetime.fromtimestamp((BEGIN_MS + YEAR_MS) / 1_000, UTC)
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_database(f"sqlite:///{Path(folder) / 'veilleur.db'}")) as database,
    ):
        fill(database, count)
        year = {"since_at": now - _YEAR, "now": now}
        # Every mention is of the time asked about, or of the seven before it.
        rising = partial(reading.read_trends, database, _EVERYONE, since_at=now - _YEAR / 8, now=now, limit=50)
        took = [_measured(f"trends by {kind}", partial(rising, kind)) for kind in TrendKind]
        took += [
            _measured("communities", partial(reading.read_communities, database, _EVERYONE, **year)),
            _measured("forwards", partial(reading.read_forwards, database, _EVERYONE, **year)),
            _measured("crossings", partial(reading.read_crossings, database, _EVERYONE, **year)),
        ]
    return 0 if max(took) <= _MOST_S else 1


def _measured(name: str, ask: Callable[[], Sequence[object]]) -> float:
    begun = time.process_time()
    found = ask()
    took = time.process_time() - begun
    sys.stdout.write(f"{name}: {took:.2f} s of CPU, {len(found)} rows\n")
    sys.stdout.flush()
    return took


if __name__ == "__main__":
    sys.exit(main())
