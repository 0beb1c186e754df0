"""What is checked of an outcome that a plug-in gave, so that nothing in it can break a commit or a page."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import Struct

from veilleur.model.outcome import Draft, Ignored, Outcome, Parsed, Quarantined
from veilleur.parsers.web_link import is_web_link

_REASON: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_PLATFORM: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
_MOST_MENTIONS: Final = 1_000
_LONGEST_TEXT: Final = 65_536
_LONGEST_NAME: Final = 256
_LARGEST_NUMBER: Final = 2**53


class WireOutcome(Struct, frozen=True):
    """An outcome as it passes between processes: exactly one of the three is set."""

    parsed: Parsed | None = None
    ignored: Ignored | None = None
    quarantined: Quarantined | None = None


_DECODER: Final = msgspec.msgpack.Decoder(WireOutcome)


def pack_outcome(outcome: object) -> bytes | None:
    """Return an outcome as bytes, None for anything else and for what `read_outcome` would refuse."""
    match outcome:
        case Parsed():
            wire = WireOutcome(parsed=outcome)
        case Ignored():
            wire = WireOutcome(ignored=outcome)
        case Quarantined():
            wire = WireOutcome(quarantined=outcome)
        case _:
            return None
    try:
        packed = msgspec.msgpack.encode(wire)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return None
    return packed if read_outcome(packed) is not None else None


def read_outcome(packed: bytes | msgspec.Raw) -> Outcome | None:
    """Return the outcome, None where it is not one that may be stored."""
    try:
        wire = _DECODER.decode(packed)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    given = [one for one in (wire.parsed, wire.ignored, wire.quarantined) if one is not None]
    return given[0] if len(given) == 1 and _is_storable(given[0]) else None


def is_platform(name: str) -> bool:
    """Whether a plug-in may call its platform so."""
    return _PLATFORM.fullmatch(name) is not None


def _is_storable(outcome: Outcome) -> bool:
    if not all(map(_is_storable_value, _values(msgspec.to_builtins(outcome)))):
        return False
    if isinstance(outcome, Parsed):
        return len(outcome.mentions) <= _MOST_MENTIONS and all(map(_is_fit, _drafts(outcome)))
    return _REASON.fullmatch(outcome.reason) is not None


def _drafts(parsed: Parsed) -> Iterator[Draft]:
    yield from parsed.mentions
    if parsed.undated is not None:
        yield from (line.draft for line in parsed.undated.lines if line.draft is not None)


def _is_fit(draft: Draft) -> bool:
    link = draft.open.url if draft.open else None
    return (
        0.0 <= draft.confidence <= 1.0
        and 0 < len(draft.pattern) <= _LONGEST_NAME
        and (draft.platform is None or is_platform(draft.platform))
        and (link is None or is_web_link(link))
    )


def _is_storable_value(value: object) -> bool:
    match value:
        case str():
            return len(value) <= _LONGEST_TEXT and "\0" not in value
        case int():
            return abs(value) <= _LARGEST_NUMBER
        case float():
            return math.isfinite(value)
        case _:
            return value is None


def _values(tree: object) -> Iterator[object]:
    """Yield every single value of nested lists and mappings."""
    waiting: list[object] = [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list | tuple):
            waiting.extend(one)
        else:
            yield one
