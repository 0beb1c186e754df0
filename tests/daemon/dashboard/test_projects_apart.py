"""Two people of two projects: no page tells one of what the other's project holds, whatever address is asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from tests.daemon.api.apart import OTHER, SCOPES, make_other_project, reads, texts_in, told
from tests.daemon.api.asking import Asker
from tests.daemon.api.sample_server import sample_database
from tests.daemon.api.story import api_of, make_token, sqlite_url
from tests.daemon.dashboard.visiting import Browser, pages_of, person_in
from veilleur.dashboard.pages import ROUTERS
from veilleur.store.database import Database
from veilleur.store.opening import open_database

pytestmark = pytest.mark.privacy

ENDLESS = {"/stream/live"}
"""It goes on until the daemon ends; `test_live` asks it."""
SAMPLES = {
    "name": ("salle-1", "plastique", "direction", "brunch"),
    "schedule_id": ("1",),
    "burst_id": ("1",),
    "tag": ("pouletrose",),
    "project": ("default", "maison-dupont"),
}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Give a database whose first project holds all that examples name, and a person of the other."""
    with sample_database(tmp_path_factory.mktemp("two")) as database:
        make_other_project(database)
        person_in(database, project=OTHER)
        yield database


@pytest.fixture(scope="module")
def pages(two: Database) -> FastAPI:
    """Give the pages over it."""
    return pages_of(two)


@pytest.fixture(scope="module")
def stranger(pages: FastAPI) -> Browser:
    """Give the browser of the other project's administrator."""
    browser = Browser(pages)
    browser.sign_in()
    return browser


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Give the same browser over a database in which nobody else ever was."""
    database = open_database(sqlite_url(tmp_path_factory.mktemp("alone")))
    make_other_project(database)
    person_in(database, project=OTHER)
    browser = Browser(pages_of(database))
    browser.sign_in()
    yield browser
    database.close()


@pytest.fixture(scope="module")
def secrets(two: Database) -> set[str]:
    """Collect every text that the API tells the first project."""
    owner = Asker(api_of(two), make_token(two, *SCOPES))
    answers = told(owner, reads(owner)).values()
    lines = [line for answer in answers if answer.startswith(b"{") for line in answer.splitlines()]
    return {text for line in lines for text in texts_in(json.loads(line))}


def addresses(secrets: set[str]) -> list[str]:
    """Return every address that answers a GET, with what the first project has for each part of a path."""
    mentions = sorted(text for text in secrets if re.fullmatch("[0-9a-f]{32}", text))
    found = []
    for route in (route for router in ROUTERS for route in router().routes):
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and route.path not in ENDLESS:
            parts = re.findall(r"{(\w+)(?::\w+)?}", route.path)
            filled = [route.path]
            for part in parts:
                given = SAMPLES.get(part, tuple(mentions[:3]))
                filled = [re.sub(rf"{{{part}(?::\w+)?}}", value, path) for path in filled for value in given]
            found += filled
    return found


def test_no_page_tells_anything_of_another_project(stranger: Browser, alone: Browser, secrets: set[str]) -> None:
    """Broken line: the project left out of `list_devices`: `/devices` told of salle-1."""
    asked = addresses(secrets)
    assert len(asked) > 60

    leaks = {}
    for path in asked:
        here, there = stranger.get(path).text, alone.get(path).text
        told_here = {text for text in secrets if text in here and text not in there}
        if told_here:
            leaks[path] = told_here
    assert leaks == {}


def test_what_a_page_shows_of_the_other_project_is_404_or_as_if_it_were_alone(
    stranger: Browser, alone: Browser, secrets: set[str]
) -> None:
    for path in addresses(secrets):
        assert stranger.get(path).status_code == alone.get(path).status_code, path
