"""What every operation works with, handed to the application when it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from veilleur.delivery.keeping import Outgoing
from veilleur.delivery.seats import StreamSeats
from veilleur.model.readiness import Readiness
from veilleur.store.database import Database


@dataclass(frozen=True, slots=True)
class ApiContext:
    """The open database, the clock, whether the daemon is ready or ends, and with what it sends (None: nothing)."""

    database: Database
    clock: Callable[[], datetime]
    readiness: Callable[[], Readiness]
    version: str
    outgoing: Outgoing | None = None
    is_stopping: Callable[[], bool] = lambda: False
    seats: StreamSeats = field(default_factory=StreamSeats)


def context_of(request: Request) -> ApiContext:
    """Return it, where the framework's way to it, a dependency, costs too much."""
    context: ApiContext = request.app.state.context
    return context


async def _context_of(request: Request) -> ApiContext:
    return context_of(request)


Context = Annotated[ApiContext, Depends(_context_of)]
