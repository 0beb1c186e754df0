"""Every example of a receipt, a status and a config is read, refused and written again as the contract says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

import pytest

from tests.bridge.contract.contract_files import ENVELOPES, validator
from veilleur_bridge.wire.config import read_config, write_config
from veilleur_bridge.wire.receipt import read_receipt, write_receipt
from veilleur_bridge.wire.status import read_status, will_of, write_status


@dataclass(frozen=True)
class Wire:
    name: str
    read: Callable[[bytes], Any]
    write: Callable[[Any], bytes]

    def examples(self, verdict: str) -> list[Traversable]:
        return sorted((ENVELOPES / self.name / verdict).iterdir(), key=lambda file: file.name)


WIRES = [
    Wire("receipt", read_receipt, write_receipt),
    Wire("status", read_status, write_status),
    Wire("config", read_config, write_config),
]
ACCEPTED = [(wire, file) for wire in WIRES for file in wire.examples("accepted")]
REFUSED = [(wire, file) for wire in WIRES for file in wire.examples("refused")]


def name_of(value: object) -> str:
    return value.name if isinstance(value, Wire | Traversable) else str(value)


@pytest.mark.parametrize(("wire", "file"), ACCEPTED, ids=name_of)
def test_an_accepted_example_is_read_and_written_again_as_it_was(wire: Wire, file: Traversable) -> None:
    original = json.loads(file.read_bytes())
    original.pop("mood", None)

    record = wire.read(file.read_bytes())
    written = wire.write(record)

    assert json.loads(written) == original
    assert wire.read(written) == record
    assert validator(wire.name).is_valid(json.loads(written))


@pytest.mark.parametrize(("wire", "file"), REFUSED, ids=name_of)
def test_a_refused_example_is_nothing(wire: Wire, file: Traversable) -> None:
    assert wire.read(file.read_bytes()) is None


@pytest.mark.parametrize("wire", WIRES, ids=name_of)
@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b"[1]",
        b"\xff\xfe{}",
        b'{"v":true}',
        b'{"v":NaN}',
        b"[" * 100_000,
        b'{"v":' + b"9" * 5000 + b"}",
        b'{"v":1,"x":"' + b"a" * 300_000 + b'"}',
    ],
)
def test_what_is_no_message_is_nothing(wire: Wire, payload: bytes) -> None:
    assert wire.read(payload) is None


def test_the_will_is_a_status_that_the_contract_accepts() -> None:
    will = will_of("k3v9x2m7")

    status = read_status(will)

    assert status is not None
    assert (status.online, status.epoch) == (False, "k3v9x2m7")
    assert validator("status").is_valid(json.loads(will))


def test_of_too_many_refused_payloads_the_newest_are_written() -> None:
    file = next(file for wire, file in ACCEPTED if file.name == "with-refused.json")
    receipt = read_receipt(file.read_bytes())
    assert receipt is not None
    hashes = tuple(f"{number:064x}" for number in range(40))

    again = read_receipt(write_receipt(type(receipt)("s", 1, "e", 0, hashes)))

    assert again is not None
    assert again.refused == hashes[-32:]
