"""How a condition that is tried on the past is asked for."""

from __future__ import annotations

from datetime import datetime

from veilleur.client.transport import Parameter
from veilleur.model.condition import Condition
from veilleur.model.wire import instant_text


def trial_parameters(
    condition: Condition, since_at: datetime | None, until_at: datetime | None
) -> dict[str, Parameter]:
    """Return the parameters of a trial; the server's own 30 days where no time is given."""
    return {
        "condition": condition.kind,
        "at_least": condition.at_least,
        "window_minutes": condition.window_minutes,
        "cool_down_minutes": condition.cool_down_minutes,
        "since": None if since_at is None else instant_text(since_at),
        "until": None if until_at is None else instant_text(until_at),
    }
