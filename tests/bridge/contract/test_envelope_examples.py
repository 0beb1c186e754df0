"""Every example of an envelope is read the same by the codec and by a JSON Schema validator."""

from __future__ import annotations

import json

import pytest

from tests.bridge.contract.contract_files import ENVELOPES, Example, envelope_examples, validator
from veilleur_bridge.codec import Codec, Decoded, Undecodable, encode
from veilleur_bridge.envelope import EventKind
from veilleur_bridge.json_tree import without_nulls
from veilleur_bridge.refusal import RejectReason

_EXAMPLES = envelope_examples()
_ACCEPTED = [example for example in _EXAMPLES if example.reason is None]
_REFUSED = [example for example in _EXAMPLES if example.reason is not None]

_UNREADABLE = {
    RejectReason.EMPTY,
    RejectReason.NOT_UTF8,
    RejectReason.NOT_JSON,
    RejectReason.TOO_DEEP,
    RejectReason.LONE_SURROGATE,
    RejectReason.BAD_NUMBER,
}


def name_of(example: Example) -> str:
    return example.file


@pytest.mark.parametrize("example", _ACCEPTED, ids=name_of)
def test_an_accepted_example_is_decoded_and_only_the_named_texts_are_changed(example: Example) -> None:
    decoded = Codec().decode(example.payload, topic_device=example.topic_device)

    assert isinstance(decoded, Decoded), decoded
    assert list(decoded.changed) == example.changed
    assert (decoded.payload == example.payload) is (example.changed == [])


@pytest.mark.parametrize("example", _REFUSED, ids=name_of)
def test_a_refused_example_is_refused_for_its_reason_and_gives_its_head(example: Example) -> None:
    undecodable = Codec().decode(example.payload, topic_device=example.topic_device)

    assert isinstance(undecodable, Undecodable), undecodable
    assert undecodable.reason == example.reason
    assert (undecodable.head.seq if undecodable.head else None) == example.head_seq


@pytest.mark.parametrize("example", _EXAMPLES, ids=name_of)
def test_the_schema_says_of_an_example_what_the_index_says(example: Example) -> None:
    if example.schema == "cannot_read":
        assert example.reason in _UNREADABLE
        return
    accepts = validator("envelope").is_valid(without_nulls(json.loads(example.payload)))

    assert accepts is (example.schema == "accepts")


def test_a_schema_refuses_no_example_that_the_codec_accepts() -> None:
    assert {example.schema for example in _ACCEPTED} == {"accepts"}


def test_every_reason_has_an_example() -> None:
    assert {example.reason for example in _REFUSED} == set(RejectReason)


def test_every_event_has_an_example() -> None:
    events = {json.loads(example.payload)["event"] for example in _ACCEPTED}

    assert events > set(EventKind)


def test_the_index_lists_every_file_once() -> None:
    there = {f"{folder}/{file.name}" for folder in ("accepted", "refused") for file in (ENVELOPES / folder).iterdir()}
    listed = [example.file for example in _EXAMPLES]

    assert set(listed) == there
    assert len(listed) == len(there)


@pytest.mark.parametrize("example", _ACCEPTED, ids=name_of)
def test_what_is_written_again_is_the_same_envelope_and_fits_the_schema(example: Example) -> None:
    codec = Codec()
    first = codec.decode(example.payload, topic_device=example.topic_device)
    assert isinstance(first, Decoded)

    payload = encode(first.envelope)

    again = codec.decode(payload, topic_device=example.topic_device)
    assert isinstance(again, Decoded)
    assert again.envelope == first.envelope
    assert validator("envelope").is_valid(json.loads(payload))


def test_a_missing_app_of_a_lost_event_is_the_spool() -> None:
    example = next(example for example in _ACCEPTED if example.file.endswith("lost-without-app.json"))

    decoded = Codec().decode(example.payload, topic_device=example.topic_device)

    assert isinstance(decoded, Decoded)
    assert decoded.envelope.app.package == "veilleur.spool"
    assert decoded.payload == example.payload


def test_null_elements_and_members_are_absent() -> None:
    example = next(example for example in _ACCEPTED if example.file.endswith("nulls-are-absent.json"))

    decoded = Codec().decode(example.payload, topic_device=example.topic_device)

    assert isinstance(decoded, Decoded)
    notification = decoded.envelope.notification
    assert notification is not None
    assert notification.text is None
    assert notification.text_lines == ("Nadia Exemple a aimé",)
    assert notification.extras == {}
    assert [message.text for message in notification.messages or ()] == ["Bonjour"]
