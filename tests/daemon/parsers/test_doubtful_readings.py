"""A pattern fits, and yet the record says otherwise: the mention is kept, doubted, and counted as unknown words."""

from __future__ import annotations

import pytest

from tests.daemon.parsers.parser_parts import TIKTOK, WHATSAPP, envelope_of
from veilleur.model.outcome import DOUBTFUL, Parsed, has_unknown_words
from veilleur.parsers.registry import ParserRegistry


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Lou", "Hey! liked your video"),
        ("Lou", "Hey! Lou liked your video"),
        ("TikTok", "commented: so good, by Lou"),
        ("Deine Woche", "Lou liked your video"),
    ],
)
def test_words_that_name_nobody_or_another_than_the_title_are_doubted(
    title: str, text: str, registry: ParserRegistry
) -> None:
    outcome = registry.read(envelope_of(TIKTOK, {"title": title, "text": text})).outcome

    assert isinstance(outcome, Parsed)
    assert has_unknown_words(outcome)
    assert [draft.confidence for draft in outcome.mentions] == [DOUBTFUL]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Lou", "liked your video"),
        ("Lou", "Lou liked your video"),
        ("lou.marchand", "Lou Marchand liked your video"),
        ("Lou", "Lou and 4 others liked your video"),
        ("TikTok", "4 others liked your video"),
        ("TikTok", "and 4 others liked your video"),
        ("TikTok", "You have 3 requests"),
        (None, "Lou liked your video"),
    ],
)
def test_a_name_that_is_the_titles_or_stands_alone_is_believed(
    title: str | None, text: str, registry: ParserRegistry
) -> None:
    outcome = registry.read(envelope_of(TIKTOK, {"title": title, "text": text})).outcome

    assert isinstance(outcome, Parsed)
    assert not has_unknown_words(outcome)


def thread_outcome(registry: ParserRegistry, *texts: str) -> Parsed:
    messages = [{"sender": "Lou", "at_ms": 1_770_000_000_000 + at, "text": text} for at, text in enumerate(texts)]
    outcome = registry.read(envelope_of(WHATSAPP, {"title": "Lou", "messages": messages})).outcome
    assert isinstance(outcome, Parsed)
    return outcome


@pytest.mark.parametrize(
    "text",
    [
        "🎤 Voice note",
        "This message was zapped",
        "📌 Live zapped",
        "✨ This message was deleted",
        "🎥 Video note zapped",
        'mistral med 🙏 på "la carte du soir et le menu de la semaine"',
        'Hey! Hat mit 👍 auf "miam" reagiert',
        "❤️ A réagi avec +12 à « la terrasse »",
        'Kestrel 👍 +3 to "noon"',
        "「テラス」に👍でリアゼルションしました",
        "此訊刪除息已",
        "此訊息已穆恩。",
        '"terrace dinner" 메시지에 🙏 공감을 quorn',
        "「テラス」に👍ショアクでリンしました",
        "spritz cold jeudi「」に👍でリアクションしました",
    ],
)
def test_a_message_that_is_nearly_a_wording_is_kept_and_doubted(text: str, registry: ParserRegistry) -> None:
    """Broken lines: Hangul in pairs alone, no letters of reactions, letters not compared, empty marks no quotation.

    They reported the Korean text, the Japanese, the Chinese and the last of these.
    """
    outcome = thread_outcome(registry, "hello", text)

    assert [draft.confidence for draft in outcome.mentions] == [1.0, DOUBTFUL]
    assert has_unknown_words(outcome)


@pytest.mark.parametrize(
    "text",
    [
        *("so good", "this message is for you", "📍 the terrace", "Photo of the terrace", "💟", "🎥"),
        *('il a dit "oui" à Paul 😂', 'Foi a "Casa" com ela ❤️', 'a "Pepe" con patatas 🍟', 'reacted like "wow" 😮'),
        *('på "Konsum" med mamma ❤️', "A bientôt ❤️ à « La Cantine »", "「了解」に👍", '"ok" 👍 दिया'),
        *("「了解」に👍ですね、そうしました", '"메뉴" 사진에 👍 부탁해요', "此訊息很好", "此事已完成。"),
    ],
)
def test_what_people_write_is_believed(text: str, registry: ParserRegistry) -> None:
    assert not has_unknown_words(thread_outcome(registry, text))


def test_a_thread_posted_again_is_not_doubted_for_an_older_message(registry: ParserRegistry) -> None:
    assert not has_unknown_words(thread_outcome(registry, "This message was zapped", "hello"))


def test_nor_is_one_that_was_answered_since(registry: ParserRegistry) -> None:
    """Seen to fail where an own message left `is_doubtful` as the one before it had set it."""
    messages = [
        {"sender": "Lou", "at_ms": 1_770_000_000_000, "text": "This message was zapped"},
        {"sender": "You", "at_ms": 1_770_000_001_000, "text": "what was it?"},
    ]
    outcome = registry.read(envelope_of(WHATSAPP, {"title": "Lou", "self_name": "You", "messages": messages})).outcome

    assert isinstance(outcome, Parsed)
    assert not has_unknown_words(outcome)


def test_without_a_thread_what_is_nearly_a_wording_is_doubted_too(registry: ParserRegistry) -> None:
    """Seen to fail where `conversation_single` did not hand on what its words were."""
    shown = {"title": "Lou", "text": "This message was zapped", "category": "msg"}
    outcome = registry.read(envelope_of(WHATSAPP, shown)).outcome

    assert isinstance(outcome, Parsed)
    assert has_unknown_words(outcome)
