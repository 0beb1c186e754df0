"""The OpenAPI description and /docs: true to the real answers, whole, and asking no other host for anything."""

from __future__ import annotations

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from starlette.types import ASGIApp

from tests.daemon.api.asking import Asker
from tests.daemon.api.sample_server import tell_what_examples_name
from tests.daemon.api.story import make_token
from veilleur.api.description import DescribedApi, operations_of
from veilleur.api.example_requests import answer_media
from veilleur.api.examples import problem_example
from veilleur.api.problems import PROBLEM_CLASSES, ProblemKind
from veilleur.model.scope import TokenScope
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

    assert len(ids) == len(set(ids))
    for path, method, operation in operations_of(document):
        assert method in {"get", "put", "post", "delete"}
        assert all(operation[part] for part in ("summary", "description", "tags"))
        assert all(parameter["description"] for parameter in operation.get("parameters", ())), path
        assert answer_media(operation)["example"]


def test_every_protected_operation_names_its_errors_and_both_ways_in(document: Document) -> None:
    for path, _, operation in operations_of(document):
        if path.startswith("/api/"):
            assert operation["security"] == [{"bearer": []}, {"basic": []}]
            assert {"401", "403", "422", "500", "503"} <= operation["responses"].keys()
            names_something = "{" in path or operation["operationId"] in {"schedule_report", "follow_mentions"}
            assert ("404" in operation["responses"]) == names_something
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


def test_a_full_mention_is_answered_as_it_is_described(document: Document, private_reader: Asker) -> None:
    """Every object has exactly the documented fields: a field added to one side alone fails here."""
    answer = private_reader.read("/api/v1/mentions")
    full = private_reader.read("/api/v1/mentions", q="platform:whatsapp from:tibo")["mentions"][0]
    assert None not in [full[name] for name in ("actor", "conversation", "media", "open", "count", "target")]
    validate(document, {"$ref": "#/components/schemas/MentionPage"}, answer)


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
    tell_what_examples_name(database)
    administrator = Asker(private_reader.app, make_token(database, *TokenScope))
    for path, method, operation in operations_of(document):
        parameters = [one for one in operation.get("parameters", ()) if one.get("examples")]
        named = {one["name"]: next(iter(one["examples"].values()))["value"] for one in parameters}
        for parameter in parameters if method == "get" else ():
            for example in parameter["examples"].values():
                given = {parameter["name"]: example["value"]}
                shown = path.format(**named | given) if "{" in path else path
                assert administrator.ask(shown, **({} if parameter["in"] == "path" else given)).status_code == 200


def test_the_description_of_a_query_names_all_that_a_query_can_hold(document: Document, public_reader: Asker) -> None:
    """Its fields are those that the refusal of an unknown one names.

    Broken lines: the description of before (`AND` was missing); a list of five fields (14 more were expected).
    """
    refused = public_reader.ask("/api/v1/mentions", q="foo:bar").json()["detail"]
    known = re.findall(r"[a-z]+:", refused)
    told = [
        parameter["description"]
        for _, _, operation in operations_of(document)
        for parameter in operation.get("parameters", ())
        if parameter["name"] == "q"
    ]

    assert told
    for description in told:
        for sign in ("AND", "OR", "NOT", "parentheses", "phrases", "prefixes", "query-language.md"):
            assert sign in description
        assert re.findall(r"`([a-z]+:)`", description) == known


def test_one_thing_has_one_name_in_every_operation(document: Document) -> None:
    """In an address `q`, `cursor`, `limit`; in JSON `query`, `next_cursor`. Broken line: `q` in the body of an act."""
    parameters = {one["name"] for _, _, operation in operations_of(document) for one in operation.get("parameters", ())}
    fields = {name for shape in document["components"]["schemas"].values() for name in shape.get("properties", ())}

    assert {name for name in parameters if name == "query" or name.endswith("cursor")} == {"cursor"}
    assert {name for name in fields if name == "q" or name.endswith("cursor")} == {"next_cursor"}
    for path, method, operation in operations_of(document):
        named = {one["name"] for one in operation.get("parameters", ())}
        assert not {"cursor", "after"} & named or {"limit"} & named or "stream" in path, (method, path)


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
