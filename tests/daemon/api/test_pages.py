"""Lists in pages: following `next_cursor` gives every row once, in the order of the whole list."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import pytest

from tests.daemon.api.asking import Asker
from tests.daemon.api.device_story import tell_of_the_device
from tests.daemon.store.arrivals import NOON_MS, dead
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database

BYTES = (b"\xff\xfe no text", b"{}", b"three")


@pytest.fixture(autouse=True)
def told(database: Database) -> None:
    tell_of_the_device(database)
    commit_batch(database, [dead(payload) for payload in BYTES], now_ms=NOON_MS)


def followed(reader: Asker, path: str, name: str, **parameters: str) -> list[Any]:
    rows, cursor = [], None
    while True:
        page = reader.read(path, limit=1, cursor=cursor, **parameters)
        assert len(page[name]) <= 1
        rows += page[name]
        if (cursor := page["next_cursor"]) is None:
            return rows


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/api/v1/mentions", "mentions"),
        ("/api/v1/notifications", "notifications"),
        ("/api/v1/quarantine", "notifications"),
        ("/api/v1/coverage", "intervals"),
        ("/api/v1/dead-letters", "dead_letters"),
        ("/api/v1/parse-rates", "parse_rates"),
    ],
)
def test_pages_of_one_row_are_the_list(private_reader: Asker, path: str, name: str) -> None:
    """Broken line: `<=` for `<` in the condition behind a cursor; then the pages never ended."""
    whole = private_reader.read(path, limit=500)

    assert followed(private_reader, path, name) == whole[name]
    assert whole["next_cursor"] is None


def test_the_raw_log_is_read_from_either_end(private_reader: Asker) -> None:
    newest = private_reader.read("/api/v1/notifications")["notifications"]

    assert followed(private_reader, "/api/v1/notifications", "notifications", order="oldest") == newest[::-1]


def test_coverage_says_how_much_is_behind_a_page(private_reader: Asker) -> None:
    page = private_reader.read("/api/v1/coverage", limit=1)

    assert page["omitted"] == len(private_reader.read("/api/v1/coverage")["intervals"]) - 1
    assert private_reader.ask("/api/v1/coverage", cursor="x").status_code == 422


def test_a_dead_letter_is_read_to_the_byte_by_whom_private_rows_are_told(
    private_reader: Asker, public_reader: Asker
) -> None:
    letters = private_reader.read("/api/v1/dead-letters")["dead_letters"]
    paths = [f"/api/v1/dead-letters/{letter['id']}" for letter in letters]

    assert [b64decode(private_reader.read(path)["payload"]) for path in paths] == list(BYTES)
    assert {public_reader.ask(path).status_code for path in paths} == {404}


def test_public_narrows_every_list_to_what_is_public(private_reader: Asker, public_reader: Asker) -> None:
    for path in ("mentions", "notifications", "quarantine", "coverage", "devices", "dead-letters", "parse-rates"):
        narrowed = private_reader.read(f"/api/v1/{path}", public="true")

        assert narrowed == public_reader.read(f"/api/v1/{path}"), path


def test_a_query_is_explained_in_words_and_a_wrong_one_refused_with_its_column(public_reader: Asker) -> None:
    asked = {"q": "#ratp OR lang:fr", "zone": "Europe/Paris"}
    english = public_reader.read("/api/v1/explain", **asked)
    french = public_reader.read("/api/v1/explain", lang="fr", **asked)

    assert (english["query"], english["language"], french["language"]) == (asked["q"], "en", "fr")
    assert english["meaning"] != french["meaning"]
    assert public_reader.ask("/api/v1/explain", q="kind:x").json()["column"] == 6
    assert public_reader.ask("/api/v1/explain", q="x", lang="de").status_code == 422
