"""How many notifications the parsers read in a second of one core's time, all languages loaded."""

from __future__ import annotations

import json
from time import process_time
from typing import NamedTuple

from benchmarks.envelopes import Mix, envelopes
from veilleur.parsers.registry import builtin_parsers
from veilleur_bridge.codec import Codec, Decoded

_COUNT = 20_000
_ROUNDS = 5


class ReadingRate(NamedTuple):
    """Notifications read, and lines decoded by `json.loads` for comparison, in a second of processor time."""

    read: float
    decoded: float


def measure_reading(mix: Mix) -> ReadingRate:
    """Return the best of a few rounds: what else runs on the machine makes the others slower, never faster."""
    codec, parsers = Codec(), builtin_parsers()
    lines = [json.dumps(tree, ensure_ascii=False) for tree in envelopes(_COUNT, mix)]
    decoded = [codec.decode(line.encode(), topic_device=None) for line in lines]
    notifications = [one.envelope for one in decoded if isinstance(one, Decoded)]
    fastest, reference = float("inf"), float("inf")
    for _ in range(_ROUNDS):
        began = process_time()
        for envelope in notifications:
            parsers.read(envelope)
        read = process_time()
        for line in lines:
            json.loads(line)
        fastest, reference = min(fastest, read - began), min(reference, process_time() - read)
    return ReadingRate(len(notifications) / fastest, len(lines) / reference)
