"""Android's sentence in place of words that it hides: one list for the device and the daemon."""

from __future__ import annotations

import json

from tests.architecture.source_file import PROJECT
from veilleur.parsers.catalogue_loading import load_catalogues
from veilleur.parsers.screening import ANDROID_CATALOGUE

CONTRACT = PROJECT / "bridge" / "contract" / "redaction" / "hidden.json"


def test_the_contract_and_the_catalogues_hold_the_same_sentences() -> None:
    told = json.loads(CONTRACT.read_text(encoding="utf-8"))["sentences"]
    known = {
        language: [entry.pattern for entry in catalogue.entries]
        for language, catalogue in load_catalogues(ANDROID_CATALOGUE).items()
    }
    assert told == known
