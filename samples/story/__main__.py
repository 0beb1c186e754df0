"""Writes the sample log and its oracle into a folder: `python -m samples.story samples`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

from samples.story.oracle import expected
from samples.story.stage import Stage
from samples.story.week import WEEK

NAME: Final = "restaurant-week"


def write_sample(folder: Path) -> None:
    """Play the week and write `restaurant-week.jsonl` and `restaurant-week.expected.json`."""
    stage = Stage()
    stage.play_all(WEEK)
    log = "".join(f"{_compact(envelope)}\n" for envelope in stage.tablet.envelopes)
    (folder / f"{NAME}.jsonl").write_text(log, encoding="utf-8", newline="\n")
    (folder / f"{NAME}.expected.json").write_text(_pretty(expected(stage)), encoding="utf-8", newline="\n")


def _compact(value: Any) -> str:  # noqa: ANN401 - JSON values of any kind
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _pretty(oracle: dict[str, Any]) -> str:
    """Lay the oracle out with one line for each entry of its lists, so that a change reads as one line."""
    entries = []
    for name, value in oracle.items():
        if isinstance(value, list):
            rows = ",\n".join(f"    {json.dumps(row, ensure_ascii=False)}" for row in value)
            entries.append(f'  "{name}": [\n{rows}\n  ]')
        else:
            entries.append(f'  "{name}": {json.dumps(value, ensure_ascii=False, indent=2)}'.replace("\n", "\n  "))
    return "{\n" + ",\n".join(entries) + "\n}\n"


if __name__ == "__main__":
    write_sample(Path(sys.argv[1]))
