"""What the week should become, counted from the story's own annotations and from no parser."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from samples.story.moments import Told
from samples.story.stage import Stage
from samples.story.tablet import DEVICE, EPOCH

HASHTAG: Final = re.compile(r"#(\w+)")

Mentions = dict[str, Told]


def expected(stage: Stage) -> dict[str, Any]:
    """Return every total that a replay of the log should end with, and each envelope's verdict."""
    sightings = stage.tablet.sightings
    seen = {label for sighting in sightings for label in sighting.verdict.labels}
    wordings = {label: told for label, told in stage.told.items() if label in seen}
    return {
        "envelopes": len(sightings),
        "device": DEVICE,
        "epoch": EPOCH,
        "asleep": [{"from_at": _minute(start), "until_at": _minute(end)} for start, end in stage.tablet.sleeps],
        "notifications": _count(sighting.verdict.outcome for sighting in sightings),
        "ignored": _count(sighting.verdict.reason for sighting in sightings if sighting.verdict.reason),
        "mentions": _totals(_folded(wordings)),
        "mentions_before_folding": len(wordings),
        "mentions_never_captured": len(stage.told) - len(wordings),
        "deleted": len(stage.deleted),
        "listed": [_line(label, told, stage) for label, told in _folded(wordings).items()],
        "sightings": [
            {
                "seq": sighting.seq,
                "outcome": sighting.verdict.outcome,
                **({"reason": sighting.verdict.reason} if sighting.verdict.reason else {}),
                **({"mentions": list(sighting.verdict.labels)} if sighting.verdict.labels else {}),
            }
            for sighting in sightings
        ],
    }


def _folded(wordings: Mentions) -> Mentions:
    """Keep the last wording of each aggregate: it has the largest crowd."""
    last = {told.fold or label: label for label, told in wordings.items()}
    return {label: told for label, told in wordings.items() if last[told.fold or label] == label}


def _totals(mentions: Mentions) -> dict[str, Any]:
    told = list(mentions.values())
    return {
        "total": len(told),
        "by_kind": _count(one.kind for one in told),
        "by_platform": _count(one.platform for one in told),
        "by_visibility": _count(one.visibility for one in told),
        "by_day": _count(label.split()[0] for label in mentions),
        "by_hashtag": _count(tag for one in told for tag in _hashtags(one)),
    }


def _line(label: str, told: Told, stage: Stage) -> dict[str, Any]:
    fields = {
        "mention": label,
        "kind": told.kind,
        "platform": told.platform,
        "visibility": told.visibility,
        "actor": told.actor,
        "body": told.body,
        "media": told.media,
        "hashtags": _hashtags(told) or None,
        "others_count": told.others_count,
        "deleted": label in stage.deleted or None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _hashtags(told: Told) -> list[str]:
    return list(dict.fromkeys(tag.casefold() for tag in HASHTAG.findall(told.body or "")))


def _count(values: Iterable[str]) -> dict[str, int]:
    counted = Counter(values)
    return {value: counted[value] for value in sorted(counted)}


def _minute(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms // 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"
