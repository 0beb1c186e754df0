"""The OpenAPI description: what FastAPI reads from the operations, with the errors, tokens and examples added."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from veilleur.api.answers import Problem
from veilleur.api.example_requests import answer_media, request_bodies
from veilleur.api.examples import problem_example, response_examples
from veilleur.api.problems import PROBLEM_CLASSES, PROBLEM_MEDIA_TYPE, ProblemKind
from veilleur.store.sealed_cursors import CURSOR_PATTERN

Document = dict[str, Any]

_TITLE: Final = "Veilleur"
_ABOUT: Final = (
    "What apps told a dedicated Android tablet, as mentions. Times are RFC 3339 in UTC; null means unknown. "
    "Errors are problem details (RFC 9457); a parameter that an operation does not know is one. Make a token on the "
    "server with "
    "`veilleur token create NAME --scope read:mentions`; add `--scope read:private` for private messages and groups."
)
_TAGS: Final = {
    "mentions": "Events as data: search, read one, count.",
    "exports": "Whole files of mentions, flat, as `docs/reference/export-columns.md` describes their columns.",
    "notifications": "The raw log: what arrived, what became of it, and the stored bytes.",
    "quarantine": "What was not understood or could not be read, and how much of each app's wording is known.",
    "devices": "Who captured it, how it is, and what it is asked to capture.",
    "campaigns": "What invites people to write, and how their conversations began.",
    "plan": "What is meant to be followed, and its silences.",
    "qualification": "What people and rules say of mentions, who said it, and undoing it.",
    "watches": "Queries that are kept: what they hold, what is new in them, and when they would have alerted.",
    "alerts": "What people are told and when, what was told, and who took it on.",
    "trends": "What stands out: bursts, what is on the rise, communities, messages passed on, what changed platform.",
    "changes": "What happens to mentions, in the order of arrival.",
    "receivers": "Where messages go, what they are told, and how each delivery went.",
    "projects": "Clients of an agency, with the devices, watches and people that are their own.",
    "coverage": "What was not seen, and what is wrong.",
    "health": "For supervisors; no token.",
}
_TOKEN_SCHEMES: Final = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A token of `veilleur token create`."},
    "basic": {"type": "http", "scheme": "basic", "description": "Any user name; the token as password."},
}
_VERSIONED: Final = "/api/"
_QUERY_PARAMETER: Final = "q"
_WATCHES: Final = "watches"
_NEEDS_EXTRA: Final = "export_parquet"
# The body of one names a watch and receivers, the address of the other a watch.
_NAME_OTHERS: Final = frozenset({"schedule_report", "follow_mentions"})
_SEALED_CURSOR: Final = CURSOR_PATTERN.strip("^$")
_ALWAYS: Final = (
    ProblemKind.NOT_AUTHENTICATED,
    ProblemKind.MISSING_SCOPE,
    ProblemKind.WRONG_PARAMETER,
    ProblemKind.INTERNAL_ERROR,
    ProblemKind.STORE_BUSY,
)


class DescribedApi(FastAPI):
    """A FastAPI application that describes itself fully and asks no other host for its pages."""

    def __init__(self, version: str) -> None:
        super().__init__(
            title=_TITLE,
            version=version,
            description=_ABOUT,
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,
            generate_unique_id_function=_operation_id,
            openapi_tags=[{"name": name, "description": text} for name, text in _TAGS.items()],
        )

    def openapi(self) -> Document:
        """Return the description, made once."""
        if self.openapi_schema is None:
            document = get_openapi(
                title=self.title,
                version=self.version,
                description=self.description,
                routes=self.routes,
                tags=self.openapi_tags,
            )
            self.openapi_schema = _completed(document)
        return self.openapi_schema


def operations_of(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Yield path, method and description of each operation."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _operation_id(route: APIRoute) -> str:
    return route.name


def _completed(document: Document) -> Document:
    examples, bodies = response_examples(), request_bodies()
    for path, _, operation in operations_of(document):
        operation["responses"].pop("422", None)
        operation.get("parameters", []).sort(key=lambda parameter: parameter["name"] != _QUERY_PARAMETER)
        answer_media(operation)["example"] = examples[operation["operationId"]]
        if "requestBody" in operation:
            operation["requestBody"]["content"]["application/json"]["example"] = bodies[operation["operationId"]]
        if path.startswith(_VERSIONED):
            operation["security"] = [{scheme: []} for scheme in _TOKEN_SCHEMES]
            operation["responses"] |= {str(PROBLEM_CLASSES[kind].status): _problem(kind) for kind in _kinds(operation)}
    components = document["components"]
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    components["schemas"] |= problem.pop("$defs") | {"Problem": problem}
    components["securitySchemes"] = _TOKEN_SCHEMES
    return document


def _kinds(operation: Document) -> list[ProblemKind]:
    places = {(parameter["in"], parameter["name"]) for parameter in operation.get("parameters", ())}
    asks = ("query", _QUERY_PARAMETER) in places or _WATCHES in operation["tags"]
    wrong_query = [ProblemKind.WRONG_QUERY] if asks else []
    stale = [ProblemKind.STALE_CURSOR] if any(map(_may_age, operation.get("parameters", ()))) else []
    names = any(place == "path" for place, _ in places) or operation["operationId"] in _NAME_OTHERS
    not_found = [ProblemKind.NOT_FOUND] if names else []
    conflict = [ProblemKind.CONFLICT] if "requestBody" in operation else []
    lacking = [ProblemKind.NOT_INSTALLED] if operation["operationId"] == _NEEDS_EXTRA else []
    return sorted(
        [*_ALWAYS, *wrong_query, *not_found, *conflict, *stale, *lacking], key=lambda kind: PROBLEM_CLASSES[kind].status
    )


def _may_age(parameter: Document) -> bool:
    shapes = parameter["schema"].get("anyOf", [parameter["schema"]])
    return any(_SEALED_CURSOR in shape.get("pattern", "") for shape in shapes)


def _problem(kind: ProblemKind) -> Document:
    media = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": problem_example(kind)}
    return {"description": PROBLEM_CLASSES[kind].title, "content": {PROBLEM_MEDIA_TYPE: media}}
