"""What records name by a word is told by the table of its own kind, also where another kind spells alike."""

from __future__ import annotations

from enum import StrEnum

import pytest

from veilleur.model.alarms import AlarmCode
from veilleur.model.coverage import CoverageCause
from veilleur.model.kinds import OutcomeKind
from veilleur.wording.words import worded


@pytest.mark.parametrize(
    ("word", "told"),
    [
        (CoverageCause.LISTENER_DEAD, "Android had stopped the listener"),
        (AlarmCode.LISTENER_DEAD, "Android stopped the listener of a device"),
        (CoverageCause.GAP, "notifications that never arrived"),
        (AlarmCode.GAP, "Notifications are missing"),
        (CoverageCause.QUARANTINED, "notifications that nobody understood"),
        (OutcomeKind.QUARANTINED, "not understood"),
    ],
)
def test_words_that_spell_alike_are_told_apart(word: StrEnum, told: str) -> None:
    assert worded(word) == told


@pytest.mark.parametrize("kind", [CoverageCause, AlarmCode])
def test_each_cause_and_each_alarm_is_told_in_words_of_its_own(kind: type[StrEnum]) -> None:
    told = [worded(word) for word in kind]

    assert len(set(told)) == len(told)
    assert [word for word in kind if worded(word) == word.value.replace("_", " ")] == []
