"""The page of a pairing code: shown once, to whoever holds its address, without a script and framed by nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.daemon.api.asking import Asker
from tests.daemon.api.story import sqlite_url
from tests.daemon.dashboard.visiting import Clock, pages_of
from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.instants import to_ms
from veilleur.store.opening import open_database
from veilleur.store.pairing import CODE_HOLDS, SeenConnection, note_connections, set_password
from veilleur.store.pairing_pages import keep_page

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CODE = "veilleur:eyJ2IjoxfQ"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Give a database with one awaited device."""
    opened = open_database(sqlite_url(tmp_path))
    set_password(opened, Scope(), "salon-1", "hash", to_ms(NOW), expires_at=NOW + CODE_HOLDS)
    yield opened
    opened.close()


def pages(database: Database, clock: Clock | None = None) -> Asker:
    return Asker(pages_of(database, clock=clock), headers={})


def kept(database: Database) -> str:
    return f"/pair/{keep_page(database, 'salon-1', CODE, now=NOW, expires_at=NOW + CODE_HOLDS)}"


def test_the_first_look_shows_the_code_and_the_second_says_that_it_was_shown(database: Database) -> None:
    asker, path = pages(database), kept(database)
    first, second = asker.ask(path, lang="en"), asker.ask(path, lang="en")

    assert first.status_code == second.status_code == 200
    assert CODE in first.text
    assert "<svg" in first.text
    assert "salon-1" in first.text
    assert CODE not in second.text
    assert "<svg" not in second.text
    assert "This code was shown already" in second.text


@pytest.mark.attack
def test_a_look_at_the_state_or_the_headers_does_not_use_the_code_up(database: Database) -> None:
    asker, path = pages(database), kept(database)

    assert "Waiting for the tablet" in asker.ask(f"{path}/state", lang="en").text
    assert asker.ask(path, "HEAD").status_code == 405
    assert CODE in asker.ask(path).text


def test_the_state_is_loaded_anew_until_the_tablet_has_come(database: Database) -> None:
    asker, path = pages(database), kept(database)
    before = asker.ask(f"{path}/state", lang="en").text
    note_connections(database, [SeenConnection("salon-1", NOW)], now=NOW)
    after = asker.ask(f"{path}/state", lang="en").text

    assert 'http-equiv="refresh"' in before
    assert "The tablet has connected." in after
    assert 'http-equiv="refresh"' not in after
    assert "The tablet has connected." in asker.ask(path, lang="en").text


def test_after_ten_minutes_there_is_no_code(database: Database) -> None:
    clock = Clock()
    asker, path = pages(database, clock), kept(database)
    clock.at = NOW + CODE_HOLDS + timedelta(seconds=1)

    page = asker.ask(path, lang="en").text
    assert CODE not in page
    assert "This code is void" in page
    assert "This code is void" in asker.ask(f"{path}/state", lang="en").text


@pytest.mark.attack
@pytest.mark.parametrize("token", ["x", "..%2f..", "<script>", "a" * 5_000, "%00", "é"])
def test_an_address_that_was_never_given_out_shows_nothing(database: Database, token: str) -> None:
    kept(database)
    answer = pages(database).ask(f"/pair/{token}")

    assert answer.status_code == 404
    assert "<svg" not in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize(("language", "said"), [("en", "Pair the tablet"), ("fr", "Associer la tablette")])
def test_it_speaks_both_languages_and_runs_no_script(database: Database, language: str, said: str) -> None:
    answer = pages(database).ask(kept(database), lang=language)

    assert said in answer.text
    assert f'<html lang="{language}"' in answer.text
    assert not re.search("<script|style=|onclick|https?:", answer.text.replace("http://www.w3.org", ""))
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_only_our_own_page_may_frame_the_state(database: Database) -> None:
    policy = pages(database).ask(f"{kept(database)}/state").headers["Content-Security-Policy"]

    assert "frame-ancestors 'self'" in policy
