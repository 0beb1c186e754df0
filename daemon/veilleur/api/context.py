"""What every operation works with, handed to the application when it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from veilleur.model.readiness import Readiness
from veilleur.store.database import Database


@dataclass(frozen=True, slots=True)
class ApiContext:
    """The open database, the clock, and whether the daemon is ready."""

    database: Database
    clock: Callable[[], datetime]
    readiness: Callable[[], Readiness]
    version: str


async def _context_of(request: Request) -> ApiContext:
    context: ApiContext = request.app.state.context
    return context


Context = Annotated[ApiContext, Depends(_context_of)]
