"""The OpenAPI description and /docs: true to the real answers, whole, and asking no other host for anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from starlette.types import ASGIApp

from tests.daemon.api.asking import Asker
from tests.daemon.api.device_story import tell_of_the_device
from veilleur.api.description import DescribedApi, operations_of
from veilleur.api.examples import problem_example
from veilleur.api.problems import PROBLEM_CLASSES, ProblemKind
from veilleur.store.database import Database

Document = dict[str, Any]


@pytest.fixture
def document(api: ASGIApp) -> Document:
    read: Document = Asker(api).read("/openapi.json")
    return read


def test_the_description_is_what_the_application_holds(api: ASGIApp, document: Document) -> None:
    assert isinstance(api, DescribedApi)
    assert document == api.openapi()
    assert document["openapi"].startswith("3.1")


def test_every_operation_is_described_whole(document: Document) -> None:
    ids = [operation["operationId"] for _, _, operation in operations_of(document)]

    assert len(ids) == len(set(ids)) == 16
    for path, method, operation in operations_of(document):
        assert method in {"get", "put"}
        assert all(operation[part] for part in ("summary", "description", "tags"))
        assert all(parameter["description"] for parameter in operation.get("parameters", ())), path
        assert operation["responses"]["200"]["content"]["application/json"]["example"]


def test_every_protected_operation_names_its_errors_and_both_ways_in(document: Document) -> None:
    for path, _, operation in operations_of(document):
        if path.startswith("/api/"):
            assert operation["security"] == [{"bearer": []}, {"basic": []}]
            assert {"401", "403", "422", "500", "503"} <= operation["responses"].keys()
            assert ("404" in operation["responses"]) == ("{" in path)
        else:
            assert "security" not in operation


def test_schemas_are_schemas_and_all_are_used(document: Document) -> None:
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)

    used = set(re.findall(r"#/components/schemas/(\w+)", str(document)))
    assert used == set(schemas)


def test_fields_are_explained(document: Document) -> None:
    mention = document["components"]["schemas"]["Mention"]["properties"]

    assert mention["happened_at"]["description"].startswith("What lists are ordered by")


def test_examples_fit_their_schemas(document: Document) -> None:
    for _, _, operation in operations_of(document):
        for status, response in operation["responses"].items():
            for media in response.get("content", {}).values():
                assert "example" in media or status == "503"
                if "example" in media:
                    validate(document, media["schema"], media["example"])


@pytest.mark.parametrize("kind", ProblemKind)
def test_every_problem_has_its_class_and_an_example_that_fits(document: Document, kind: ProblemKind) -> None:
    example = problem_example(kind)

    assert example["status"] == PROBLEM_CLASSES[kind].status
    validate(document, {"$ref": "#/components/schemas/Problem"}, example)


def test_the_documented_models_are_the_real_answers(
    document: Document, private_reader: Asker, database: Database
) -> None:
    """Every object has exactly the documented fields: a field added to one side alone fails here."""
    tell_of_the_device(database)
    seen = 0
    for path, query in real_paths(private_reader):
        schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        answer = private_reader.ask(query).json()
        validate(document, schema, answer)
        seen += 1

    assert seen == len(document["paths"])


def real_paths(reader: Asker) -> Iterator[tuple[str, str]]:
    full = reader.read("/api/v1/mentions", q="platform:whatsapp from:tibo")["mentions"][0]
    assert None not in [full[name] for name in ("actor", "conversation", "media", "open", "count", "target")]
    yield "/api/v1/mentions", "/api/v1/mentions"
    yield "/api/v1/mentions/{mention_id}", f"/api/v1/mentions/{full['id']}"
    yield "/api/v1/notifications", "/api/v1/notifications"
    yield "/api/v1/notifications/{notification_id}", "/api/v1/notifications/1"
    yield "/api/v1/quarantine", "/api/v1/quarantine"
    yield "/api/v1/dead-letters", "/api/v1/dead-letters"
    yield "/api/v1/parse-rates", "/api/v1/parse-rates"
    yield "/api/v1/counts", "/api/v1/counts?by=hashtag"
    yield "/api/v1/devices", "/api/v1/devices"
    yield "/api/v1/devices/{name}", "/api/v1/devices/salle-1"
    yield "/api/v1/devices/{name}/config", "/api/v1/devices/salle-1/config"
    yield "/api/v1/coverage", "/api/v1/coverage"
    yield "/api/v1/alarms", "/api/v1/alarms"
    yield "/healthz", "/healthz"
    yield "/readyz", "/readyz"


def test_real_problems_fit_the_documented_one(document: Document, api: ASGIApp, public_reader: Asker) -> None:
    answers = [
        Asker(api).ask("/api/v1/mentions"),
        public_reader.ask("/api/v1/mentions?q=kind:x"),
        public_reader.ask("/api/v1/mentions?limit=0"),
        public_reader.ask("/nothing"),
    ]
    for answer in answers:
        validate(document, {"$ref": "#/components/schemas/Problem"}, answer.json())


def test_every_documented_parameter_example_works(
    document: Document, private_reader: Asker, database: Database
) -> None:
    tell_of_the_device(database)
    asked = 0
    for path, method, operation in operations_of(document):
        for parameter in operation.get("parameters", ()) if method == "get" else ():
            for example in parameter.get("examples", {}).values():
                given = {parameter["name"]: example["value"]}
                shown = path.format(**given) if parameter["in"] == "path" else path
                assert private_reader.ask(shown, **({} if parameter["in"] == "path" else given)).status_code == 200
                asked += 1

    assert asked == 12


def test_the_documented_cursor_works(document: Document, private_reader: Asker) -> None:
    operation = document["paths"]["/api/v1/mentions"]["get"]
    example = operation["responses"]["200"]["content"]["application/json"]["example"]

    assert private_reader.ask("/api/v1/mentions", cursor=example["next_cursor"]).status_code == 200


def test_the_page_shows_every_operation_parameter_and_problem(document: Document, public_reader: Asker) -> None:
    page = public_reader.ask("/docs").text

    for path, _, operation in operations_of(document):
        assert f'<section id="{operation["operationId"]}">' in page
        assert f"<code>{path}</code>" in page
        for parameter in operation.get("parameters", ()):
            assert f"<dt><code>{parameter['name']}</code>" in page
    assert all(f'id="{kind}"' in page for kind in ProblemKind)


def test_the_page_runs_no_script_and_asks_no_other_host(public_reader: Asker) -> None:
    answer = public_reader.ask("/docs")
    fetched = re.findall(r'<(?:link|img|script|iframe)[^>]*(?:href|src)="([^"]*)"', answer.text)

    assert fetched == ["/docs/style.css"]
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    style = public_reader.ask("/docs/style.css")
    assert style.headers["Content-Type"].startswith("text/css")
    assert not re.search("http|@import", style.text)


def validate(document: Document, schema: Document, answer: object) -> None:
    """Hold an answer against a schema whose objects take no further field (a problem's may be left out)."""
    closed = closed_schema({"components": document["components"]} | schema)
    Draft202012Validator(closed, format_checker=FormatChecker()).validate(answer)


def closed_schema(schema: object) -> Any:
    if isinstance(schema, list):
        return [closed_schema(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: closed_schema(value) for name, value in schema.items()}
    return closed | {"additionalProperties": False} if "properties" in schema else closed
