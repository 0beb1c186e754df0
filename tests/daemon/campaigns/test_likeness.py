"""Openings as people send them are told from other wishes in the same frame."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.daemon.campaigns.planted import OPENINGS, Sent, planted
from veilleur.campaigns.likeness import likeness, opening_of
from veilleur.campaigns.origins import CampaignMatcher
from veilleur.campaigns.proposing import propose
from veilleur.model.campaign import Campaign, CampaignKind

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
# The costs and the threshold were chosen on the seeds below 100.
UNSEEN_SEEDS = range(1_000, 1_004)
COUNT = 250


def campaigns() -> list[Campaign]:
    return [
        Campaign(name=name, project="default", kind=CampaignKind.AD, openings=(text,), created_at=NOW)
        for name, text in OPENINGS.items()
    ]


def told(sent: list[Sent]) -> list[tuple[str | None, str | None]]:
    """Return of each first message whose it is, and whose it was said to be."""
    matcher = CampaignMatcher(campaigns())
    origins = [matcher.origin_of(one.text) for one in sent]
    found = [None if origin is None else origin.campaign for origin in origins]
    return [(one.campaign, name) for one, name in zip(sent, found, strict=True)]


@pytest.mark.parametrize("seed", UNSEEN_SEEDS)
def test_planted_paraphrases_are_found_and_hardly_anything_else(seed: int) -> None:
    pairs = told(planted(seed, COUNT))
    said = [(real, found) for real, found in pairs if found is not None]
    planted_ones = [(real, found) for real, found in pairs if real is not None]
    assert sum(real == found for real, found in said) / len(said) >= 0.95
    assert sum(real == found for real, found in planted_ones) / len(planted_ones) >= 0.8


def test_an_opening_that_two_campaigns_share_is_neithers() -> None:
    twice = [
        *campaigns(),
        Campaign(name="other", project="default", kind=CampaignKind.QR, openings=(OPENINGS["brunch"],), created_at=NOW),
    ]
    assert CampaignMatcher(twice).origin_of(OPENINGS["brunch"]) is None


def test_the_very_words_are_sure_and_others_less_so() -> None:
    matcher = CampaignMatcher(campaigns())
    exact = matcher.origin_of(OPENINGS["brunch"])
    mistyped = matcher.origin_of("bonjour je voudrai en savoir plus sur votre bruch du dimanche")
    assert exact is not None
    assert mistyped is not None
    assert (exact.confidence, mistyped.campaign) == (1.0, "brunch")
    assert 0.72 <= mistyped.confidence < 1.0


def test_what_many_share_and_no_campaign_knows_is_proposed_once() -> None:
    sent = [one.text for one in planted(7, 400) if one.campaign == "solar"]
    others = [one for one in campaigns() if one.name != "solar"]
    proposals = propose([*sent, "Bonjour", "Bonjour", "Bonjour", "Bonjour", "Bonjour"], others, at_least=5, limit=9)
    assert len(proposals) == 1
    assert "solar panels" in proposals[0].opening
    assert proposals[0].conversations >= 0.8 * len(sent)
    assert propose(sent, campaigns(), at_least=5, limit=9) == ()


def test_of_an_endless_first_message_the_beginning_is_compared() -> None:
    endless = opening_of(" ".join(f"parole{place}" for place in range(12_000)))
    assert len(endless.words) == 100
    assert likeness(endless, opening_of(OPENINGS["brunch"])) < 0.3
    assert likeness(endless, endless) == 1.0


def test_texts_of_lengths_far_apart_are_not_alike() -> None:
    assert likeness(opening_of("brunch"), opening_of("brunch " * 30)) == 0.0
    assert likeness(opening_of("Bonjour madame, le brunch svp, merci bonne journee Nadia"), opening_of("brunch")) > 0.0
