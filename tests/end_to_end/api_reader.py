"""Reads the API over HTTP as any program would, with a token and page by page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from tests.servers.daemon import Daemon

Json = dict[str, Any]
_PAGE = 50


@dataclass(frozen=True, slots=True)
class ApiReader:
    """A client with the rights of one token."""

    url: str
    token: str

    @classmethod
    def of(cls, daemon: Daemon) -> ApiReader:
        """Read with the token that the daemon printed at its first start."""
        return cls(daemon.url, daemon.token)

    def get(self, path: str, **parameters: str | int) -> Json:
        answer = httpx.get(
            f"{self.url}/api/v1/{path}",
            params=parameters,
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=20,
        )
        assert answer.status_code == httpx.codes.OK, answer.text
        found: Json = answer.json()
        return found

    def every_mention(self, query: str = "") -> list[Json]:
        """Follow the cursor to the end."""
        return [mention for page in self._pages(query) for mention in page["mentions"]]

    def _pages(self, query: str) -> Iterator[Json]:
        page = self.get("mentions", q=query, limit=_PAGE)
        yield page
        while (cursor := page["next_cursor"]) is not None:
            page = self.get("mentions", q=query, limit=_PAGE, cursor=cursor)
            yield page
