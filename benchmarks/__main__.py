"""`make bench`: prints each measurement with its bound and ends with 1 where one is missed."""

from __future__ import annotations

import argparse
import sys
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Final

from benchmarks.envelopes import AS_THE_SAMPLE_WEEK, DENSE, Mix, write_log
from benchmarks.live import measure_live
from benchmarks.reading import measure_reading
from benchmarks.replay import measure_reference, measure_replay

_REPLAYED: Final = 200_000
_LIVE: Final = 400_000
_LEAST_RATE: Final = 10_000
_MOST_MIB: Final = 200
_LEAST_READ: Final = 25_000
_LEAST_RATIO: Final = 0.12
_MOST_GROWTH_MIB: Final = 60


class Part(StrEnum):
    """What can be measured alone."""

    READING = "reading"
    WEEK = "week"
    DENSE = "dense"
    LIVE = "live"


def main() -> int:
    """Run the measurements and return the exit code."""
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--replayed", type=int, default=_REPLAYED, help="envelopes of the replay (%(default)s)")
    options.add_argument("--live", type=int, default=_LIVE, help="messages through a broker (%(default)s)")
    options.add_argument("parts", nargs="*", type=Part, metavar="|".join(Part), help="what is measured (all)")
    chosen = options.parse_args()
    parts = chosen.parts or list(Part)
    is_met = True
    with tempfile.TemporaryDirectory(prefix="veilleur-bench-") as name:
        if Part.READING in parts:
            is_met &= _reading(AS_THE_SAMPLE_WEEK, "mixed as the sample week", _LEAST_READ)
            is_met &= _reading(DENSE, "dense: nearly all tell something", 0)
        if Part.WEEK in parts:
            is_met &= _replay(Path(name) / "week", chosen.replayed, AS_THE_SAMPLE_WEEK, "mixed as the sample week")
        if Part.DENSE in parts:
            is_met &= _replay(Path(name) / "dense", chosen.replayed, DENSE, "dense: nearly all tell something")
        if Part.LIVE in parts:
            is_met &= _live(Path(name), chosen.live)
    return 0 if is_met else 1


def _reading(mix: Mix, name: str, least_rate: int) -> bool:
    done = measure_reading(mix)
    _say(f"parsers alone, {name}, a second of one core's time")
    _say(f"  read         {done.read:10,.0f}         (at least {least_rate:,})")
    _say(f"  json.loads   {done.decoded:10,.0f}         (the same lines)")
    return done.read >= least_rate


def _replay(folder: Path, count: int, mix: Mix, name: str) -> bool:
    folder.mkdir()
    log = folder / "log.jsonl"
    write_log(log, count, mix)
    size = log.stat().st_size / count
    _say(f"replay of {count:,} generated envelopes, {name} ({size:.0f} bytes each), index and all")
    before = measure_reference(log)
    done = measure_replay(log, count, folder / "replayed")
    reference = (before + measure_reference(log)) / 2
    _say(f"  rate         {done.rate:10,.0f} /s      (at least {_LEAST_RATE:,})")
    _say(f"  json.loads   {reference:10,.0f} /s      (the same lines, one process, before and after)")
    _say(f"  ratio        {done.rate / reference:10.3f}")
    _say(f"  CPU          {done.cpu_us:10.1f} µs an envelope")
    _say(f"  peak memory  {done.peak_mib:10.1f} MiB     (at most {_MOST_MIB})")
    return done.rate >= _LEAST_RATE and done.peak_mib <= _MOST_MIB


def _live(folder: Path, count: int) -> bool:
    log = folder / "live.jsonl"
    write_log(log, count, AS_THE_SAMPLE_WEEK)
    done = measure_live(log, count, folder)
    _say(f"{count:,} messages queued at mosquitto, each subscriber draining its own queue")
    _say(f"  mosquitto_sub -q 1 into a file  {done.ceiling_rate:10,.0f} /s")
    _say(f"  the full line, committed        {done.line_rate:10,.0f} /s")
    _say(f"  ratio                           {done.ratio:10.3f}     (at least {_LEAST_RATIO})")
    _say(f"  memory at start-up              {done.started_mib:10.1f} MiB")
    _say(f"  above that with the backlog     {done.growth_mib:10.1f} MiB (at most {_MOST_GROWTH_MIB})")
    return done.ratio >= _LEAST_RATIO and done.growth_mib <= _MOST_GROWTH_MIB


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
