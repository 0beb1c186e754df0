"""Reads the API over HTTP as any program would, with a token and page by page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

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
        request = Request(f"{self.url}/api/v1/{path}?{urlencode(parameters)}")
        request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with urlopen(request, timeout=20) as answer:
                found: Json = json.load(answer)
        except HTTPError as refused:
            # Its connection would stay open for as long as the failure is remembered.
            refused.close()
            raise
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
