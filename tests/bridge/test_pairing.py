"""The pairing code: what is written reads back, and what no device could use safely is refused."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources.abc import Traversable
from typing import Any

import pytest

from tests.bridge.contract.contract_files import CONTRACT, validator
from veilleur_bridge.errors import PairingError
from veilleur_bridge.mqtt_url import MqttAddress, MqttScheme
from veilleur_bridge.pairing import PairingCode, read_pairing_code, write_pairing_code

_EXAMPLES = CONTRACT / "examples" / "pairing"
_KEY = "9f" * 32
_SECRET = "Zm9yLXRoZS1leGFtcGxlLW9ubHk"
CODE = PairingCode(
    device="salon-1",
    secret=_SECRET,
    addresses=("mqtts://192.0.2.10:1883", "mqtts://[2001:db8::10]:1883", "mqtts://veilleur-9f9f9f.local:1883"),
    key_sha256=_KEY,
    mdns="veilleur-9f9f9f",
    server="Bureau de Lyon, 1er étage",
    issued_at=datetime(2026, 11, 21, 18, 4, 5, 120_000, UTC),
    expires_at=datetime(2026, 11, 21, 18, 14, 5, 120_000, UTC),
)


def coded(fields: dict[str, Any]) -> str:
    return "veilleur:" + base64.urlsafe_b64encode(json.dumps(fields).encode()).decode().rstrip("=")


def fields_of(text: str) -> dict[str, Any]:
    body = text.removeprefix("veilleur:")
    fields: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return fields


def test_a_code_reads_back_as_it_was_written_and_fits_the_schema() -> None:
    text = write_pairing_code(CODE)

    assert read_pairing_code(text) == CODE
    assert "=" not in text
    validator("pairing").validate(fields_of(text))


def test_a_code_may_be_pasted_in_lines_and_with_its_padding() -> None:
    text = write_pairing_code(CODE)

    assert read_pairing_code(f"  {text[:40]}\n{text[40:]}==\n") == CODE


@pytest.mark.parametrize("file", list((_EXAMPLES / "accepted").iterdir()), ids=lambda file: file.name)
def test_an_accepted_example_is_read_and_written_again(file: Traversable) -> None:
    read = read_pairing_code(coded(json.loads(file.read_bytes())))

    assert read_pairing_code(write_pairing_code(read)) == read


@pytest.mark.parametrize("file", list((_EXAMPLES / "refused").iterdir()), ids=lambda file: file.name)
def test_a_refused_example_is_refused(file: Traversable) -> None:
    with pytest.raises(PairingError):
        read_pairing_code(coded(json.loads(file.read_bytes())))


def test_an_address_leads_to_the_device_s_own_account_and_trusts_the_key() -> None:
    first, _, by_name = CODE.broker_addresses()

    assert first == MqttAddress("192.0.2.10", 1883, MqttScheme.MQTTS, "salon-1", _SECRET, key_sha256=_KEY)
    assert by_name.host == "veilleur-9f9f9f.local"


@pytest.mark.attack
@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"addresses": ["mqtt://192.0.2.10:1883"]}, "unencrypted over a network"),
        ({"addresses": ["mqtts://192.0.2.10:1883", "ws://veilleur.example:80"]}, "unencrypted over a network"),
        ({"addresses": ["mqtts://u:p@192.0.2.10:1883"]}, "address"),
        ({"addresses": ["mqtts://192.0.2.10:99999"]}, "address"),
        ({"addresses": [5]}, "address"),
        ({"addresses": "mqtts://192.0.2.10:1883"}, "no address"),
        ({"addresses": ["mqtts://192.0.2.10:1883"] * 17}, "more than 16"),
        ({"key_sha256": "abc"}, "no SHA-256"),
        ({"key_sha256": None}, "no key"),
        ({"device": "Salon 1"}, "names no device"),
        ({"secret": ["x"]}, "secret is no text"),
        ({"expires_at": "soon"}, "until when"),
        ({"expires_at": "2026-13-40T00:00:00Z"}, "until when"),
        ({"v": 2}, "another version"),
    ],
)
def test_a_code_that_would_give_the_secret_away_or_lead_nowhere_is_refused(
    changed: dict[str, Any], reason: str
) -> None:
    """Seen to catch `_check_address` without its look at loopback: the secret would travel in clear."""
    with pytest.raises(PairingError, match=reason) as caught:
        read_pairing_code(coded(fields_of(write_pairing_code(CODE)) | changed))

    assert _SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "veilleur", "veilleur:", "veilleur:%%%", "veilleur:e30x", "http://veilleur.example"]
)
def test_what_is_no_code_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(PairingError):
        read_pairing_code(text)


def test_a_code_that_no_device_could_use_is_not_written() -> None:
    with pytest.raises(PairingError):
        write_pairing_code(replace(CODE, addresses=("mqtt://192.0.2.10:1883",)))


@pytest.mark.privacy
def test_the_secret_is_not_in_what_is_printed_of_a_code() -> None:
    assert _SECRET not in repr(CODE)
