"""Catches: a rumour that people shorten, greet before or mistype is no longer known; everyday words taken for one."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from veilleur.model.identity import MentionId
from veilleur.trends.forwards import Message, find_forwards

_START = datetime(2026, 1, 5, tzinfo=UTC)
_WORDS = re.findall(
    r"\w+",
    "eau ville demain coupure usine école police route magasin produit lait rappel vaccin facture colis banque compte "
    "message urgent partage famille voisin attention ce soir matin quartier pont gare train grève hôpital médecin "
    "enfant chien parc incendie fumée odeur usager ligne retard client livraison remboursement service appel numéro",
)
_ASIDE = ("Bonjour à tous", "Transféré", "Faites passer !", "Vu sur un autre groupe :", "⚠️⚠️")


def _sentence(dice: random.Random, least: int, most: int) -> str:
    return " ".join(dice.choice(_WORDS) for _ in range(dice.randint(least, most)))


def _mistyped(dice: random.Random, text: str) -> str:
    at = dice.randrange(len(text))
    return text[:at] + dice.choice("aeiou") + text[at + 1 :]


def _changed(dice: random.Random, text: str) -> str:
    changes: list[Callable[[str], str]] = [
        lambda said: said,
        lambda said: f"{dice.choice(_ASIDE)} {said}",
        lambda said: said.upper(),
        lambda said: " ".join(said.split()[:-2]),
        lambda said: _mistyped(dice, _mistyped(dice, said)),
        lambda said: f"{said} 🙏🙏",
    ]
    return dice.choice(changes)(text)


def _planted(seed: int) -> tuple[list[list[str]], list[Message]]:
    """Return the ids of 25 messages passed on through 2 to 9 conversations each, and all of 1,500 messages."""
    dice = random.Random(seed)
    messages: list[Message] = []

    def say(words: str, conversation: str) -> str:
        mention_id = MentionId(f"{len(messages):032x}")
        messages.append(Message(mention_id, conversation, _START + timedelta(minutes=len(messages)), words))
        return mention_id

    rounds = []
    for _ in range(25):
        rumour = _sentence(dice, 14, 40)
        places = dice.sample(range(40), dice.randint(2, 9))
        rounds.append([say(_changed(dice, rumour), f"c{place}") for place in places])
    while len(messages) < 1_500:
        say(_sentence(dice, 2, 30), f"c{dice.randrange(40)}")
    return rounds, messages


@pytest.mark.parametrize("seed", range(10))
def test_planted_forwards_are_found(seed: int) -> None:
    rounds, messages = _planted(seed)

    found = find_forwards(messages)

    true = {pair for one in rounds for pair in combinations(sorted(one), 2)}
    told = {pair for one in found for pair in combinations(sorted(one.mention_ids), 2)}
    assert len(true & told) / len(told) >= 0.9
    assert len(true & told) / len(true) >= 0.9


def test_what_everybody_writes_and_what_stays_in_one_conversation_went_nowhere() -> None:
    usual = [Message(MentionId(str(place)), f"c{place}", _START, "ok merci à demain") for place in range(9)]
    repeated = [Message(MentionId(f"r{time}"), "c1", _START, _sentence(random.Random(1), 20, 20)) for time in range(9)]

    assert find_forwards([*usual, *repeated]) == ()


def test_a_forward_tells_where_it_went_in_order() -> None:
    words = _sentence(random.Random(2), 20, 20)
    late, early = (
        Message(MentionId(name), name, _START + timedelta(hours=at), words) for name, at in (("b", 2), ("a", 1))
    )

    (forward,) = find_forwards([late, early])

    assert forward.conversation_ids == ("a", "b")
    assert (forward.first_at, forward.last_at) == (early.happened_at, late.happened_at)
    assert forward.likeness == 1.0


def test_scripts_without_spaces_are_compared_as_well() -> None:
    words = "明日の朝から市内全域で断水になるそうです急いで水を溜めてください"
    messages = [Message(MentionId(str(place)), f"c{place}", _START, words + "！" * place) for place in range(3)]

    assert [len(forward.mention_ids) for forward in find_forwards(messages)] == [3]
