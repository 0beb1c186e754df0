"""A query that costs too much, over HTTP: every list and count says so; what answers with a file takes its time."""

from __future__ import annotations

import pytest

from tests.daemon.api.asking import Asker
from tests.daemon.api.story import NOW, api_of, make_token
from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from tests.daemon.store.test_answer_limit import COSTLY, MANY, WORDS
from veilleur.model.scope import Scope, TokenScope
from veilleur.model.watch import WatchDraft
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.watches import save_watch


@pytest.fixture
def hurried(either_database: Database) -> Asker:
    """Give a client of a store whose database gives up what takes it any time."""
    log = [arrival(seq, sighting(f"{WORDS} {seq}", at_ms=NOON_MS + seq)) for seq in range(10, MANY)]
    commit_batch(either_database, log, now_ms=NOON_MS)
    save_watch(either_database, Scope(), "costly", WatchDraft(COSTLY, "UTC", ""), by="cli", now=NOW)
    either_database.answer_s = 0.0
    return Asker(api_of(either_database), make_token(either_database, TokenScope.READ_MENTIONS))


def test_what_costs_too_much_says_how_to_narrow_it_and_an_export_is_whole(hurried: Asker) -> None:
    """Broken line: no case for QueryTooCostly among the problems; then the status was 503."""
    asked: list[tuple[str, dict[str, str]]] = [
        *((path, {"q": COSTLY}) for path in ("mentions", "facets", "timeline")),
        ("mentions", {"q": COSTLY, "order": "relevance"}),
        ("watches/costly/mentions", {}),
    ]
    for path, parameters in asked:
        answer = hurried.ask(f"/api/v1/{path}", **parameters)
        assert (answer.status_code, answer.json()["type"]) == (422, "/docs#query-too-costly"), path
        assert "since:" in answer.json()["detail"]

    rows = hurried.ask("/api/v1/mentions.jsonl", q=f"aa OR {COSTLY}").text.splitlines()
    assert len(rows) == MANY - 10
