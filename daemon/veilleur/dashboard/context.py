"""What every page works with, handed over when the pages are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from veilleur.dashboard.attempts import FailedSignIns
from veilleur.dashboard.operations import Operations
from veilleur.dashboard.rendering import PAGE_HEADERS, Templates
from veilleur.dashboard.visitor import Visitor
from veilleur.delivery.keeping import Outgoing
from veilleur.model.readiness import Readiness
from veilleur.store.database import Database


@dataclass(frozen=True, slots=True)
class PageContext:
    """The open database, the clock, how the daemon is, what pages may set going, and how they are made.

    `outgoing` is with what notices are sent; without it no receiver can be made or tried.
    """

    database: Database
    clock: Callable[[], datetime]
    readiness: Callable[[], Readiness]
    operations: Operations
    templates: Templates
    failures: FailedSignIns
    is_stopping: Callable[[], bool]
    outgoing: Outgoing | None

    def show(
        self,
        template: str,
        visitor: Visitor,
        *,
        status: int = HTTPStatus.OK,
        headers: Mapping[str, str] = PAGE_HEADERS,
        **shown: Any,  # noqa: ANN401 - whatever the template names
    ) -> Response:
        """Return a page, or a part of one, as the answer."""
        page = self.templates.render(template, visitor, self.clock(), shown)
        return Response(page, status, dict(headers), media_type="text/html")


async def _pages_of(request: Request) -> PageContext:
    context: PageContext = request.app.state.pages
    return context


Pages = Annotated[PageContext, Depends(_pages_of)]
