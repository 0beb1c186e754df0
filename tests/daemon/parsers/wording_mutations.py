"""An app that changes a tenth of its wordings: the words of a seed, and notifications that show them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from tests.daemon.parsers.parser_parts import TIKTOK, envelope_of
from veilleur.parsers.catalogue import Entry, slots_of
from veilleur.parsers.wording_forms import FULL_STOPS, UNSPACED
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
# By the letters that tell the script; kana before Han, which Japanese has too.
NEW_UNSPACED: Final = {
    "\u0e00-\u0eff": ("เซลวา", "ปลาดี", "มาลัย"),
    "\u3040-\u30ff": ("ゼルバ", "ほのか", "璃音"),
    "\u3400-\u9fff": ("璃音", "穆恩", "泽华"),
}
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_PIECES: Final = re.compile(
    r"\{[a-z]+\}|(?:[\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u3040-\u30ff\u3400-\u9fff][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*){1,2}"
    r"|[A-Za-z]+|\S"
    r"|\s"
)
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


class Cut(Struct, frozen=True):
    """A pattern in words, and what stands between two; scripts without spaces are cut into runs of two letters."""

    words: list[str]
    gap: str

    @property
    def fixed(self) -> list[int]:
        """Where the words of the app's own stand."""
        least = 3 if self.gap else 2
        return [
            at for at, word in enumerate(self.words) if "{" not in word and len(word) >= least and word[0].isalpha()
        ]

    def join(self, words: Iterable[str]) -> str:
        return self.gap.join(words).strip()


def cut(pattern: str) -> Cut:
    return Cut(_PIECES.findall(pattern), "") if _UNSPACED.search(pattern) else Cut(pattern.split(" "), " ")


def swap_word(pattern: str, chance: random.Random) -> str:
    now = cut(pattern)
    words = [*now.words]
    words[chance.choice(now.fixed)] = chance.choice(_new_words(pattern))
    return now.join(words)


def change_order(pattern: str, chance: random.Random) -> str:
    now = cut(pattern.rstrip(FULL_STOPS))
    words = [*now.words]
    first, second = chance.sample(_movable(now), 2)
    words[first], words[second] = words[second], words[first]
    return now.join(words)


def _movable(now: Cut) -> list[int]:
    """Return where the words stand that may change places: not before a colon."""
    return [at for at in now.fixed if not now.words[at].endswith(":")]


def add_prefix(pattern: str, chance: random.Random) -> str:
    return chance.choice(PREFIXES) + pattern


def move_slot(pattern: str, chance: random.Random) -> str:
    plain = pattern.rstrip(FULL_STOPS)
    if plain.startswith("{actor} "):
        return f"{plain.removeprefix('{actor} ')} {chance.choice(('by', 'von', 'par', '–'))} {{actor}}"
    now = cut(plain)
    words = [*now.words]
    slots = [at for at, word in enumerate(words) if "{" in word and ":" not in word]
    moved = words.pop(slots[0])
    moved_to = now.join([*words, moved] if slots[0] == 0 else [moved, *words])
    return moved_to.replace("}{", "} – {")


def _new_words(pattern: str) -> Sequence[str]:
    script = next((one for one in NEW_UNSPACED if re.search(f"[{one}]", pattern)), None)
    return NEW_UNSPACED[script] if script else NEW_WORDS


MUTATIONS: Final[dict[str, Mutation]] = {
    "word swapped": swap_word,
    "order changed": change_order,
    "prefix added": add_prefix,
    "slot moved": move_slot,
}


def mutable(entry: Entry) -> bool:
    """Whether each mutation can be made of this wording: it begins with its actor and has words of its own."""
    is_plain = "{actors}" not in entry.pattern and "{duration}" not in entry.pattern
    is_told = entry.meaning.kind is not None and "{body}" not in entry.pattern.split(":")[0]
    begins = entry.pattern.startswith("{actor} ") or re.match(rf"{{actor}}{UNSPACED.pattern}", entry.pattern)
    return bool(begins) and is_plain and is_told and len(cut(entry.pattern).fixed) > 2


def changed(
    candidates: list[Entry], seed: int, chance: random.Random, *, share: float
) -> list[tuple[Entry, str, str | None]]:
    """Return each wording with what the app shows instead and the change made: None for those that stay."""
    picked = chance.sample(candidates, max(round(share * len(candidates)), bool(share and candidates)))
    found: list[tuple[Entry, str, str | None]] = []
    for number, entry in enumerate(candidates):
        possible = _possible(entry.pattern)
        name = possible[(number + seed) % len(possible)] if entry in picked else None
        found.append((entry, MUTATIONS[name](entry.pattern, chance) if name else entry.pattern, name))
    return found


def _possible(pattern: str) -> list[str]:
    """Return the mutations that there is something to make of: a slot to move, two words to change places."""
    now = cut(pattern.rstrip(FULL_STOPS))
    has_slot = any("{" in word and ":" not in word for word in now.words)
    missing = {"slot moved": not has_slot, "order changed": not _movable(now)[1:]}
    return [name for name in MUTATIONS if not missing.get(name)]


def wordings(entries: list[Entry], seed: int, *, share: float = 0.1) -> list[Wording]:
    """Return TikTok's sentences after a change of `share` of them, each change made by another mutation."""
    chance = random.Random(seed)
    found: list[Wording] = []
    for entry, pattern, name in changed([one for one in entries if mutable(one)], seed, chance, share=share):
        channel = CHANNELS.get(str(entry.meaning.kind)) if chance.random() < 0.7 else None
        is_titled = chance.random() < 0.5 and name != "slot moved"
        found.append(Wording(entry, pattern, name, channel, is_titled))
    return found


def fill(pattern: str, chance: random.Random) -> tuple[str, dict[str, str]]:
    """Return the pattern with a name, words and numbers of its own in its slots, and which these are."""
    filled = {slot: _value(slot, chance) for slot in slots_of(pattern)}
    for slot, value in filled.items():
        pattern = pattern.replace(f"{{{slot}}}", value)
    return pattern, filled


def show(wording: Wording, chance: random.Random, number: int) -> Shown:
    """Return one notification of this wording, with its actor in the text or in the title."""
    pattern = wording.pattern.replace("{actor}", "", 1).strip() if wording.is_titled else wording.pattern
    text, filled = fill(pattern, chance)
    name = filled.setdefault("actor", chance.choice(NAMES))
    fields = {
        "key": f"0|tiktok|{number}",
        "channel": wording.channel,
        "title": name if wording.is_titled else "TikTok",
        "text": text,
        "when_ms": 1_790_000_000_000 + number,
    }
    return Shown(envelope_of(TIKTOK, fields, locale=wording.entry.language), filled)


Show = Callable[[Wording, random.Random, int], Shown]


def stream(known: list[Wording], chance: random.Random, show: Show = show) -> Iterator[tuple[Wording, Shown]]:
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
    if slot == "duration":
        return f"{chance.randint(0, 20)}:{chance.randint(0, 59):02}"
    return " ".join(chance.sample(WORDS, chance.randint(1, 3)))
