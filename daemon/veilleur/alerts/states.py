"""How rules stand, as text that the store keeps, and rules moved on from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from veilleur.alerts.evaluation import RuleState, new_state
from veilleur.model.alert import AlertRule, Finding

Step = Callable[[AlertRule, RuleState], tuple[RuleState, list[Finding]]]
_READER: Final = msgspec.json.Decoder(RuleState)


def read_state(rule: AlertRule, kept: str | None) -> RuleState:
    """Return how a rule stands: where it begins, if nothing is kept of this version."""
    return new_state(rule) if kept is None else _READER.decode(kept)


def moved(rule: AlertRule, kept: str | None, step: Step) -> tuple[str, Sequence[Finding]]:
    """Return how a rule stands after a step, as it is kept, and what it found."""
    state, findings = step(rule, read_state(rule, kept))
    return msgspec.json.encode(state).decode(), findings
