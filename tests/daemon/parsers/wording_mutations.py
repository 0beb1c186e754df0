"""An app that changes a tenth of its wordings: the words of a seed, and notifications that show them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct

from tests.daemon.parsers.parser_parts import TIKTOK, envelope_of
from veilleur.parsers.catalogue import Entry, slots_of
from veilleur_bridge.envelope import Envelope

NAMES: Final = (
    "Ann Lee",
    "Bob",
    "Chloé B",
    "Dimitri",
    "Élodie Blanc",
    "Farid",
    "Gaëlle",
    "Hugo Petit Jean",
    "ines_92",
    "Jo",
    "Karim T",
    "Lou Marchand",
    "Maya",
    "Noé Garnier",
)
WORDS: Final = (
    "terrace",
    "dinner",
    "tonight",
    "superbe",
    "la carte",
    "spritz",
    "miam",
    "cold",
    "lunch",
    "jeudi",
    "soir",
    "9",
)
NEW_WORDS: Final = ("zelva", "brondi", "kestrel", "ovation", "plumette", "tarvis", "quorn", "mistral")
PREFIXES: Final = ("✨ ", "Nouveau · ", "Hey! ", "Update - ")
CHANNELS: Final = {
    "like": "digg_push",
    "comment": "comment_push",
    "reply": "comment_push",
    "follow": "follow_push",
    "follow_request": "follow_push",
    "profile_view": "follow_push",
    "mention": "mention_push",
    "tag": "mention_push",
    "duet": "mention_push",
    "stitch": "mention_push",
    "new_post": "follow_new_video_push",
    "story": "follow_new_video_push",
    "live": "live_push",
}
Mutation = Callable[[str, random.Random], str]


class Shown(Struct, frozen=True):
    """A notification, and what was put into its slots."""

    envelope: Envelope
    slots: dict[str, str]


class Wording(Struct, frozen=True):
    """One sentence of the app; `change` names the mutation that made it, None for one that stayed."""

    entry: Entry
    pattern: str
    change: str | None
    channel: str | None
    is_titled: bool


def swap_word(pattern: str, chance: random.Random) -> str:
    words = pattern.split(" ")
    fixed = [at for at, word in enumerate(words) if "{" not in word and len(word) > 2]
    words[chance.choice(fixed)] = chance.choice(NEW_WORDS)
    return " ".join(words)


def change_order(pattern: str, chance: random.Random) -> str:
    words = pattern.rstrip(".").split(" ")
    fixed = [at for at, word in enumerate(words) if "{" not in word and not word.endswith(":")]
    first, second = chance.sample(fixed, 2)
    words[first], words[second] = words[second], words[first]
    return " ".join(words)


def add_prefix(pattern: str, chance: random.Random) -> str:
    return chance.choice(PREFIXES) + pattern


def move_slot(pattern: str, chance: random.Random) -> str:
    rest = pattern.removeprefix("{actor} ").rstrip(".")
    return f"{rest} {chance.choice(('by', 'von', 'par', '–'))} {{actor}}"


MUTATIONS: Final[dict[str, Mutation]] = {
    "word swapped": swap_word,
    "order changed": change_order,
    "prefix added": add_prefix,
    "slot moved": move_slot,
}


def mutable(entry: Entry) -> bool:
    """Whether each mutation can be made of this wording: it begins with its actor and has words of its own."""
    fixed = [word for word in entry.pattern.split(" ") if "{" not in word and len(word) > 2]
    is_plain = "{actors}" not in entry.pattern and "{duration}" not in entry.pattern
    is_told = entry.meaning.kind is not None and "{body}" not in entry.pattern.split(":")[0]
    return entry.pattern.startswith("{actor} ") and is_plain and is_told and len(fixed) > 2


def wordings(entries: list[Entry], seed: int, *, share: float = 0.1) -> list[Wording]:
    """Return the app's sentences after a change of `share` of them, each change made by another mutation."""
    chance = random.Random(seed)
    candidates = [entry for entry in entries if mutable(entry)]
    changed = chance.sample(candidates, round(share * len(candidates)))
    found: list[Wording] = []
    for number, entry in enumerate(candidates):
        name = list(MUTATIONS)[(number + seed) % len(MUTATIONS)] if entry in changed else None
        pattern = MUTATIONS[name](entry.pattern, chance) if name else entry.pattern
        channel = CHANNELS.get(str(entry.meaning.kind)) if chance.random() < 0.7 else None
        is_titled = chance.random() < 0.5 and name != "slot moved"
        found.append(Wording(entry, pattern, name, channel, is_titled))
    return found


def show(wording: Wording, chance: random.Random, number: int) -> Shown:
    """Return one notification of this wording, with a name, words and numbers of its own."""
    filled = {slot: _value(slot, chance) for slot in slots_of(wording.pattern)}
    text = wording.pattern.replace("{actor} ", "", 1) if wording.is_titled else wording.pattern
    for slot, value in filled.items():
        text = text.replace(f"{{{slot}}}", value)
    name = chance.choice(NAMES) if "actor" not in filled else filled["actor"]
    fields = {
        "key": f"0|tiktok|{number}",
        "channel": wording.channel,
        "title": name if wording.is_titled else "TikTok",
        "text": text,
        "when_ms": 1_790_000_000_000 + number,
    }
    envelope = envelope_of(TIKTOK, fields, locale=wording.entry.language)
    return Shown(envelope, filled)


def stream(known: list[Wording], chance: random.Random) -> Iterator[tuple[Wording, Shown]]:
    """Yield notifications for ever: each wording once in some order, then each again in another."""
    number = 0
    while True:
        for wording in chance.sample(known, len(known)):
            number += 1
            yield wording, show(wording, chance, number)


def _value(slot: str, chance: random.Random) -> str:
    if slot == "actor":
        return chance.choice(NAMES)
    if slot in ("others", "count"):
        return str(chance.randint(2, 900))
    return " ".join(chance.sample(WORDS, chance.randint(1, 3)))
