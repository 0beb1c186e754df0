"""Exports of a database that is there: how fast, and with how much memory, each format is written.

`python -m benchmarks.exports sqlite:////path/veilleur.db`; the database is read, and migrated where it is older.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import Final

from veilleur.exports.mentions import export_chunks, exported_mentions
from veilleur.exports.request import ExportRequest
from veilleur.model.coverage import Completeness
from veilleur.model.export import ExportFormat
from veilleur.model.scope import Scope
from veilleur.query.reading import read_query
from veilleur.store.mentions import total_mentions
from veilleur.store.opening import open_database

_KIB_IN_MIB: Final = 1024


def main() -> int:
    """Measure one format here, or each in a process of its own."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.exports", description=__doc__)
    options.add_argument("database_url")
    options.add_argument("--format", type=ExportFormat, choices=list(ExportFormat))
    options.add_argument("--query", default="")
    asked = options.parse_args()
    if asked.format is not None:
        measure(asked.database_url, asked.format, asked.query)
        return 0
    command = [sys.executable, "-m", "benchmarks.exports", asked.database_url, "--query", asked.query, "--format"]
    return max(subprocess.run([*command, one], check=False).returncode for one in ExportFormat)


def measure(database_url: str, format: ExportFormat, query_text: str) -> None:  # noqa: A002 - the flag's name
    """Write one file into nothing and print its rate, this process's largest memory, and the file's size."""
    scope, now = Scope(may_read_private=True), datetime.now(UTC)
    query = read_query(query_text, now=now, zone=UTC)
    request = ExportRequest(query=query_text, zone=UTC, asked_at=now, completeness=Completeness)
    database = open_database(database_url)
    count, before_mib = total_mentions(database, scope, query), _peak_mib()
    began_s = time.process_time()
    size = sum(map(len, export_chunks(format, exported_mentions(database, scope, query), request)))
    took_s = time.process_time() - began_s
    rate = count / took_s
    print(
        f"{format:8}{count:12,} mentions {rate:10,.0f} a second of one core {_peak_mib():8,.0f} MiB at most "
        f"({before_mib:,.0f} before) {size / 2**20:8,.0f} MiB written"
    )
    database.close()


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIB_IN_MIB


if __name__ == "__main__":
    sys.exit(main())
