"""What a reader of public mentions is answered stays the same, to the byte, whatever private comes and is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from msgspec.structs import replace
from starlette.types import ASGIApp

from tests.daemon.api.asking import Asker
from tests.daemon.api.story import PUBLIC_WORDS, make_token, told
from tests.daemon.store.arrivals import NOON_MS, arrival, dead, sighting
from veilleur.api.description import operations_of
from veilleur.api.example_requests import example_path
from veilleur.app.clock import utc_now
from veilleur.model.kinds import OutcomeKind, Visibility
from veilleur.model.scope import TokenScope
from veilleur.store.arrival_ledger import Cursor, arrivals_after
from veilleur.store.commit import commit_batch
from veilleur.store.consumers import consume, register
from veilleur.store.database import Database
from veilleur.watches.coming_in import CONSUMER, watch_consumer

pytestmark = pytest.mark.privacy

_ALL = (TokenScope.READ_MENTIONS, TokenScope.READ_PRIVATE, TokenScope.WRITE_CASES)
# When a device was last heard is told to whoever may read anything at all: it is how one sees that it works.
_OF_DEVICES = {"list_devices", "read_device"}
# A workbook's file says when it was made.
_NOT_COMPARED = {"export_xlsx", "export_parquet"} | _OF_DEVICES
_ENDLESS = "text/event-stream"
_MORE = (
    "/api/v1/mentions?q=plastique&order=relevance",
    "/api/v1/mentions?q=plastique OR film OR histoire&order=relevance",
    "/api/v1/mentions?limit=1",
    "/api/v1/facets?by=actor&by=conversation&by=hashtag&by=language&by=device&q=plastique",
    "/api/v1/timeline?by=hour",
    "/api/v1/changes?limit=1",
    "/api/v1/changes?after=newest",
    "/api/v1/watches/wide/new",
    "/api/v1/watches/wide/mentions",
    "/api/v1/watches/wide/history",
    "/api/v1/watches/wide",
    "/api/v1/watches/wide/backtest",
    "/api/v1/coverage?cause=quarantined",
)


@dataclass(slots=True)
class Life:
    """What goes on in a store."""

    database: Database
    keeper: Asker
    seq: int = 100

    def come(self, words: str, visibility: Visibility) -> str:
        """Let a mention come in; return its id."""
        self.seq += 1
        made = sighting(words, sender=f"Sender {self.seq}", visibility=visibility, at_ms=NOON_MS + self.seq)
        commit_batch(self.database, [told(self.seq, made)], now_ms=NOON_MS)
        return str(made.id)

    def settle(self) -> None:
        """Let everything be done that follows from what came."""
        arrivals_after(self.database, Cursor())
        while consume(self.database, watch_consumer(self.database, utc_now)):
            pass

    def live_in_private(self) -> None:
        """Let private things come, be qualified, watched, ruled and lost."""
        for words in ("le film plastique", "une histoire de film", "plastique plastique", "film histoire"):
            mention = self.come(words, Visibility.PRIVATE)
            said = {"tone": "negative", "add_tags": ["client"]}
            assert self.keeper.send(f"/api/v1/mentions/{mention}/qualification", said, "POST").status_code == 200
        self.come("au groupe", Visibility.GROUP)
        unknown = arrival(self.seq + 1, outcome=OutcomeKind.QUARANTINED, captured_at_ms=NOON_MS + 3_600_000)
        hidden = replace(arrival(self.seq + 2, outcome=OutcomeKind.IGNORED), is_redacted=True)
        commit_batch(self.database, [unknown, hidden, dead(b"{", seq=self.seq + 3)], now_ms=NOON_MS)
        rule = {"query": "from:Solène", "add_tags": ["client"]}
        assert self.keeper.send("/api/v1/rules/clients", rule).status_code == 200
        assert self.keeper.send("/api/v1/watches/private", {"query": "from:Solène"}).status_code == 200
        self.settle()


@pytest.fixture
def life(api: ASGIApp, database: Database) -> Life:
    """Give a store in which public and private things happened, and a watch that public readers know."""
    register(database, CONSUMER)
    public_keeper = Asker(api, make_token(database, TokenScope.READ_MENTIONS, TokenScope.WRITE_CASES))
    assert public_keeper.send("/api/v1/watches/wide", {"query": ""}).status_code == 200
    lived = Life(database, Asker(api, make_token(database, *_ALL)))
    for words in (PUBLIC_WORDS, "un film", "histoire plastique"):
        lived.come(words, Visibility.PUBLIC)
    lived.come("en privé", Visibility.PRIVATE)
    commit_batch(database, [dead(b"{", seq=lived.seq + 1_000)], now_ms=NOON_MS)
    lived.settle()
    return lived


def paths(reader: Asker) -> Iterator[str]:
    for path, method, operation in operations_of(reader.read("/openapi.json")):
        is_compared = operation["operationId"] not in _NOT_COMPARED
        if method == "get" and path.startswith("/api/v1") and is_compared and _ENDLESS not in media_of(operation):
            yield example_path(path, operation)
    yield from _MORE


def media_of(operation: dict[str, Any]) -> set[str]:
    return {media for answer in operation["responses"].values() for media in answer.get("content", ())}


def answers(reader: Asker) -> dict[str, tuple[int, str | None, bytes]]:
    asked = {path: reader.ask(path) for path in paths(reader)}
    return {path: (one.status_code, one.headers.get("ETag"), one.content) for path, one in asked.items()}


def test_no_answer_to_a_public_reader_moves_with_private_activity(life: Life, public_reader: Asker) -> None:
    before = answers(public_reader)
    life.live_in_private()
    after = answers(public_reader)
    assert [path for path in before if before[path] != after[path]] == []
    assert sum(status == 200 for status, _, _ in before.values()) > 20


def test_the_same_answers_do_move_with_what_is_public(life: Life, public_reader: Asker) -> None:
    before = answers(public_reader)
    life.come("plastique, encore", Visibility.PUBLIC)
    life.settle()
    after = answers(public_reader)
    assert len([path for path in before if before[path] != after[path]]) > 10
