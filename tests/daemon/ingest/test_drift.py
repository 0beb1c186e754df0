"""A tenth of an app's wordings changes: it is noticed within fifty notifications, and the patterns proposed are right.

Seeds from 100 on were never looked at while the rules were written.
"""

from __future__ import annotations

import random
from itertools import islice
from pathlib import Path

import pytest

from tests.daemon.parsers.wording_mutations import Shown, Wording, show, stream, wordings
from veilleur.coverage.drift import has_drifted
from veilleur.ingest.unknown_wordings import UnknownWordings
from veilleur.model.drift import RecentWordings
from veilleur.model.outcome import Parsed
from veilleur.parsers.catalogue import Catalogue
from veilleur.parsers.catalogue_loading import load_catalogues
from veilleur.parsers.proposals import UnknownText, propose
from veilleur.parsers.registry import ParserRegistry, builtin_parsers
from veilleur_bridge.codec import Codec

HELD_BACK = range(100, 120)
LANGUAGES = ("en", "fr")
SEEN_OF_EACH = 6


@pytest.fixture(scope="module")
def catalogues() -> dict[str, dict[str, Catalogue]]:
    return {"tiktok": load_catalogues("tiktok")}


@pytest.fixture(scope="module")
def unknown(catalogues: dict[str, dict[str, Catalogue]]) -> UnknownWordings:
    return UnknownWordings(Codec(), builtin_parsers(), catalogues)


def changed_app(catalogues: dict[str, dict[str, Catalogue]], language: str, seed: int) -> list[Wording]:
    return wordings(list(catalogues["tiktok"][language].entries), seed)


def test_the_alarm_comes_within_fifty_notifications(
    catalogues: dict[str, dict[str, Catalogue]], unknown: UnknownWordings
) -> None:
    late = 0
    for seed in HELD_BACK:
        for language in LANGUAGES:
            known = changed_app(catalogues, language, seed)
            shown = islice(stream(known, random.Random(seed)), 50)
            count = sum(unknown.text_of(one.envelope, 1) is not None for _, one in shown)
            late += not has_drifted(RecentWordings("tiktok", 50, count, 600, 0))

    assert late <= len(HELD_BACK) * len(LANGUAGES) * 0.1


def test_nothing_is_told_of_an_app_that_changed_nothing(
    catalogues: dict[str, dict[str, Catalogue]], unknown: UnknownWordings
) -> None:
    entries = list(catalogues["tiktok"]["fr"].entries)
    known = wordings(entries, 1, share=0.0)

    assert [one for _, one in islice(stream(known, random.Random(1)), 200) if unknown.text_of(one.envelope, 1)] == []


def test_nine_of_ten_proposed_patterns_read_what_the_app_shows_next(
    catalogues: dict[str, dict[str, Catalogue]], unknown: UnknownWordings, tmp_path: Path
) -> None:
    right = total = 0
    for seed in HELD_BACK:
        for language in LANGUAGES:
            chance = random.Random(seed)
            changed = [one for one in changed_app(catalogues, language, seed) if one.change]
            texts = {number: unknown_texts(unknown, one, chance) for number, one in enumerate(changed)}
            noticed = [one for number, one in enumerate(changed) if len(texts[number]) == SEEN_OF_EACH]
            mixed = [text for of_one in texts.values() for text in of_one]
            chance.shuffle(mixed)
            registry = taught(tmp_path / f"{language}-{seed}", mixed, catalogues)
            total += len(noticed)
            right += sum(
                reads_all(registry, one, [show(one, chance, 9) for _ in range(SEEN_OF_EACH)]) for one in noticed
            )

    assert total > 60
    assert right >= 0.9 * total


def unknown_texts(unknown: UnknownWordings, wording: Wording, chance: random.Random) -> list[UnknownText]:
    found = (unknown.text_of(show(wording, chance, number).envelope, number) for number in range(SEEN_OF_EACH))
    return [text for text in found if text is not None]


def taught(folder: Path, texts: list[UnknownText], catalogues: dict[str, dict[str, Catalogue]]) -> ParserRegistry:
    """Return the parsers with every proposal for these texts in the user's folder."""
    (folder / "tiktok").mkdir(parents=True)
    for proposal in propose(texts, catalogues):
        with (folder / "tiktok" / f"{proposal.language}.toml").open("a", encoding="utf-8") as file:
            file.write(proposal.as_toml() + "\n")
    return builtin_parsers(folder)


def reads_all(registry: ParserRegistry, wording: Wording, shown: list[Shown]) -> bool:
    return all(reads(registry, wording, one) for one in shown)


def reads(registry: ParserRegistry, wording: Wording, shown: Shown) -> bool:
    """Return whether kind, actor, target, body and count are those that were put in, by a pattern proposed."""
    outcome = registry.read(shown.envelope).outcome
    if not isinstance(outcome, Parsed) or len(outcome.mentions) != 1:
        return False
    draft, put_in = outcome.mentions[0], shown.slots
    count = int(put_in["count"]) if "count" in put_in else None
    read = (draft.kind, draft.actor.name if draft.actor else None, draft.target, draft.body, draft.count)
    wanted = (wording.entry.meaning.kind, put_in["actor"], put_in.get("target"), put_in.get("body"), count)
    return "suggested_" in draft.pattern and read == wanted
