"""Names and numbers as other scripts write them, and the order in which languages are tried."""

from __future__ import annotations

import pytest

from tests.daemon.parsers.parser_parts import TIKTOK, envelope_of, only_draft
from veilleur.model.kinds import MentionKind
from veilleur.model.outcome import Ignored, Parsed, Quarantined
from veilleur.parsers.languages import LanguageOrder
from veilleur.parsers.registry import ParserRegistry

LANGUAGES = ("any", "de", "en", "he", "id", "pt", "pt-BR", "zh-Hans", "zh-Hant")


@pytest.mark.parametrize(
    ("locale", "text", "name", "others"),
    [
        ("ar", "ليلى و ١٬٢٤٠ آخرين أعجبوا بالفيديو الخاص بك", "ليلى", 1_240),
        ("ru", "Анна и 12\u00a0тыс. др. понравилось ваше видео", "Анна", 12_000),
        ("zh-Hans", "王小明和其他 1万 人赞了你的视频", "王小明", 10_000),
        ("de", "Jonas und 1,2\u202fMio. anderen gefällt dein Video", "Jonas", 1_200_000),
        ("pt-BR", "Bia e mais 25 mil curtiram seu vídeo", "Bia", 25_000),
        ("hi", "आशा और १२ अन्य ने आपका वीडियो लाइक किया", "आशा", 12),
        ("he", "\u200f\u2068נועה\u2069 ו-12 אחרים אהבו את הסרטון שלך", "נועה", 12),
        ("de", "🔥🔥 gefällt dein Video.", "🔥🔥", None),
        ("ja", "「いいね」しました店 あなたの動画に「いいね」しました。", "「いいね」しました店", None),
        ("es", "a commented: fan ha dicho que le gusta tu video.", "a commented: fan", None),
    ],
)
def test_a_like_is_read_in_every_script(
    locale: str, text: str, name: str, others: int | None, registry: ParserRegistry
) -> None:
    draft = only_draft(registry, TIKTOK, {"title": "TikTok", "text": text, "channel": "digg_push"}, locale=locale)
    assert draft.actor is not None
    assert (draft.kind, draft.actor.name, draft.actor.others_count) == (MentionKind.LIKE, name, others)
    assert draft.pattern.startswith(f"{locale}/")


def test_the_server_may_write_another_language_than_the_tablets(registry: ParserRegistry) -> None:
    draft = only_draft(registry, TIKTOK, {"title": "TikTok", "text": "Elsa gillar din video."}, locale="fr-FR")
    assert draft.pattern == "sv/like_video"


@pytest.mark.parametrize("locale", ["fi-FI", "sw", None])
def test_an_unknown_language_gives_what_the_channel_says_and_nothing_more(
    locale: str | None, registry: ParserRegistry
) -> None:
    text = "tykkäsi videostasi"
    draft = only_draft(registry, TIKTOK, {"title": "Aino", "text": text, "channel": "digg_push"}, locale=locale)
    assert (draft.kind, draft.actor and draft.actor.name, draft.body) == (MentionKind.LIKE, "Aino", None)
    assert draft.confidence <= 0.5
    unknown = registry.read(envelope_of(TIKTOK, {"title": "Aino", "text": text}, locale=locale)).outcome
    assert unknown == Quarantined("unknown_wording")


@pytest.mark.parametrize(
    "text",
    [
        "LIVE: Tes spectateur(trice)s veulent en voir plus",
        "25M+ people viewed: a singing dog",
        "99+ new messages",
        "12 others",
    ],
)
@pytest.mark.parametrize("locale", ["en", "fr", "vi", "ja", None])
def test_noise_is_no_mention_in_any_language(text: str, locale: str | None, registry: ParserRegistry) -> None:
    outcome = registry.read(envelope_of(TIKTOK, {"title": "TikTok", "text": text}, locale=locale)).outcome
    assert isinstance(outcome, Ignored)
    assert not isinstance(outcome, Parsed)


@pytest.mark.parametrize(
    ("locale", "first"),
    [
        ("pt-PT", ["pt", "pt-BR", "en"]),
        ("pt_BR", ["pt-BR", "pt", "en"]),
        ("zh-TW", ["zh-Hant", "zh-Hans", "en"]),
        ("zh-Hans-CN", ["zh-Hans", "zh-Hant", "en"]),
        ("iw-IL", ["he", "en"]),
        ("in", ["id", "en"]),
        ("fi", ["en", "de"]),
        (None, ["en", "de"]),
    ],
)
def test_the_nearest_language_comes_first_and_that_of_none_last(locale: str | None, first: list[str]) -> None:
    ranks = LanguageOrder(LANGUAGES).ranks(locale)
    ordered = sorted(ranks, key=lambda language: ranks[language])
    assert ordered[: len(first)] == first
    assert ordered[-1] == "any"
