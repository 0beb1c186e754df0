"""Which reason a payload is refused for, found out after it failed: this path may be slow."""

from __future__ import annotations

import json
from typing import Final

import msgspec

from veilleur_bridge.envelope import CONTRACT_VERSION, MAX_DEPTH, EventKind
from veilleur_bridge.json_tree import Json, depth_of, has_int_beyond_64_bits, has_number_beyond_double
from veilleur_bridge.refusal import Refusal, RejectReason

_REQUIRED: Final = ("id", "device", "event", "captured_at", "source", "source.kind")
_REQUIRED_UNLESS_LOST: Final = ("app", "app.package")


def refusal_of_json(payload: bytes, error: Exception) -> Refusal:
    """Say why valid UTF-8 is no JSON tree, given the decoder's error."""
    if isinstance(error, RecursionError):
        return _too_deep()
    if isinstance(error, msgspec.ValidationError):
        return Refusal(RejectReason.BAD_NUMBER, "a number is too long")
    constants: list[str] = []
    try:
        tree = json.loads(payload.decode(), parse_constant=constants.append)
        json.dumps(tree, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return Refusal(RejectReason.LONE_SURROGATE, "half of a surrogate pair stands alone")
    except (ValueError, RecursionError):
        return Refusal(RejectReason.NOT_JSON, _one_line(error))
    if constants:
        return Refusal(RejectReason.BAD_NUMBER, "NaN or Infinity")
    return Refusal(RejectReason.NOT_JSON, _one_line(error))


def refusal_of_tree(tree: Json) -> Refusal | None:
    """Return what forbids a JSON tree to be any version's envelope, or this version's."""
    if depth_of(tree, MAX_DEPTH) > MAX_DEPTH:
        return _too_deep()
    if has_int_beyond_64_bits(tree):
        return Refusal(RejectReason.BAD_NUMBER, "an integer does not fit 64 bits")
    if not isinstance(tree, dict):
        return Refusal(RejectReason.NOT_AN_OBJECT, "the outermost value is no object")
    version = tree.get("v")
    if version is None:
        return Refusal(RejectReason.MISSING_FIELD, "v is missing")
    if type(version) is int and version != CONTRACT_VERSION:
        return Refusal(RejectReason.UNKNOWN_VERSION, f"v is not {CONTRACT_VERSION}")
    return None


def refusal_of_types(tree: Json, error: msgspec.ValidationError) -> Refusal:
    """Say which field is missing or of another type, given the decoder's error on a tree without nulls."""
    is_lost = tree.get("event") == EventKind.LOST
    for path in _REQUIRED if is_lost else _REQUIRED + _REQUIRED_UNLESS_LOST:
        if not _has(tree, path):
            return Refusal(RejectReason.MISSING_FIELD, f"{path} is missing")
    if "notification" in tree and not _has(tree, "notification.key"):
        return Refusal(RejectReason.MISSING_FIELD, "notification.key is missing")
    if has_number_beyond_double(tree):
        return Refusal(RejectReason.BAD_NUMBER, "a number is out of range")
    return Refusal(RejectReason.BAD_FIELD, _one_line(error))


def _has(tree: Json, path: str) -> bool:
    """Tell whether the path leads to a value; a parent of another type is not our concern here."""
    parent, _, member = path.rpartition(".")
    holder = tree.get(parent, {}) if parent else tree
    return not isinstance(holder, dict) or member in holder


def _too_deep() -> Refusal:
    return Refusal(RejectReason.TOO_DEEP, f"more than {MAX_DEPTH} levels")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
