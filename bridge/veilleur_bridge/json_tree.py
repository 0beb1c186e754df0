"""A payload as a plain JSON tree: for what the typed records cannot hold, unknown fields above all."""

from __future__ import annotations

from collections.abc import Iterable
from math import isinf
from typing import Any, Final

import msgspec
from msgspec import Struct

NUL: Final = "\0"
REPLACEMENT: Final = "\ufffd"
INT64: Final = range(-(2**63), 2**63)

Json = Any


class TreeCodec:
    """Reads and writes JSON without losing a digit: a fraction stays as it was written, as msgspec.Raw."""

    def __init__(self) -> None:
        self._decoder = msgspec.json.Decoder(float_hook=_as_written)
        self._encoder = msgspec.json.Encoder()

    def read(self, payload: bytes) -> Json:
        """Return the tree; raises msgspec.DecodeError or RecursionError."""
        return self._decoder.decode(payload)

    def write(self, tree: Json) -> bytes:
        """Return the tree as UTF-8 JSON without spaces, members in their order."""
        return self._encoder.encode(tree)


def _as_written(number: str) -> msgspec.Raw:
    return msgspec.Raw(number.encode())


class StringPlace(Struct, frozen=True):
    """A string in a tree: its holder and index there, and the member it belongs to."""

    holder: Json
    at: str | int
    member: str
    text: str


def string_places(tree: Json) -> list[StringPlace]:
    """Return every string value, however deep the tree is."""
    places: list[StringPlace] = []
    waiting = [("", tree)]
    while waiting:
        member, holder = waiting.pop()
        for at, value in _items(holder):
            name = at if isinstance(at, str) else member
            if isinstance(value, str):
                places.append(StringPlace(holder, at, name, value))
            else:
                waiting.append((name, value))
    return places


def depth_of(tree: Json, limit: int) -> int:
    """Return how many arrays and objects stand inside one another, counting no further than `limit` + 1."""
    depth, level = 0, [tree]
    while depth <= limit and (level := [value for value in level if isinstance(value, dict | list)]):
        depth += 1
        level = [child for value in level for child in _children(value)]
    return depth


def has_int_beyond_64_bits(tree: Json) -> bool:
    """Tell whether any integer fits no 64-bit column."""
    if isinstance(tree, int):
        return tree not in INT64
    return any(map(has_int_beyond_64_bits, _children(tree)))


def has_number_beyond_double(tree: Json) -> bool:
    """Tell whether any fraction is too large for a double."""
    if isinstance(tree, msgspec.Raw):
        return isinf(float(bytes(tree)))
    return any(map(has_number_beyond_double, _children(tree)))


def without_nulls(tree: Json) -> Json:
    """Return the tree without null members and null elements: null means absent."""
    if isinstance(tree, dict):
        return {name: without_nulls(value) for name, value in tree.items() if value is not None}
    if isinstance(tree, list):
        return [without_nulls(value) for value in tree if value is not None]
    return tree


def without_nuls(tree: Json, path: str, changed: list[str]) -> Json:
    """Return the tree with U+FFFD for each U+0000, and append `nul:PATH` for each string that had one."""
    if isinstance(tree, str) and NUL in tree:
        changed.append(f"nul:{path}")
        return tree.replace(NUL, REPLACEMENT)
    if isinstance(tree, list):
        return [without_nuls(value, f"{path}[{index}]", changed) for index, value in enumerate(tree)]
    if isinstance(tree, dict):
        return dict(_member_without_nuls(name, value, path, changed) for name, value in tree.items())
    return tree


def _member_without_nuls(name: str, value: Json, path: str, changed: list[str]) -> tuple[str, Json]:
    clean = name.replace(NUL, REPLACEMENT)
    place = f"{path}.{clean}" if path else clean
    if clean != name:
        changed.append(f"nul:{place}")
    return clean, without_nuls(value, place, changed)


def _children(tree: Json) -> list[Json]:
    return [value for _, value in _items(tree)]


def _items(tree: Json) -> Iterable[tuple[str | int, Json]]:
    if isinstance(tree, dict):
        return tree.items()
    return enumerate(tree) if isinstance(tree, list) else ()
