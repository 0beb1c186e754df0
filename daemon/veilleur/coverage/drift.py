"""When a parser no longer knows an app's words as it did: against what came before, not against a fixed share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import exp
from typing import Final

from veilleur.model.alarms import AlarmCode, AlarmKey
from veilleur.model.drift import RecentWordings
from veilleur.parsers.hidden_names import count_behind_beginnings

_LEAST_UNKNOWN: Final = 2
_CHANCE: Final = 0.01
# Laplace's rule with a first guess of one in a hundred, worth fifty notifications.
_FIRST_UNKNOWN, _FIRST_TOTAL = 0.5, 50
# What nobody mended for weeks must not become what is usual.
_MOST_USUAL: Final = 0.02


def drift_alarms(recent: Iterable[RecentWordings]) -> Iterator[tuple[AlarmKey, str]]:
    """Yield the apps of which more wordings are unknown than chance brings."""
    for wordings in sorted(recent, key=lambda one: one.package):
        if has_drifted(wordings):
            detail = (
                f"{_count_unknown(wordings)} of its last {wordings.total} notifications have words"
                " that no pattern knows: `veilleur patterns suggest` proposes patterns"
            )
            yield AlarmKey(AlarmCode.PARSER_DRIFT, wordings.package), detail


def has_drifted(recent: RecentWordings) -> bool:
    """Whether so many unknown wordings come by chance less than once in a hundred times (Poisson)."""
    unknown = _count_unknown(recent)
    if unknown < _LEAST_UNKNOWN:
        return False
    usual = (recent.before_unknown + _FIRST_UNKNOWN) / (recent.before_total + _FIRST_TOTAL)
    return _chance_of_at_least(unknown, recent.total * min(usual, _MOST_USUAL)) < _CHANCE


def _count_unknown(recent: RecentWordings) -> int:
    """Count the words that no pattern knows, and those that look like names: what the app put before one."""
    return recent.unknown + count_behind_beginnings(recent.named, recent.named_before)


def _chance_of_at_least(count: int, expected: float) -> float:
    term = below = exp(-expected)
    for number in range(1, count):
        term *= expected / number
        below += term
    return 1.0 - below
