"""Projects over the API: who may make and fill them, and that no operation tells or changes anything of another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

import pytest

from tests.daemon.api.apart import OTHER, SCOPES, make_other_project, reads, told
from tests.daemon.api.asking import Asker
from tests.daemon.api.sample_server import sample_database
from tests.daemon.api.story import NOW, api_of, make_token, sqlite_url
from veilleur.api.description import operations_of
from veilleur.api.example_requests import example_body, example_path
from veilleur.store.database import Database
from veilleur.store.invitations import accept_invitation, find_invitation
from veilleur.store.opening import open_database
from veilleur.store.projects import find_project

pytestmark = pytest.mark.privacy

OF_ALL = {"read_health", "read_readiness", "read_metrics"}
"""They need no token, and tell of the daemon alone."""
OF_THE_SYSTEM = {"list_alarms"}
"""What is wrong with the system is told to every project; what is wrong with a device, to its own."""
TO_THE_SERVER = {"list_projects"}
"""Who runs the server is told how much each project holds."""
SEALED = re.compile(rb'((?:^id: |cursor": ?"))[0-9a-f]{32}', re.MULTILINE)
"""A place in the change feed, which each database seals by a key of its own."""


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Give a database whose first project holds all that examples name, and whose other holds nothing."""
    with sample_database(tmp_path_factory.mktemp("two")) as database:
        make_other_project(database)
        yield database


@pytest.fixture(scope="module")
def owner(two: Database) -> Asker:
    """Give a client of the first project that may do everything."""
    return Asker(api_of(two), make_token(two, *SCOPES))


@pytest.fixture(scope="module")
def stranger(two: Database, owner: Asker) -> Asker:
    """Give a client of the other project that may do everything."""
    return Asker(owner.app, make_token(two, *SCOPES, project=OTHER))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    """Give the same client over a database in which nobody else ever was."""
    database = open_database(sqlite_url(tmp_path_factory.mktemp("alone")))
    make_other_project(database)
    yield Asker(api_of(database), make_token(database, *SCOPES, project=OTHER))
    database.close()


def shown(answer: bytes) -> bytes:
    """Return an answer without what differs each time: sealed places, and the times in a workbook's container."""
    if answer.startswith(b"PK"):
        with ZipFile(BytesIO(answer)) as workbook:
            return b"".join(workbook.read(name) for name in workbook.namelist() if name.startswith("xl/"))
    return SEALED.sub(rb"\1", answer)


def test_what_a_project_is_told_is_what_it_would_be_told_were_it_alone(
    owner: Asker, stranger: Asker, alone: Asker
) -> None:
    paths = reads(owner)
    here, there, whole = told(stranger, paths), told(alone, paths), told(owner, paths)

    leaks = [name for name in paths if name not in OF_ALL | OF_THE_SYSTEM and shown(here[name]) != shown(there[name])]
    assert {name: (here[name], there[name]) for name in leaks} == {}
    assert sum(whole[name] != here[name] for name in paths) > len(paths) * 0.8


def test_an_alarm_about_a_device_is_told_to_its_project_alone(owner: Asker, stranger: Asker) -> None:
    subjects = [{one["subject"] for one in asker.read("/api/v1/alarms")["alarms"]} for asker in (owner, stranger)]

    assert subjects[0] - subjects[1] == {"salle-1:com.whatsapp"}


def test_nothing_that_a_project_asks_for_changes_what_another_is_told(owner: Asker, stranger: Asker) -> None:
    """Every operation that writes is asked with its example, which names what the first project holds."""
    paths = reads(owner)
    before = told(owner, paths)
    document = owner.read("/openapi.json")

    for path, method, operation in operations_of(document):
        if method != "get":
            body, asked = example_body(operation), example_path(path, operation)
            answer = stranger.ask(asked, method.upper()) if body is None else stranger.send(asked, body, method.upper())
            assert answer.status_code < 500, f"{method} {asked}: {answer.text}"

    after = told(owner, paths)
    compared = paths.keys() - OF_ALL - TO_THE_SERVER
    assert [name for name in compared if shown(before[name]) != shown(after[name])] == []


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_only_who_runs_the_server_makes_and_fills_projects(stranger: Asker, two: Database, method: str) -> None:
    path = f"/api/v1/projects/{OTHER}"
    answer = stranger.ask(path, method) if method == "DELETE" else stranger.send(path, {"name": "Mine"})

    assert (answer.status_code, answer.json()["missing_scope"]) == (403, "admin")
    assert "a token of the first project" in answer.json()["detail"]
    known = find_project(two, OTHER)
    assert known is not None
    assert known.name == "Autre"


def test_a_project_reads_itself_and_is_told_of_no_other(owner: Asker, stranger: Asker) -> None:
    assert {one["id"] for one in owner.read("/api/v1/projects")["projects"]} > {"default", OTHER}
    assert [one["id"] for one in stranger.read("/api/v1/projects")["projects"]] == [OTHER]
    assert stranger.read(f"/api/v1/projects/{OTHER}")["name"] == "Autre"
    assert stranger.ask("/api/v1/projects/default").status_code == 404


def test_a_project_that_holds_something_is_not_removed_and_says_what(owner: Asker) -> None:
    answer = owner.ask("/api/v1/projects/maison-dupont", "DELETE")

    assert answer.status_code == 422
    assert "people who belong to no other" in answer.json()["detail"]


def test_a_new_persons_link_is_told_once_and_somebody_known_gets_none(owner: Asker, two: Database) -> None:
    path = f"/api/v1/projects/{OTHER}/people/Am%C3%A9lie"

    made = owner.send(path, {"role": "analyst"}).json()
    assert (made["person"]["standing"]["role"], made["person"]["has_password"]) == ("analyst", False)
    assert find_invitation(two, made["invitation"], now=NOW) is not None
    assert accept_invitation(two, made["invitation"], "", "a hash", now=NOW) is not None
    again = owner.send(path, {"role": "viewer"}).json()
    assert (again["person"]["standing"]["role"], again["invitation"]) == ("viewer", None)
    assert owner.ask(path, "DELETE").status_code == 200
    assert owner.ask(path, "DELETE").status_code == 404
