"""Notifications of an invented app of a neighbourhood, as a French tablet would capture them: no parser knows it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

PACKAGE: Final = "org.example.quartier"
LETTER: Final = "Solange ne pourra pas garder le petit demain, son dos la fait souffrir"
"""What one neighbour writes once: no wording of the app."""
_PEOPLE: Final = ("Awa Diallo", "Nina Roux", "Marc Petit", "Lou Marchand", "Inès Bernard", "Tom Garnier", "Zoé Lam")
_PLACES: Final = ("la place du marché", "la rue des Lilas", "la halle couverte", "la fontaine")
_WORDS: Final = ("merci beaucoup !", "quelqu'un a vu mon chat ?", "le banc est cassé", "à samedi", "bonne idée")
_TITLE: Final = "Quartier"
_TIMES: Final = 6


def captured(*once: str) -> Iterator[dict[str, Any]]:
    """Yield the log's lines: six of each wording, a thread of a group, and texts that are said once."""
    chosen = random.Random(7)
    for number, (channel, text) in enumerate(_texts(chosen), 1):
        yield _line(number, {"channel": channel, "title": _TITLE, "text": text})
    thread = [{"at_ms": 1_795_284_245_000, "sender": "Awa Diallo", "text": "on se voit à 18 h ?"}]
    group = {"title": "Voisins", "conversation_title": "Voisins", "is_group_conversation": True, "messages": thread}
    yield _line(100, {"channel": "messages", "text": "on se voit à 18 h ?", **group})
    for number, text in enumerate(once, 101):
        yield _line(number, {"channel": "alerts", "title": _TITLE, "text": text})


def expected_kinds() -> Counter[str]:
    """Return how many mentions of each kind a reader finds."""
    kinds = Counter(dict.fromkeys(("comment", "like", "follow", "new_post"), _TIMES))
    return kinds + Counter({"other": _TIMES, "group_message": 1})


def _texts(chosen: random.Random) -> Iterator[tuple[str, str]]:
    for number in range(_TIMES):
        who, place, words = _PEOPLE[number], chosen.choice(_PLACES), _WORDS[number % len(_WORDS)]
        yield "activity", f"{who} a commenté ton annonce : {words}"
        yield "activity", f"{who} a aimé ton annonce."
        yield "people", f"{who} a commencé à te suivre."
        yield "posts", f"{who} vient de publier une annonce."
        yield "alerts", f"Travaux signalés près de {place}"


def _line(number: int, notification: dict[str, Any]) -> dict[str, Any]:
    return {
        "v": 1,
        "id": f"0192f0c1-7b7e-7c1e-8f3a-{number:012}",
        "device": "salle-1",
        "epoch": "quartier",
        "seq": number,
        "event": "posted",
        "captured_at": f"2026-11-21T18:{number % 60:02}:05.120Z",
        "source": {"kind": "companion"},
        "app": {"package": PACKAGE},
        "locale": "fr-FR",
        "notification": {"key": f"0|{PACKAGE}|{number}|null|10100", "posted_at_ms": 1_795_284_245_000 + number}
        | notification,
    }
