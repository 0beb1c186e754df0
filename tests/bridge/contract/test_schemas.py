"""The schemas themselves: sound, described field by field, and of one mind with the records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from importlib.resources.abc import Traversable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.bridge.contract.contract_files import CONTRACT, schema, validator
from veilleur_bridge.envelope import AppInfo, Envelope, Message, Notification, Picture, SourceInfo
from veilleur_bridge.json_tree import without_nulls
from veilleur_bridge.registry import Receipt
from veilleur_bridge.topics import DeviceChannel

_NAMES = ("envelope", "status", "config", "receipt", "pairing")


def described(tree: Any, path: str = "") -> Iterator[tuple[str, bool]]:
    """Yield every property of a schema, and whether it says what it means."""
    if not isinstance(tree, dict):
        return
    for name, value in tree.get("properties", {}).items():
        yield f"{path}.{name}", "description" in value or "$ref" in value
    for name, value in tree.items():
        if name not in {"if", "then", "else", "examples"}:
            for part in value.values() if name in {"properties", "$defs"} else [value]:
                yield from described(part, f"{path}.{name}")


@pytest.mark.parametrize("name", _NAMES)
def test_a_schema_is_sound_and_describes_every_field(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))

    assert "description" in schema(name)
    assert [path for path, is_described in described(schema(name)) if not is_described] == []


@pytest.mark.parametrize(
    ("record", "properties"),
    [
        (Envelope, schema("envelope")["properties"]),
        (SourceInfo, schema("envelope")["properties"]["source"]["properties"]),
        (AppInfo, schema("envelope")["properties"]["app"]["properties"]),
        (Notification, schema("envelope")["$defs"]["notification"]["properties"]),
        (Message, schema("envelope")["$defs"]["message"]["properties"]),
        (Picture, schema("envelope")["$defs"]["picture"]["properties"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_record_and_its_schema_name_the_same_fields(record: type, properties: dict[str, Any]) -> None:
    assert {field.name for field in fields(record)} == set(properties)


def test_a_receipt_holds_the_fields_of_its_record() -> None:
    assert {"v", *(field.name for field in fields(Receipt))} == set(schema("receipt")["properties"])


def messages(verdict: str) -> list[tuple[str, Traversable]]:
    return [(name, file) for name in _NAMES[1:] for file in (CONTRACT / "examples" / name / verdict).iterdir()]


def place(value: str | Traversable) -> str:
    return value if isinstance(value, str) else value.name


@pytest.mark.parametrize(("name", "file"), messages("accepted"), ids=place)
def test_an_accepted_message_fits_its_schema(name: str, file: Traversable) -> None:
    validator(name).validate(without_nulls(json.loads(file.read_bytes())))


@pytest.mark.parametrize(("name", "file"), messages("refused"), ids=place)
def test_a_refused_message_does_not_fit_its_schema(name: str, file: Traversable) -> None:
    assert not validator(name).is_valid(without_nulls(json.loads(file.read_bytes())))


@pytest.mark.parametrize("name", ["status", "config", "receipt", "pairing"])
def test_the_accepted_messages_show_every_field_between_them(name: str) -> None:
    shown: set[str] = set()
    for file in (CONTRACT / "examples" / name / "accepted").iterdir():
        shown |= json.loads(file.read_bytes()).keys()

    assert shown >= schema(name)["properties"].keys() - {"config_error"}


def test_the_topics_page_names_every_topic_of_a_device() -> None:
    page = (CONTRACT / "topics.md").read_text("utf-8")

    assert all(f"`veilleur/1/devices/{{device}}/{channel}`" in page for channel in DeviceChannel)
