"""The first page: state, totals and next steps in both languages, nothing private, nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.daemon.api.asking import Asker
from tests.daemon.api.story import GROUP_WORDS, PRIVATE_WORDS, PUBLIC_WORDS, READY, sqlite_url, tell_story
from veilleur.dashboard.pages import install_pages
from veilleur.model.readiness import PartState, Readiness
from veilleur.store.database import Database
from veilleur.store.opening import open_database

NOT_READY = Readiness(
    is_ready=False,
    parts=(PartState("database", is_ok=True), PartState("broker", is_ok=False, detail="refused <the password>")),
)
_VOID = {"meta", "link", "br", "img"}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Give a database with the story in it."""
    opened = open_database(sqlite_url(tmp_path))
    tell_story(opened)
    yield opened
    opened.close()


def page_of(database: Database, readiness: Readiness = READY, **headers: str) -> Asker:
    app = FastAPI()
    install_pages(app, database, readiness=lambda: readiness, version="0.0.1", program=".venv/bin/veilleur")
    return Asker(app, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_it_says_what_is_stored_and_what_to_type_next(database: Database) -> None:
    page = page_of(database).ask("/").text

    assert "<b>1</b> public notification<" in page
    assert "<b>1</b> public mention<" in page
    assert ".venv/bin/veilleur replay samples/restaurant-week.jsonl" in page
    assert ".venv/bin/veilleur device pair NAME" in page
    assert ".venv/bin/veilleur token create NAME <span>--scope read:mentions</span>" in page
    assert "http://veilleur.test/api/v1/mentions?q=%23pouletrose" in page
    assert 'href="/docs"' in page


@pytest.mark.privacy
@pytest.mark.parametrize("language", ["en", "fr"])
def test_it_shows_no_mention(database: Database, language: str) -> None:
    page = page_of(database).ask("/", lang=language).text

    for words in (PUBLIC_WORDS, PRIVATE_WORDS, GROUP_WORDS, "Solène", "Tibo", "Nadia", "salle-1"):
        assert words not in page


@pytest.mark.parametrize(
    ("accept", "asked", "language"),
    [
        ("fr-FR,fr;q=0.9,en;q=0.8", None, "fr"),
        ("en-GB,en;q=0.9,fr;q=0.8", None, "en"),
        ("de,fr;q=0.5", None, "fr"),
        ("", None, "en"),
        ("fr", "en", "en"),
        ("en", "fr", "fr"),
        ("fr", "klingon", "fr"),
    ],
)
def test_it_speaks_the_visitor_s_language(database: Database, accept: str, asked: str | None, language: str) -> None:
    answer = page_of(database, Accept_Language=accept).ask("/", lang=asked)

    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["Vary"] == "Accept-Language"


def test_it_names_the_part_that_does_not_work(database: Database) -> None:
    english = page_of(database, NOT_READY).ask("/", lang="en").text
    french = page_of(database, NOT_READY).ask("/", lang="fr").text

    assert "Not ready yet" in english
    assert "Pas encore prêt" in french
    assert "Courtier MQTT" in french
    assert '<small lang="en">refused &lt;the password&gt;</small>' in french
    assert '<meta http-equiv="refresh"' in english
    assert '<meta http-equiv="refresh"' not in page_of(database).ask("/").text


@pytest.mark.fault
def test_it_still_opens_when_the_database_does_not_answer(database: Database) -> None:
    asker = page_of(database, NOT_READY)
    database.close()
    assert database.path is not None
    database.path.unlink()
    database.path.mkdir()

    answer = asker.ask("/", lang="en")

    assert answer.status_code == 200
    assert "The database did not answer" in answer.text


def test_it_runs_no_script_and_asks_no_other_host(database: Database) -> None:
    asker = page_of(database)
    answer = asker.ask("/")

    fetched = re.findall(r'<(?:link|img|script|iframe)[^>]*(?:href|src)="([^"]*)"', answer.text)
    assert fetched == ["/pages/icon.svg", "/pages/style.css"]
    assert [asker.ask(path).status_code for path in fetched] == [200, 200]
    assert not re.search("<script|style=|onclick", answer.text)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search("https?:|@import", asker.ask("/pages/style.css").text)


def test_it_follows_light_and_dark_and_the_width_of_a_phone(database: Database) -> None:
    asker = page_of(database)

    assert "prefers-color-scheme: dark" in asker.ask("/pages/style.css").text
    assert 'name="viewport" content="width=device-width, initial-scale=1"' in asker.ask("/").text


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("readiness", [READY, NOT_READY])
def test_its_elements_are_closed_in_order_and_its_ids_are_one_of_a_kind(
    database: Database, readiness: Readiness, language: str
) -> None:
    reader = _ElementReader()
    reader.feed(page_of(database, readiness).ask("/", lang=language).text)

    assert reader.open == []
    assert len(reader.ids) == len(set(reader.ids)) > 0
    assert set(reader.labels) <= set(reader.ids)


class _ElementReader(HTMLParser):
    """Notes what is open, and the ids and the references to them."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.labels: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.open.append(tag)
        given = dict(attrs)
        self.ids += [value for value in [given.get("id")] if value]
        self.labels += [value for value in [given.get("aria-labelledby")] if value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("path", ["/", "/pages/style.css", "/pages/icon.svg"])
def test_a_look_at_the_headers_alone_is_answered(database: Database, path: str) -> None:
    assert page_of(database).ask(path, "HEAD").status_code == 200
