"""Every page, in both languages: whole, safe, from this host alone, and showing nobody what is not theirs to see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

import pytest

from tests.daemon.api.story import GROUP_WORDS, PRIVATE_WORDS, PUBLIC_WORDS
from tests.daemon.dashboard.visiting import Browser, pages_of, person_in
from veilleur.model.people import Role
from veilleur.model.readiness import PartState, Readiness
from veilleur.model.scope import Scope
from veilleur.query.expression import EVERYTHING
from veilleur.store.database import Database
from veilleur.store.mentions import every_mention

NOT_READY = Readiness(
    is_ready=False,
    parts=(PartState("database", is_ok=True), PartState("broker", is_ok=False, detail="refused <the password>")),
)
PATHS = [
    "/",
    "/?q=plastique",
    "/?q=kind:nonsense",
    "/qualify?q=plastique",
    "/export",
    "/watches",
    "/new-watch?q=plastique",
    "/plan",
    "/wall",
    "/alerts",
    "/settings",
    "/settings/tokens",
    "/conversations",
    "/devices",
    "/devices/salle-1",
    "/state",
    "/state/patterns",
    "/start",
    "MENTION",
    "CONVERSATION",
]
_VOID = {"meta", "link", "br", "img", "input", "path", "circle", "rect", "hr"}


@pytest.fixture
def browser(database: Database) -> Browser:
    """Give the browser of an administrator who reads private mentions."""
    person_in(database)
    browser = Browser(pages_of(database))
    browser.sign_in()
    return browser


def path_of(database: Database, path: str) -> str:
    """Return the path, or that of a mention with a conversation."""
    if path.startswith("/"):
        return path
    own = Scope(may_read_private=True)
    mention = next(one for one in every_mention(database, own, EVERYTHING) if one.conversation is not None)
    return f"/mentions/{mention.id}{'/conversation' if path == 'CONVERSATION' else ''}"


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("path", PATHS)
def test_it_is_whole_and_asks_no_other_host(database: Database, browser: Browser, path: str, language: str) -> None:
    browser.cookies["veilleur_language"] = language
    answer = browser.get(path_of(database, path))

    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    reader = _ElementReader()
    reader.feed(answer.text)
    assert reader.open == []
    assert len(reader.ids) == len(set(reader.ids)) > 0
    assert set(reader.named) <= set(reader.ids)
    assert all(address.startswith("/static/") for address in reader.fetched)
    assert [browser.get(address).status_code for address in reader.fetched] == [200] * len(reader.fetched)


@pytest.mark.parametrize("path", ["/", "/sign-in"])
def test_it_says_that_nothing_but_its_own_files_may_run(browser: Browser, path: str) -> None:
    answer = browser.get(path) if path == "/" else Browser(browser.app).get(path)

    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search("unsafe|data:|https?:", policy)
    assert not re.search(r"<script>|\sstyle=|\sonclick=|<style", answer.text)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_static_files_are_kept_for_good_under_their_checksum(browser: Browser) -> None:
    found = re.findall(r'"(/static/[0-9a-f]{16}/[^"]+)"', browser.get("/").text)

    answer = browser.get(found[0])
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert browser.get(re.sub("[0-9a-f]{16}", "0" * 16, found[0])).status_code == 404


@pytest.mark.privacy
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/conversations",
        "/devices",
        "/state",
        "/start",
        "/stream/page",
        "/watches",
        "/export/file?format=jsonl",
        "MENTION",
        "CONVERSATION",
    ],
)
def test_whoever_may_not_read_private_mentions_is_shown_none(database: Database, path: str) -> None:
    person_in(database, Role.ANALYST, reads_private=False)
    browser = Browser(pages_of(database))
    browser.sign_in()

    answer = browser.get(path_of(database, path))

    for words in (PRIVATE_WORDS, GROUP_WORDS, "Nadia et les autres"):
        assert words not in unescape(answer.text)
    assert answer.status_code == (200 if path.startswith("/") else 404)


@pytest.mark.privacy
@pytest.mark.parametrize("path", ["/sign-in", "/", "/mentions/" + "0" * 32])
def test_whoever_is_not_signed_in_is_shown_no_mention(database: Database, path: str) -> None:
    page = Browser(pages_of(database)).get(path).text

    for words in (PUBLIC_WORDS, PRIVATE_WORDS, GROUP_WORDS, "Solène", "salle-1"):
        assert words not in unescape(page)


def test_the_stream_shows_each_mention_and_what_a_query_means(browser: Browser) -> None:
    page = re.sub("</?a[^>]*>", "", unescape(browser.get("/").text))

    for words in (PUBLIC_WORDS, PRIVATE_WORDS, GROUP_WORDS):
        assert words in page
    assert "nobody knows what was not seen" in page
    found = browser.get("/", q="platform:tiktok").text
    assert PRIVATE_WORDS not in found
    assert 'id="explained"' in found


def test_a_wrong_query_is_marked_at_its_column(browser: Browser) -> None:
    page = browser.get("/", q="été kind:<b>").text

    assert "from column 10 on" in page
    assert "été kind:<mark>&lt;b&gt;</mark>" in page
    assert "one of the kinds follow" in page
    assert "l’un des genres follow" in browser.get("/", q="été kind:<b>", lang="fr").text


def test_it_names_the_part_that_does_not_work(database: Database) -> None:
    page = Browser(pages_of(database, readiness=NOT_READY)).get("/sign-in", lang="fr").text

    assert "Pas encore prêt" in page
    assert "Courtier MQTT" in page
    assert '<span lang="en">refused &lt;the password&gt;</span>' in page


@pytest.mark.fault
def test_it_says_so_when_the_database_does_not_answer(browser: Browser, database: Database) -> None:
    database.close()
    assert database.path is not None
    database.path.unlink()
    database.path.mkdir()

    answer = browser.get("/")

    assert answer.status_code == 503
    assert "The database" in answer.text


@pytest.mark.parametrize(
    ("accept", "asked", "language"),
    [
        ("fr-FR,fr;q=0.9,en;q=0.8", "", "fr"),
        ("de,fr;q=0.5", "", "fr"),
        ("", "", "en"),
        ("fr", "en", "en"),
        ("fr", "klingon", "fr"),
    ],
)
def test_it_speaks_the_visitor_s_language(database: Database, accept: str, asked: str, language: str) -> None:
    answer = Browser(pages_of(database), headers={"Accept-Language": accept}).get("/sign-in", lang=asked)

    assert f'<html lang="{language}"' in answer.text
    assert "Accept-Language" in answer.headers["Vary"]


def test_what_a_visitor_chooses_is_kept(browser: Browser) -> None:
    browser.post("/preferences", language="fr", theme="dark", zone="Asia/Tokyo", next="/conversations")

    page = browser.get("/").text
    assert '<html lang="fr" data-theme="dark">' in page
    assert 'data-zone="Asia/Tokyo"' in page
    browser.post("/preferences", language="tlh", theme="pink", zone="../../etc/passwd")
    assert 'data-zone="UTC"' in browser.get("/").text


class _ElementReader(HTMLParser):
    """Notes what is open, the ids, the references to them, and what is fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.named: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.open.append(tag)
        given = {name: value or "" for name, value in attrs}
        self.ids += _values(given, "id")
        self.named += _values(given, "aria-labelledby", "aria-describedby", "aria-controls", "for")
        if tag in {"link", "script", "img", "iframe"}:
            self.fetched += _values(given, "src", "href")

    def handle_startendtag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _VOID, tag

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _values(given: dict[str, str], *names: str) -> Iterator[str]:
    return (given[name] for name in names if given.get(name))
