"""What people saw and what the apps' resources hold is read as each row of the evidence says: `make corpus` asks.

The rows of what was seen stand in `tests/cases/APP/observed.jsonl` too, with other names, and are always read.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import pytest

from tests.daemon.parsers.observed_corpus import differences, folder_of_evidence
from veilleur.parsers.registry import ParserRegistry


@pytest.mark.corpus
def test_every_row_of_the_evidence_is_read_as_it_says(registry: ParserRegistry) -> None:
    assert list(differences(folder_of_evidence(os.environ), registry)) == []


@pytest.mark.parametrize("environment", [{}, {"VEILLEUR_CORPUS": ""}, {"VEILLEUR_CORPUS": "/nowhere"}])
def test_without_the_folder_of_evidence_it_says_how_to_name_one(environment: Mapping[str, str]) -> None:
    """Broken line: `folder_of_evidence` without its refusal; it reported that nothing was raised."""
    with pytest.raises(FileNotFoundError, match="make corpus CORPUS=FOLDER/real"):
        folder_of_evidence(environment)
