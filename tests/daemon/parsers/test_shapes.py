"""Texts of the same words are one shape, and where they differ is a slot."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from veilleur.model.kinds import MentionKind
from veilleur.parsers.catalogue_loading import load_catalogues
from veilleur.parsers.proposals import UnknownText, propose
from veilleur.parsers.shapes import words_of

CATALOGUES = {"tiktok": {"en": load_catalogues("tiktok")["en"]}}


def unknown(text: str, *, name: str | None = None, kind: MentionKind | None = MentionKind.LIKE) -> UnknownText:
    return UnknownText(
        notification_id=1,
        app="tiktok",
        package="com.zhiliaoapp.musically",
        language="en",
        channel=None,
        name=name,
        text=text,
        kind=kind,
    )


def patterns(*texts: UnknownText) -> list[str]:
    return [one.pattern for one in propose(texts, CATALOGUES)]


def test_names_of_any_length_are_one_slot() -> None:
    texts = [unknown(f"{name} enjoyed your video") for name in ("Ann", "Ann B", "Bob Lee", "El Niño de Oro")]

    assert patterns(*texts) == ["{actor} enjoyed your video"]


def test_under_a_title_that_names_somebody_the_actor_stands_before_the_words() -> None:
    assert patterns(unknown("enjoyed your video", name="Ann")) == ["{actor} enjoyed your video"]


@pytest.mark.parametrize(
    ("texts", "pattern"),
    [
        (["Ann praised “the soup”", "Bob praised “a plate”"], "{actor} praised “{target}”"),
        (["Your clip got 12 likes", "Your clip got 1,240 likes"], "Your clip got {count} likes"),
    ],
)
def test_quotations_and_numbers_are_slots_from_the_first_text_on(texts: list[str], pattern: str) -> None:
    assert patterns(*map(unknown, texts)) == [pattern]


def test_words_that_the_app_itself_uses_are_no_slot() -> None:
    texts = [unknown(f"{name} enjoyed your {what}") for name in ("Ann", "Bob Lee") for what in ("video", "comment")]

    assert sorted(patterns(*texts)) == ["{actor} enjoyed your comment", "{actor} enjoyed your video"]


def test_of_two_patterns_of_the_same_words_the_more_frequent_is_proposed() -> None:
    shared = [unknown(f"Your terrace delights {name}") for name in ("Ann", "Bob Lee", "Jo")]
    titled = [unknown(f"Your terrace delights {name}", name="Lou") for name in ("Ann", "Bob Lee")]

    assert patterns(*shared, *titled) == ["Your terrace delights {actor}", "{actor} Your terrace delights {target}"]
    assert patterns(*shared, *(structs.replace(one, kind=MentionKind.COMMENT, channel="x") for one in shared)) == [
        "Your terrace delights {actor}"
    ]


@pytest.mark.parametrize(
    ("language", "shown", "pattern"),
    [
        ("de", 'Hey! Hat mit {} auf "{}" reagiert', 'Hey! Hat mit {body} auf "{target}" reagiert'),
        ("bn", '"{1}"-এ {0} tarvis জানিয়েছেন', '"{target}"-এ {body} tarvis জানিয়েছেন'),
    ],
)
def test_what_the_known_wording_quotes_is_what_a_changed_one_quotes(language: str, shown: str, pattern: str) -> None:
    """Seen to fail where a direct message's quotation was its body, and where vowel signs counted as words."""
    told = (("👍", "9"), ("❤️", "miam"), ("😂", "la carte"))
    texts = [
        structs.replace(unknown(shown.format(*one), kind=MentionKind.DIRECT_MESSAGE), app="whatsapp", is_message=True)
        for one in told
    ]

    [proposal] = propose(texts, {"whatsapp": {language: load_catalogues("whatsapp")[language]}})

    assert (proposal.kind, proposal.pattern) == (MentionKind.REACTION, pattern)


def test_a_vowel_sign_ends_no_word() -> None:
    assert words_of("रिएक्शन दिया") == ["रिएक्शन", "दिया"]


def test_what_says_different_things_is_not_one_shape() -> None:
    texts = [unknown("Your terrace is popular today"), unknown("New sounds wait for you")]

    assert len(patterns(*texts)) == len(texts)


def test_a_text_with_braces_is_proposed_by_nobody() -> None:
    assert patterns(unknown("Ann enjoyed {your} video")) == []


@given(st.lists(st.text(max_size=60), max_size=8))
def test_any_texts_are_grouped_without_a_word(texts: list[str]) -> None:
    for proposal in propose([unknown(text) for text in texts if text.strip()], CATALOGUES):
        assert "}{" not in proposal.pattern


def test_hostile_texts_are_grouped_in_time() -> None:
    texts = [unknown("a " * 190 + str(number)) for number in range(40)]
    texts += [unknown("x" * 5_000), unknown('"' * 399), unknown(": " * 199)]
    began = time.monotonic()

    propose(texts, CATALOGUES)

    assert time.monotonic() - began < 20
