"""The OpenAPI description: what FastAPI reads from the operations, with the errors, tokens and examples added."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from veilleur.api.answers import Problem
from veilleur.api.examples import problem_example, response_examples
from veilleur.api.problems import PROBLEM_CLASSES, PROBLEM_MEDIA_TYPE, ProblemKind

Document = dict[str, Any]

_TITLE: Final = "Veilleur"
_ABOUT: Final = (
    "What apps told a dedicated Android tablet, as mentions. Times are RFC 3339 in UTC; null means unknown. "
    "Errors are problem details (RFC 9457). Make a token on the server with "
    "`veilleur token create NAME --scope read:mentions`; add `--scope read:private` for private messages and groups."
)
_TAGS: Final = {
    "mentions": "Events as data: search, read one, count.",
    "notifications": "The raw log: what arrived, what became of it, and the stored bytes.",
    "quarantine": "What was not understood or could not be read, and how much of each app's wording is known.",
    "devices": "Who captured it, how it is, and what it is asked to capture.",
    "coverage": "What was not seen, and what is wrong.",
    "health": "For supervisors; no token.",
}
_TOKEN_SCHEMES: Final = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A token of `veilleur token create`."},
    "basic": {"type": "http", "scheme": "basic", "description": "Any user name; the token as password."},
}
_VERSIONED: Final = "/api/"
_QUERY_PARAMETER: Final = "q"
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
    examples = response_examples()
    for path, _, operation in operations_of(document):
        operation["responses"].pop("422", None)
        operation.get("parameters", []).sort(key=lambda parameter: parameter["name"] != _QUERY_PARAMETER)
        operation["responses"]["200"]["content"]["application/json"]["example"] = examples[operation["operationId"]]
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
    wrong_query = [ProblemKind.WRONG_QUERY] if ("query", _QUERY_PARAMETER) in places else []
    not_found = [ProblemKind.NOT_FOUND] if any(place == "path" for place, _ in places) else []
    conflict = [ProblemKind.CONFLICT] if "requestBody" in operation else []
    return sorted([*_ALWAYS, *wrong_query, *not_found, *conflict], key=lambda kind: PROBLEM_CLASSES[kind].status)


def _problem(kind: ProblemKind) -> Document:
    media = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": problem_example(kind)}
    return {"description": PROBLEM_CLASSES[kind].title, "content": {PROBLEM_MEDIA_TYPE: media}}
