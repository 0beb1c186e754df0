"""What people saw and what the apps' resources hold is read as each row says, where the folder of evidence is at hand.

The rows of what was seen stand in `tests/cases/APP/observed.jsonl` too, with other names, and are always read.
"""

from __future__ import annotations

import os
from pathlib import Path

from tests.daemon.parsers.observed_corpus import differences
from veilleur.parsers.registry import ParserRegistry

FOLDER = Path(os.environ.get("VEILLEUR_CORPUS") or Path(__file__).parents[4] / "shared" / "corpus")


def test_every_row_of_the_evidence_is_read_as_it_says(registry: ParserRegistry) -> None:
    if (FOLDER / "observed.jsonl").is_file():
        assert list(differences(FOLDER, registry)) == []
