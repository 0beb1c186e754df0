"""What is written can always be read, and begins with its head."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from veilleur_bridge.codec import Codec, Decoded, encode
from veilleur_bridge.encoding import format_instant
from veilleur_bridge.envelope import AppInfo, Envelope, Message, Notification, Picture, SourceInfo
from veilleur_bridge.head import read_head

_TEXTS = st.none() | st.text(max_size=20)
_NUMBERS = st.none() | st.integers(-(2**63), 2**63 - 1)
_INSTANTS = st.integers(0, 7 * 10**12).map(lambda ms: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms))
_WORDS = _TEXTS.map(lambda text: text and text.replace("\0", ""))
_MESSAGES = st.builds(Message, at_ms=_NUMBERS, sender=_WORDS, text=_WORDS)
_NOTIFICATIONS = st.builds(
    Notification,
    key=st.just("k"),
    id=_NUMBERS,
    title=_WORDS,
    text_lines=st.none() | st.lists(st.text("aé#", max_size=9), max_size=3).map(tuple),
    messages=st.none() | st.lists(_MESSAGES, max_size=3).map(tuple),
    picture=st.none() | st.builds(Picture, width=_NUMBERS, data=st.none() | st.just("aGk=")),
    extras=st.none()
    | st.dictionaries(st.text("abc.", max_size=9), st.booleans() | st.integers(0, 9) | st.text("é ", max_size=9)),
)
_ENVELOPES = st.builds(
    Envelope,
    v=st.just(1),
    id=st.uuids().map(str),
    device=st.just("salon-1"),
    event=st.sampled_from(["posted", "updated", "removed", "active"]),
    captured_at=_INSTANTS,
    source=st.builds(SourceInfo, kind=st.just("file"), version=_WORDS),
    app=st.builds(AppInfo, package=st.just("a.b"), label=_WORDS),
    epoch=st.just("e1"),
    seq=st.integers(1, 2**53),
    user=_NUMBERS,
    redacted=st.none() | st.just(("otp", "card")),
    notification=_NOTIFICATIONS,
)


@given(_ENVELOPES)
def test_an_envelope_comes_back_as_it_was(envelope: Envelope) -> None:
    payload = encode(envelope)

    assert Codec().decode(payload, topic_device="salon-1") == Decoded(envelope, payload)
    head = read_head(payload)
    assert head is not None
    assert head.seq == envelope.seq


def test_nothing_is_written_for_what_is_absent() -> None:
    envelope = Envelope(1, "i", "d", "lost", datetime(2026, 11, 21, tzinfo=UTC), SourceInfo("adb"), AppInfo("a.b"))

    assert encode(envelope) == (
        b'{"v":1,"id":"i","device":"d","event":"lost","captured_at":"2026-11-21T00:00:00.000Z",'
        b'"source":{"kind":"adb"},"app":{"package":"a.b"}}'
    )


def test_what_json_cannot_hold_stops_no_record() -> None:
    notification = Notification("k", text="a\ud83d b\ud83d\ude00", extras={"score": float("nan"), "sums": [None, 1.5]})
    instant = datetime(2026, 11, 21, tzinfo=UTC)
    envelope = Envelope(1, "i", "d", "posted", instant, SourceInfo("adb"), AppInfo("a.b"), notification=notification)

    written = json.loads(encode(envelope))["notification"]

    assert written == {"key": "k", "text": "a\ufffd b😀", "extras": {"sums": [1.5]}}


def test_times_are_written_in_utc_with_milliseconds() -> None:
    instant = datetime(2026, 11, 21, 19, 4, 5, 120_999, timezone(timedelta(hours=1)))

    assert format_instant(instant) == "2026-11-21T18:04:05.120Z"
