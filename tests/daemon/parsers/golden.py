"""Golden cases: a notification beside what it must become, one JSON object a line in `tests/cases/APP/`.

`is` holds `ignored:REASON`, `quarantined:REASON`, or the mentions with every field that is not absent;
`deleted` the messages that the notification marks as such, `undated` those that it shows without their times,
`candidates` what a group's summary repeats; of these a line is null that makes no mention, or `deleted`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.daemon.parsers.parser_parts import envelope_of
from veilleur.model.outcome import Outcome, Parsed
from veilleur.parsers.golden_case import outcome_as_json
from veilleur_bridge.envelope import Envelope

CASES = Path(__file__).parents[2] / "cases"
Json = dict[str, Any]
__all__ = ["golden_cases", "outcome_as_json", "patterns_of"]


class GoldenCase(NamedTuple):
    """One line of a golden file."""

    name: str
    app: str
    envelope: Envelope
    expected: Json


def golden_cases() -> Iterator[GoldenCase]:
    """Yield every case of every file."""
    for path in sorted(CASES.glob("*/*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row: Json = json.loads(line)
            envelope = envelope_of(row["package"], row["notification"], locale=row["locale"])
            expected: Json = {name: row[name] for name in ("is", "deleted", "undated", "candidates") if name in row}
            yield GoldenCase(f"{path.parent.name}/{path.stem}: {row['case']}", path.parent.name, envelope, expected)


def patterns_of(outcome: Outcome) -> set[str]:
    """Return the catalogue entries that an outcome's mentions were read with."""
    return {draft.pattern for draft in outcome.mentions} if isinstance(outcome, Parsed) else set()
