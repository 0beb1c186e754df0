"""Mentions and queries of many scripts, made at random: what live matching and search are compared on."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Final

from tests.daemon.store.arrivals import NOON_MS, OWNER, arrival
from veilleur.ingest.sighting import sighting_of
from veilleur.model.arrival import Arrival
from veilleur.model.identity import MessageSlot
from veilleur.model.kinds import MediaKind, MentionKind, Visibility
from veilleur.model.outcome import Draft
from veilleur.model.parts import Actor, Conversation, Media
from veilleur.model.qualification import QualificationChange, Tone

WORDS: Final = (
    *("l'été", "LÉTÉ", "grève", "Greve", "grèves", "retard", "métro", "aujourd'hui", "d’Aurélie", "œuf", "e-mail"),
    *("oeuf", "cœur", "#Coeur", "æquo", "does"),
    *("سَلَام", "سلام", "مطعم", "الخدمة", "Ёлка", "елка", "забастовка", "ΆΛΦΑ", "नमस्ते", "வணக்கம்", "한국어"),
    *("東京都", "東京", "京都タワー", "都", "レストラン", "ﾃﾚﾋﾞ", "สวัสดีครับ", "สวัส", "ร้านอาหาร", "水"),
    *("#RATP", "#grève", "#東京", "＃Resto", "#été_2026", "@nadia.b", "@Bo", "https://example.org/a?b=c", "12:30"),
    *("👍🏽", "!?", "pla\u200binte", "ＡＢＣ", "x" * 300),
)
NAMES: Final = ("Nadia B", "Élodie Blanc", "nadia", "山田太郎", "محمد", "@nadia.b", "+33 6 12 34 56 78", "Bo 🌸")
HANDLES: Final = (None, "nadia.b", "Bo", "élodie_b")
TITLES: Final = (None, "Clients VIP", "Clients (Lyon): Nadia", "東京の友達", "Équipe n° 2")
FIELDS: Final = (
    *("kind:comment", "kind:reply,direct_message", "platform:whatsapp", "platform:tiktok", "lang:fr", "lang:ja,ar"),
    *("region:fr", "visibility:private", "visibility:public,group", "device:salle-1", "app:com.whatsapp", "app:other"),
    *("has:link", "has:photo,video", "has:media", "has:emoji", "has:hashtag,handle", "has:text", "has:flag"),
    *("is:deleted", "is:edited", "count:>10", "count:5..50", "count:<=5", "others:>=2", "confidence:<0.7"),
    *("since:2d", "until:1d", "on:2026-11-09", "since:2026-11-10T06:00", "until:2026-11-09"),
    *("from:@nadia.b", "from:@bo", "from:nadia", "from:nad*", 'from:"élodie blanc"', "from:+33612345678", "from:山"),
    *('from:"@nadia.b"', "from:＠Bo", 'from:"nadia b",@bo', "from:nad*,@bo", '#"RATP"', '@"nadia.b"', '＃"été_2026"'),
    *(
        "tag:retard",
        "tag:QUALITE,sav",
        "tag:#東京",
        "tone:negative",
        "tone:mixed,positive",
        "is:treated",
        "is:offtopic",
    ),
    *('in:"clients vip"', "in:client*", "in:lyon,équipe", "in:友", "in:nadia"),
)
MARKS: Final = ('""', '""', '""', "“”", "„“", "«»", "‘’", "「」")
TAGS: Final = ("Retard", "Qualité", "SAV", "東京", "sav2")
_DAY_MS: Final = 86_400_000
_DEEPEST: Final = 3


def made_arrivals(count: int, seed: int) -> Iterator[Arrival]:
    """Yield arrivals of one mention each, over four days."""
    dice = random.Random(seed)
    for seq in range(1, count + 1):
        at_ms = NOON_MS - dice.randrange(4 * _DAY_MS)
        draft = _draft(dice, at_ms, seq)
        yield arrival(seq, sighting_of(draft, OWNER, at_ms, at_ms))


def made_queries(count: int, seed: int) -> Iterator[str]:
    """Yield texts of queries, of one term up to a few joined and negated ones."""
    dice = random.Random(seed)
    for _ in range(count):
        yield _joined(dice, _DEEPEST)


def made_changes(count: int, seed: int) -> Iterator[QualificationChange]:
    """Yield what people say of mentions, some of it taking back what others said."""
    dice = random.Random(seed)
    for _ in range(count):
        yield QualificationChange(
            tone=dice.choice((None, *Tone)),
            add_tags=tuple(dice.sample(TAGS, dice.randint(0, 2))),
            remove_tags=tuple(dice.sample(TAGS, dice.randint(0, 2))),
            is_off_topic=dice.choice((None, True, False)),
            is_treated=dice.choice((None, True, False)),
            note="seen",
        )


def _draft(dice: random.Random, at_ms: int, seq: int) -> Draft:
    name, handle = dice.choice(NAMES), dice.choice(HANDLES)
    phone = "+33612345678" if dice.random() < 0.2 else None
    others = dice.choice((None, None, 1, 2, 12))
    body = " ".join(_some(dice, 9)) if dice.random() < 0.9 else None
    title = dice.choice(TITLES)
    return Draft(
        kind=dice.choice((MentionKind.COMMENT, MentionKind.REPLY, MentionKind.DIRECT_MESSAGE)),
        visibility=dice.choice(tuple(Visibility)),
        identity=MessageSlot("chat", name, at_ms, f"{body} {seq}"),
        pattern="test",
        confidence=dice.choice((0.5, 0.7, 1.0)),
        actor=None if dice.random() < 0.1 else Actor(name, handle, phone, others),
        conversation=None if dice.random() < 0.3 else Conversation("chat", title),
        target=" ".join(_some(dice, 3)) if dice.random() < 0.3 else None,
        body=body,
        media=Media(dice.choice(tuple(MediaKind))) if dice.random() < 0.3 else None,
        count=dice.choice((None, None, 1, 5, 50, 1_200)),
        occurred_at_ms=at_ms,
        hashtags=("outside", "grève") if dice.random() < 0.1 else (),
    )


def _some(dice: random.Random, most: int) -> list[str]:
    return [dice.choice(WORDS) for _ in range(dice.randint(1, most))]


def _joined(dice: random.Random, depth: int) -> str:
    if depth == 0 or dice.random() < 0.35:
        return _term(dice)
    join: Callable[[list[str]], str] = dice.choice((" ".join, " OR ".join, " AND ".join))
    whole = join([_joined(dice, depth - 1) for _ in range(dice.randint(2, 3))])
    return f"{dice.choice(('', '', 'NOT ', '-'))}({whole})"


def _term(dice: random.Random) -> str:
    kind = dice.randrange(6)
    if kind == 0:
        return dice.choice(FIELDS)
    if kind == 1:
        return f"NOT {dice.choice(FIELDS)}"
    if kind == 2:
        opening, closing = dice.choice(MARKS)
        return opening + " ".join(_some(dice, 3)) + " a" + closing
    word = dice.choice([one for one in WORDS if any(sign.isalnum() for sign in one)])
    if kind == 3:
        return word[: dice.randint(1, len(word))].rstrip("@#'’:/?.") + "*" if word[0].isalnum() else word
    return word if kind == 4 else f"-{word}"
