"""Openings that many share are found among many that nobody shares, and in time."""

from __future__ import annotations

import random

import pytest

from veilleur.campaigns.proposing import propose

SHARED = "Bonjour, je voudrais réserver le menu découverte pour deux personnes"
_WORDS = [f"mot{number}x" for number in range(300)]


@pytest.mark.timeout(60)
def test_a_shared_opening_is_found_among_thousands_of_others() -> None:
    """Compared with all others, as it was, each took 30 ms: the trial ran out of its time."""
    dice = random.Random(20261122)
    others = [" ".join(dice.choices(_WORDS, k=8)) for _ in range(6_000)]
    shared = [SHARED, SHARED.upper(), f"{SHARED} svp", SHARED.replace("réserver", "resever"), f"Coucou ! {SHARED}"]
    written = [*others, *shared, *shared]
    dice.shuffle(written)
    [found] = propose(written, [], at_least=5, limit=9)
    assert found.conversations == len(shared) * 2
