"""What is too large is cut in the contract's order, as little as needed, and named."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from veilleur_bridge.codec import Codec, Decoded
from veilleur_bridge.cutting import encode_within
from veilleur_bridge.encoding import encode
from veilleur_bridge.envelope import MAX_ENVELOPE_BYTES, AppInfo, Envelope, Message, Notification, Picture, SourceInfo

MOST = 2_000
SMALL = Notification(key="0|a.b|1", title="Nadia Exemple", text="Bonjour", tag="t" * 50)
PICTURE = Picture(mime="image/png", data="A" * 3_000)


def envelope_of(shown: Notification | None, **members: Any) -> Envelope:
    fields: dict[str, Any] = {
        "v": 1,
        "id": "0192f0c1-7b7e-7c1e-8f3a-000000000013",
        "device": "salon-1",
        "epoch": "e1",
        "seq": 7,
        "event": "posted",
        "captured_at": datetime(2026, 11, 22, tzinfo=UTC),
        "source": SourceInfo("adb"),
        "app": AppInfo("a.b"),
    }
    return Envelope(**fields | members, notification=shown)


def cut(shown: Notification, most: int = MOST) -> tuple[dict[str, Any], list[str]]:
    """Return the notification as written, and what is named as cut."""
    payload = encode_within(envelope_of(shown), most)
    assert payload is not None
    assert len(payload) <= most
    assert isinstance(Codec().decode(payload, topic_device="salon-1"), Decoded)
    written = json.loads(payload)
    return written["notification"], written.get("truncated", [])


def test_what_fits_is_left_as_it_is() -> None:
    envelope = envelope_of(SMALL)

    assert encode_within(envelope) == encode(envelope)


def test_the_picture_goes_first_and_alone_where_that_is_enough() -> None:
    thread = (Message(text="1"), Message(text="2"))

    shown, named = cut(replace(SMALL, picture=PICTURE, historic_messages=thread, extras={"a": 1}, messages=thread))

    assert named == ["notification.picture"]
    assert "picture" not in shown
    assert shown["extras"] == {"a": 1}
    assert len(shown["historic_messages"]) == len(shown["messages"]) == 2


def test_the_order_is_picture_history_extras_oldest_messages_and_then_the_longest_text() -> None:
    long = tuple(Message(text=f"{number} " + "m" * 400) for number in range(10))

    shown, named = cut(
        replace(
            SMALL,
            picture=PICTURE,
            historic_messages=long,
            extras={"a": "x" * 3_000},
            messages=long,
            big_text="é" * 3_000,
        )
    )

    assert named == [
        "notification.picture",
        "notification.historic_messages",
        "notification.extras",
        "notification.messages",
        "notification.big_text",
    ]
    assert [message["text"][0] for message in shown["messages"]] == ["9"]
    assert set(shown["big_text"]) == {"é"}
    assert shown["text"] == "Bonjour"


def test_only_as_many_of_the_oldest_messages_go_as_must() -> None:
    shown, named = cut(replace(SMALL, messages=tuple(Message(text=str(at) * 300) for at in range(8))))

    assert named == ["notification.messages"]
    kept = [message["text"][0] for message in shown["messages"]]
    assert kept == [str(at) for at in range(8 - len(kept), 8)]
    assert len(encode(envelope_of(SMALL))) + len(kept) * 320 > MOST - 2 * 320


@pytest.mark.parametrize("longest", ["big_text", "text"])
def test_the_longest_text_is_shortened_to_what_fits(longest: str) -> None:
    words: dict[str, Any] = {"big_text": "b" * 300, "text": "t" * 300, "text_lines": ("l" * 100, "k" * 100)}

    shown, named = cut(replace(SMALL, **words | {longest: "🙂" * 2_000}))

    assert named == [f"notification.{longest}"]
    assert set(shown[longest]) == {"🙂"}
    assert len(json.dumps(shown, ensure_ascii=False).encode()) > MOST - 400


def test_the_longest_line_is_shortened() -> None:
    shown, named = cut(replace(SMALL, text_lines=("first", "l" * 5_000, "last")))

    assert named == ["notification.text_lines"]
    assert shown["text_lines"][0] == "first"
    assert shown["text_lines"][2] == "last"
    assert len(shown["text_lines"][1]) > 500


def test_one_endless_message_is_shortened_too() -> None:
    shown, named = cut(replace(SMALL, text=None, messages=(Message(sender="Nadia", text="m" * 9_000),)))

    assert named == ["notification.messages"]
    assert shown["messages"][0]["sender"] == "Nadia"
    assert len(shown["messages"][0]["text"]) > 500


def test_what_the_source_had_cut_stays_named() -> None:
    payload = encode_within(envelope_of(replace(SMALL, picture=PICTURE), truncated=("notification.text",)), MOST)

    assert payload is not None
    assert json.loads(payload)["truncated"] == ["notification.text", "notification.picture"]


def test_ids_that_alone_are_too_long_cannot_be_cut() -> None:
    assert encode_within(envelope_of(replace(SMALL, key="k" * 9_000)), MOST) is None


def test_two_mebibytes_become_an_envelope_that_the_contract_takes() -> None:
    shown = replace(SMALL, big_text="\n" * 1_000_000, text="“" * 400_000, title="\x01" * 60_000)

    payload = encode_within(envelope_of(shown))

    assert payload is not None
    assert len(payload) <= MAX_ENVELOPE_BYTES
    assert isinstance(Codec().decode(payload, topic_device="salon-1"), Decoded)


TEXTS = st.text(max_size=400) | st.text(min_size=1, max_size=3).map(lambda text: text * 700)


@settings(max_examples=200)
@given(
    big_text=TEXTS,
    text=TEXTS,
    lines=st.lists(TEXTS, max_size=4),
    thread=st.lists(TEXTS, max_size=5),
    title=TEXTS,
)
def test_whatever_the_words_are_they_are_cut_to_size(
    big_text: str, text: str, lines: list[str], thread: list[str], title: str
) -> None:
    shown = replace(
        SMALL,
        big_text=big_text,
        text=text,
        text_lines=tuple(lines),
        title=title,
        messages=tuple(Message(text=words) for words in thread),
    )
    whole = encode(envelope_of(shown))

    payload = encode_within(envelope_of(shown), MOST)

    assert payload is not None
    assert len(payload) <= MOST
    assert (payload == whole) is (len(whole) <= MOST)
