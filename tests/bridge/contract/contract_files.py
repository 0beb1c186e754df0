"""The contract's examples and schemas, as a reader outside the project would find them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

CONTRACT = files("veilleur_bridge") / "contract"
ENVELOPES = CONTRACT / "examples"


@dataclass(frozen=True)
class Fill:
    """How a long payload is written shortly: `text` and `then`, each `times` over, in the place of `mark`."""

    mark: str
    text: str
    times: int
    then: str = ""


@dataclass(frozen=True)
class Example:
    """One line of the index of envelopes."""

    file: str
    topic_device: str | None
    schema: str
    reason: str | None = None
    head_seq: int | None = None
    changed: list[str] = field(default_factory=list)
    fill: Fill | None = None

    @property
    def payload(self) -> bytes:
        payload = (ENVELOPES / self.file).read_bytes()
        if self.fill is None:
            return payload
        filling = self.fill.text * self.fill.times + self.fill.then * self.fill.times
        return payload.replace(self.fill.mark.encode(), filling.encode())


def envelope_examples() -> list[Example]:
    return [
        Example(**{**line, "fill": Fill(**line["fill"]) if "fill" in line else None})
        for line in json_lines("examples/index.jsonl")
    ]


def json_lines(path: str) -> Iterator[dict[str, Any]]:
    return map(json.loads, (CONTRACT / path).read_text("utf-8").splitlines())


def schema(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((CONTRACT / f"{name}.v1.schema.json").read_text("utf-8"))
    return loaded


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schema(name))
