"""The codec reads every envelope of the contract, and answers anything else with a reason."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bridge.contract.contract_files import validator
from tests.bridge.envelopes import good_envelope, payload_of, with_words
from veilleur_bridge.codec import Codec, Decoded, Undecodable
from veilleur_bridge.envelope import MAX_ENVELOPE_BYTES, MAX_SEQ
from veilleur_bridge.json_tree import without_nulls
from veilleur_bridge.refusal import RejectReason

_CODEC = Codec()
_SCHEMA = validator("envelope")
_GOOD = payload_of(good_envelope())

_PATHS = [
    *((name,) for name in good_envelope()),
    *(("notification", name) for name in good_envelope()["notification"]),
    ("source", "kind"),
    ("app", "package"),
    ("notification", "messages", 0, "at_ms"),
    ("notification", "messages", 0, "text"),
    ("notification", "picture"),
    ("notification", "is_group_summary"),
    ("notification", "number"),
    ("through_seq",),
    ("reason",),
    ("redacted",),
    ("unknown",),
]
_VALUES: list[Any] = [
    None,
    True,
    0,
    1,
    -1,
    1.5,
    MAX_SEQ,
    MAX_SEQ + 1,
    2**63 - 1,
    "",
    "lost",
    "posted",
    "a" * 65,
    "a" * 129,
    "a" * 256,
    "Été",
    [],
    [None],
    ["a"],
    [1],
    {},
    {"key": "k"},
    {"kind": "adb"},
    {"package": "a.b"},
    {"width": 1.5},
]


def decoded(payload: bytes, topic_device: str | None = "salon-1") -> Decoded:
    read = _CODEC.decode(payload, topic_device=topic_device)
    assert isinstance(read, Decoded), read
    return read


def refused(payload: bytes, topic_device: str | None = "salon-1") -> Undecodable:
    read = _CODEC.decode(payload, topic_device=topic_device)
    assert isinstance(read, Undecodable), read
    return read


def test_an_envelope_of_exactly_the_largest_size_is_read() -> None:
    room = MAX_ENVELOPE_BYTES - len(payload_of(with_words(text="")))

    assert len(decoded(payload_of(with_words(text="a" * room))).payload) == MAX_ENVELOPE_BYTES
    assert refused(payload_of(with_words(text="a" * (room + 1)))).reason is RejectReason.OVERSIZE


def test_a_stored_payload_may_be_larger_than_a_message() -> None:
    payload = payload_of(with_words(text="a" * MAX_ENVELOPE_BYTES))

    assert isinstance(_CODEC.decode_stored(payload), Decoded)


def test_a_stored_payload_reads_as_it_did_when_it_came() -> None:
    payload = payload_of(
        good_envelope(source=None, event="lost", through_seq=2000, reason="cap") | {"source": {"kind": "adb"}}
    )

    assert _CODEC.decode_stored(payload) == decoded(payload)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-21T18:04:05.120Z", datetime(2026, 11, 21, 18, 4, 5, 120_000, UTC)),
        ("2026-11-21T19:04:05.120+01:00", datetime(2026, 11, 21, 18, 4, 5, 120_000, UTC)),
        ("1970-01-01T00:00:00Z", datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_times_are_in_utc(written: str, meant: datetime) -> None:
    captured_at = decoded(payload_of(good_envelope(captured_at=written))).envelope.captured_at

    assert captured_at == meant
    assert captured_at.tzinfo is UTC


def test_a_time_before_the_first_year_in_utc_is_refused() -> None:
    assert refused(payload_of(good_envelope(captured_at="0001-01-01T00:00:00+14:00"))).reason is RejectReason.BAD_FIELD


def test_unknown_fields_survive_a_change_of_words() -> None:
    tree = good_envelope(later={"price": 1.10, "huge": 123456789012345678, "list": [1, {"a": True}]})
    tree["notification"]["text"] = "avant\0après"

    stored = decoded(json.dumps(tree).encode())

    assert json.loads(stored.payload)["later"] == tree["later"]
    assert stored.envelope.notification is not None
    assert stored.envelope.notification.text == "avant\ufffdaprès"
    assert stored.changed == ("nul:notification.text",)


@pytest.mark.parametrize(
    "number", [b"1.10", b"-0.0", b"1E400", b"1e-400", b"1e9999999999999999999", b"0.1234567890123456789"]
)
def test_a_fraction_in_an_unknown_field_stays_as_it_was_written(number: bytes) -> None:
    payload = payload_of(good_envelope(later=["HERE"], removal_reason="\0")).replace(b'"HERE"', number)

    stored = decoded(payload)

    assert stored.changed == ("nul:removal_reason",)
    assert b'"later":[' + number + b"]" in stored.payload


def test_what_only_looks_like_a_long_number_is_a_text() -> None:
    text = "7301234567890123456789 et C:\\u0000"

    stored = decoded(payload_of(with_words(text=text)))

    assert stored.changed == ()
    assert stored.envelope.notification is not None
    assert stored.envelope.notification.text == text


def test_a_null_among_extras_is_absent() -> None:
    stored = decoded(payload_of(with_words(extras={"a": None, "b": 1})))

    assert stored.envelope.notification is not None
    assert stored.envelope.notification.extras == {"b": 1}


@pytest.mark.attack
@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'{"a":['])
@pytest.mark.parametrize("levels", [65, 500, 100_000])
def test_deep_nesting_is_refused(opening: bytes, levels: int) -> None:
    closing = opening.replace(b'"a":', b"").translate(bytes.maketrans(b"[{", b"]}"))[::-1]
    payload = _GOOD[:-1] + b',"deep":' + opening * levels + b"1" + closing * levels + b"}"

    reason = refused(payload).reason

    assert reason is (RejectReason.OVERSIZE if len(payload) > MAX_ENVELOPE_BYTES else RejectReason.TOO_DEEP)


@pytest.mark.parametrize("place", [b'"user": 0', b'"at_ms": 1795284245000', b'"push_kind": "comment"'])
@pytest.mark.parametrize("number", [b"9223372036854775808", b"-9223372036854775809", b"7" * 4000, b"7" * 5000])
def test_an_integer_beyond_64_bits_is_refused_wherever_it_stands(place: bytes, number: bytes) -> None:
    name = place.partition(b":")[0]

    assert refused(_GOOD.replace(place, name + b": " + number)).reason is RejectReason.BAD_NUMBER


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63)])
def test_an_integer_of_64_bits_is_read(number: int) -> None:
    stored = decoded(payload_of(with_words(when_ms=number)))

    assert stored.envelope.notification is not None
    assert stored.envelope.notification.when_ms == number


def test_the_detail_of_a_refusal_is_one_line_without_the_words() -> None:
    tree = good_envelope()
    tree["notification"]["text"] = ["un secret\nen deux lignes"]

    detail = refused(payload_of(tree)).detail

    assert "secret" not in detail
    assert "\n" not in detail
    assert "notification.text" in detail


def test_the_head_of_another_device_is_not_given() -> None:
    payload = payload_of(good_envelope(notification=None))

    assert refused(payload).head is not None
    assert refused(payload, "salon-2").head is None
    assert refused(payload, None).head is not None


@pytest.mark.attack
@given(st.binary(max_size=400), st.sampled_from([None, "salon-1"]))
def test_no_bytes_make_the_codec_raise(payload: bytes, topic_device: str | None) -> None:
    assert isinstance(_CODEC.decode(payload, topic_device=topic_device), Decoded | Undecodable)


DAMAGE = st.binary(max_size=8) | st.sampled_from(
    [
        b"null",
        b"\\u0000",
        b"\\ud800",
        b"[[[[",
        b"}",
        b'"',
        b"1e999",
        b"1e" + b"9" * 20,
        b"9" * 20,
        b"NaN",
        b"\xff",
        b"-",
    ]
)
ANY_DAMAGE = given(at=st.integers(0, len(_GOOD)), cut=st.integers(0, 12), put=DAMAGE)


@pytest.mark.attack
@ANY_DAMAGE
def test_no_damage_makes_the_codec_raise(at: int, cut: int, put: bytes) -> None:
    decode_damaged(at, cut, put)


@pytest.mark.attack
@pytest.mark.soak
@pytest.mark.timeout(3_600)
@ANY_DAMAGE
@settings(max_examples=100_000, deadline=None, database=None)
def test_a_hundred_thousand_damages_make_it_raise_nothing(at: int, cut: int, put: bytes) -> None:
    decode_damaged(at, cut, put)


def decode_damaged(at: int, cut: int, put: bytes) -> None:
    payload = _GOOD[:at] + put + _GOOD[at + cut :]

    read = _CODEC.decode(payload, topic_device="salon-1")

    if isinstance(read, Decoded):
        assert _CODEC.decode_stored(read.payload) == Decoded(read.envelope, read.payload)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists))
def test_no_json_makes_the_codec_raise(tree: Any) -> None:
    assert isinstance(_CODEC.decode(json.dumps(tree).encode(), topic_device=None), Undecodable)


@pytest.mark.parametrize("path", _PATHS, ids=str)
def test_codec_and_schema_are_of_one_mind(path: tuple[str | int, ...]) -> None:
    for value in _VALUES:
        tree = with_member(path, value)

        is_read = isinstance(_CODEC.decode(payload_of(tree), topic_device=None), Decoded)

        assert is_read is _SCHEMA.is_valid(without_nulls(tree)), value


def with_member(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    tree = deepcopy(good_envelope())
    holder: Any = tree
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return tree


@given(st.text(max_size=60), st.lists(st.text(max_size=20), max_size=4))
def test_every_text_comes_out_as_it_went_in(text: str, lines: list[str]) -> None:
    escaped = json.dumps(with_words(text=text, text_lines=lines)).encode()
    plain = payload_of(with_words(text=text, text_lines=lines))

    notifications = [decoded(payload).envelope.notification for payload in (escaped, plain)]

    for notification in notifications:
        assert notification is not None
        assert notification.text == text.replace("\0", "\ufffd")
        assert notification.text_lines == tuple(line.replace("\0", "\ufffd") for line in lines)
