"""A large store to search in: mentions in nine languages, their hashtags as unequal as real ones, deterministic."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from sqlalchemy import Connection

from veilleur.model.arrival import Arrival, IndexTokens, ReadNotification, SeqPlace, Sighting
from veilleur.model.identity import MentionId, MessageSlot
from veilleur.model.kinds import MediaKind, MentionKind, OutcomeKind, TimeQuality, Visibility
from veilleur.model.outcome import Draft
from veilleur.model.parts import Actor, Conversation, Media
from veilleur.query.tokens import names_text, places_text, words_text
from veilleur.store.database import Database
from veilleur.store.merging import Seen, insert_mentions

BEGIN_MS: Final = 1_764_547_200_000
"""1 December 2025."""
YEAR_MS: Final = 365 * 86_400_000
_BATCH: Final = 4_000
_TAGS: Final = 20_000
_WORDS: Final = {
    "fr": "le bus est encore en retard ce matin ligne treize grève service client merci attente remboursement trajet",
    "en": "the bus was late again this morning great service thanks waiting refund trip driver lovely city night",
    "es": "el autobús llega tarde otra vez gracias servicio cliente espera viaje noche ciudad bonito precio caro",
    "de": "der bus kommt wieder zu spät heute morgen danke kundendienst warten erstattung fahrt stadt nacht schön",
    "pt": "o ônibus atrasou de novo hoje obrigado serviço cliente espera viagem cidade noite lindo preço caro",
    "ar": "الحافلة متأخرة مرة أخرى هذا الصباح شكرا خدمة الزبائن انتظار رحلة مدينة ليل جميل سعر غالي",
    "ru": "автобус снова опоздал сегодня утром спасибо служба клиентов ожидание поездка город ночь красиво дорого",
    "zh": "公交车今天早上又晚点了 谢谢 客户服务 等待 退款 旅行 司机 城市 夜晚 漂亮 价格 很贵",
    "ja": "バスがまた遅れている 今朝 ありがとう お客様サービス 待ち時間 返金 旅行 運転手 都市 夜 綺麗",
}
_SHARES: Final = {"fr": 44, "en": 18, "es": 8, "de": 6, "pt": 5, "ar": 8, "ru": 4, "zh": 4, "ja": 3}
_KINDS: Final = {
    MentionKind.COMMENT: 34,
    MentionKind.LIKE: 22,
    MentionKind.FOLLOW: 8,
    MentionKind.MENTION: 6,
    MentionKind.REPLY: 5,
    MentionKind.GROUP_MESSAGE: 14,
    MentionKind.DIRECT_MESSAGE: 10,
    MentionKind.ORDER: 1,
}
_REGIONS: Final = ("FR", "BE", "MA", "DZ", "CH", None, None, None, None, None)
_HIDDEN: Final = {MentionKind.GROUP_MESSAGE: Visibility.GROUP, MentionKind.DIRECT_MESSAGE: Visibility.PRIVATE}


def fill(database: Database, count: int) -> None:
    """Write `count` mentions of one year as the commit does, a batch a transaction, in order of time."""
    batch: list[Seen] = []
    for one in _seen(count):
        batch.append(one)
        if len(batch) == _BATCH:
            _insert(database, batch)
            batch.clear()
    _insert(database, batch)


def _insert(database: Database, batch: list[Seen]) -> None:
    def insert(connection: Connection) -> None:
        insert_mentions(connection, batch)

    with database.writing() as connection:
        insert(connection)


def _seen(count: int) -> Iterator[Seen]:
    chance = random.Random(20261122)
    made = _Maker(chance)
    for number in range(count):
        at_ms = BEGIN_MS + number * YEAR_MS // count + chance.randrange(1_000)
        yield made.seen(number, at_ms)


class _Maker:
    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._tags = [f"tag{number}" for number in range(_TAGS)]
        self._tag_weights = list(accumulate(1 / (rank + 1) for rank in range(_TAGS)))
        self._words = {language: text.split() for language, text in _WORDS.items()}
        self._languages = list(_SHARES)
        self._language_weights = list(accumulate(_SHARES.values()))
        self._kinds, self._kind_weights = list(_KINDS), list(accumulate(_KINDS.values()))

    def seen(self, number: int, at_ms: int) -> Seen:
        """Return one mention."""
        chance = self._chance
        kind = chance.choices(self._kinds, cum_weights=self._kind_weights)[0]
        language = chance.choices(self._languages, cum_weights=self._language_weights)[0]
        visibility = _HIDDEN.get(kind, Visibility.PUBLIC)
        is_message = kind in _HIDDEN
        tags = () if is_message else tuple(sorted(set(chance.choices(self._tags, cum_weights=self._tag_weights, k=2))))
        words = chance.choices(self._words[language], k=chance.randint(4, 12))
        body = (
            None if kind in {MentionKind.LIKE, MentionKind.FOLLOW} else " ".join([*words, *(f"#{tag}" for tag in tags)])
        )
        sender = f"Person {int(chance.paretovariate(0.6)) % 50_000}"
        chat = (
            Conversation(f"chat-{int(chance.paretovariate(0.8)) % 3_000}", None, is_group=True) if is_message else None
        )
        region = chance.choice(_REGIONS)
        slot = MessageSlot("chat", sender, at_ms, str(number))
        draft = Draft(
            kind=kind,
            visibility=visibility,
            identity=slot,
            pattern="benchmark",
            confidence=0.9,
            actor=Actor(sender, handle=sender.lower().replace(" ", ".")),
            conversation=chat,
            body=body,
            media=Media(MediaKind.VOICE, 4) if chance.random() < 0.002 else None,
            count=chance.randrange(100) if kind is MentionKind.LIKE else None,
            platform="whatsapp" if is_message else "tiktok",
        )
        sighting = _sighting(number, at_ms, draft, tags if body else (), language if body else None, region)
        return Seen(number + 1, "default", _arrival(number, at_ms, sighting), sighting)


def _sighting(  # noqa: PLR0913, PLR0917 - a mention is made of these
    number: int, at_ms: int, draft: Draft, tags: tuple[str, ...], language: str | None, region: str | None
) -> Sighting:
    names = names_text(draft.actor.name if draft.actor else "", draft.actor.handle if draft.actor else None)
    return Sighting(
        id=MentionId(f"{at_ms:012x}{number:020x}"),
        draft=draft,
        occurred_at_ms=None,
        happened_at_ms=at_ms,
        time_quality=TimeQuality.CAPTURED,
        hashtags=tags,
        handles=(),
        links=(),
        emojis=(),
        flags=(),
        language=language,
        region=region,
        tokens=IndexTokens(words_text(draft.body, None, tags), names, places_text(None)),
        fold=None,
        slot=None,
    )


def _arrival(number: int, at_ms: int, sighting: Sighting) -> Arrival:
    return Arrival(
        device=f"salle-{1 + number % 3}",
        place=SeqPlace("e1", number + 1, number + 1),
        envelope_id=f"envelope-{number}",
        package="com.example.app",
        event="posted",
        captured_at_ms=at_ms,
        received_at_ms=at_ms + 200,
        payload=b"",
        changed=(),
        reading=ReadNotification(
            outcome=OutcomeKind.PARSED,
            reason=None,
            parser="benchmark",
            parser_version=1,
            platform="tiktok",
            is_public=sighting.draft.visibility is Visibility.PUBLIC,
            sightings=(sighting,),
            amendments=(),
        ),
    )
