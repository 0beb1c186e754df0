"""Hashtags, handles, links, emoji and hidden marks, by Unicode's rules."""

from __future__ import annotations

import emoji
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veilleur.parsers.words import Extracts, extract


@pytest.mark.parametrize(
    ("text", "hashtags"),
    [
        ("so #Lyon, #lyon! and #ÉTÉ.", ("lyon", "été")),
        ("#हिन्दी #سلام_دنیا ＃東京", ("हिन्दी", "سلام_دنیا", "東京")),
        ("#می\u200cروم", ("می\u200cروم",)),
        ("#one#two a#three", ("one", "two")),
        ("#1 #2026 #c3po #_", ("c3po",)),
        ("#ｆｕｌｌ", ("full",)),
        ("# no, ## neither", ()),
        ("https://x.example/#part", ()),
        ("Stra\u00dfe #STRASSE #straße", ("strasse",)),
    ],
)
def test_hashtags_are_letters_marks_and_digits_of_every_script(text: str, hashtags: tuple[str, ...]) -> None:
    assert extract(text, None).hashtags == hashtags


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("@Chez.Nadia. look @chez.nadia", ("chez.nadia",)),
        ("ask a@b.example", ()),
        ("(@ayo_1) @@bram", ("ayo_1", "bram")),
        ("@. @", ()),
        ("www.tiktok.com/@ayo", ()),
    ],
)
def test_handles_are_no_mail_addresses(text: str, handles: tuple[str, ...]) -> None:
    assert extract(text, None).handles == handles


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://x.example/a_(b)?c=1#d, now", ("https://x.example/a_(b)?c=1#d",)),
        ("(http://x.example/a).", ("http://x.example/a",)),
        ("«\u00a0www.x.example/é\u00a0»", ("www.x.example/é",)),
        ("HTTPS://X.example", ("HTTPS://X.example",)),
        ("http:// and www.", ()),
    ],
)
def test_links_end_before_the_sentence_does(text: str, links: tuple[str, ...]) -> None:
    assert extract(text, None).links == links


@pytest.mark.parametrize(
    ("text", "emojis"),
    [
        ("🔥🔥 👍🏽 🔥", ("🔥", "👍🏽")),
        ("👨\u200d👩\u200d👧 🇫🇷 1\ufe0f\u20e3", ("👨\u200d👩\u200d👧", "🇫🇷", "1\ufe0f\u20e3")),
        ("❤ ❤\ufe0f", ("❤", "❤\ufe0f")),
        ("© 2026 → done ™", ()),
        (
            "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",),
        ),
    ],
)
def test_emoji_are_whole_sequences(text: str, emojis: tuple[str, ...]) -> None:
    assert extract(text, None).emojis == emojis


def test_marks_that_hide_something_are_flagged_and_ordinary_direction_marks_are_not() -> None:
    assert extract("pay\u202egnp", None).flags == ("invisible_marks",)
    assert extract("gr\u200beve", None).flags == ("invisible_marks",)
    assert extract("\u200fسلام\u200e", None).flags == ()


def test_body_and_target_are_read_together_in_order() -> None:
    found = extract("#one @b", "#two #one")
    assert (found.hashtags, found.handles) == (("one", "two"), ("b",))
    assert extract(None, "#two").hashtags == ("two",)


def test_nothing_in_them_is_nothing() -> None:
    assert extract(None, None) == extract("", None) == extract("plain words, l'été", None) == Extracts()


@given(st.text("#@＃. a1é\u0301\u200d🔥👍🏽:/w", max_size=60), st.none() | st.text(max_size=20))
def test_any_text_has_its_extracts_each_once(body: str, target: str | None) -> None:
    found = extract(body, target)
    for group in (found.hashtags, found.handles, found.links, found.emojis):
        assert len(set(group)) == len(group)
        assert all(group)


def test_every_emoji_of_the_librarys_list_is_found_whole() -> None:
    usually_letters = {"©", "®", "™", "ℹ", "‼", "⁉", "↔", "↕", "↖", "↗", "↘", "↙", "〰", "〽"}
    known = {text for text, about in emoji.EMOJI_DATA.items() if about["status"] <= emoji.STATUS["fully_qualified"]}

    assert {text for text in known - usually_letters if extract(f"a {text} b", None).emojis != (text,)} == set()
