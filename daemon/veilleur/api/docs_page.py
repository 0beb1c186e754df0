"""The page at /docs: the OpenAPI description for people, without scripts and without any other host."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from veilleur.api.description import DescribedApi, Document, operations_of
from veilleur.api.problems import PROBLEM_CLASSES

_STYLE_PATH: Final = "/docs/style.css"
_PAGE_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
}


@dataclass(frozen=True, slots=True)
class DocumentedParameter:
    """One parameter as the page shows it."""

    name: str
    place: str
    takes: str
    description: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentedOperation:
    """One operation as the page shows it; `call` is what follows the server's address in a request."""

    id: str
    method: str
    path: str
    tag: str
    summary: str
    description: str
    needs_token: bool
    takes_body: bool
    call: str
    parameters: tuple[DocumentedParameter, ...]
    example: str


class _DocsPage:
    def __init__(self, api: DescribedApi) -> None:
        self._api = api
        environment = Environment(
            loader=PackageLoader("veilleur.api"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._template = environment.get_template("docs.html")
        self._style = (files("veilleur.api") / "templates" / "docs.css").read_bytes()

    @cached_property
    def _operations(self) -> list[DocumentedOperation]:
        document = self._api.openapi()
        schemas = document["components"]["schemas"]
        return [_documented(path, method, one, schemas) for path, method, one in operations_of(document)]

    async def show(self, request: Request) -> Response:
        page = self._template.render(
            document=self._api.openapi(),
            operations=self._operations,
            problems=PROBLEM_CLASSES,
            address=str(request.base_url).rstrip("/"),
            style_path=_STYLE_PATH,
        )
        return Response(page, headers=_PAGE_HEADERS, media_type="text/html")

    async def show_style(self) -> Response:
        return Response(self._style, media_type="text/css")


def add_docs_page(api: DescribedApi) -> None:
    """Add the page that lists every operation, every parameter and every problem, with examples."""
    page = _DocsPage(api)
    router = APIRouter(include_in_schema=False)
    for path, show in (("/docs", page.show), (_STYLE_PATH, page.show_style)):
        router.add_api_route(path, show, methods=["GET", "HEAD"])
    api.include_router(router)


def _documented(path: str, method: str, operation: Document, schemas: Document) -> DocumentedOperation:
    example = operation["responses"]["200"]["content"]["application/json"]["example"]
    parameters = operation.get("parameters", ())
    return DocumentedOperation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        tag=operation["tags"][0],
        summary=operation["summary"],
        description=operation["description"],
        needs_token="security" in operation,
        takes_body="requestBody" in operation,
        call=_call(path, operation, example),
        parameters=tuple(_parameter(parameter, schemas) for parameter in parameters),
        example=msgspec.json.format(msgspec.json.encode(example), indent=2).decode(),
    )


def _parameter(parameter: Document, schemas: Document) -> DocumentedParameter:
    return DocumentedParameter(
        name=parameter["name"],
        place=parameter["in"],
        takes=_takes(parameter["schema"], schemas),
        description=parameter["description"],
        examples=tuple(str(example["value"]) for example in parameter.get("examples", {}).values()),
    )


def _takes(schema: Document, schemas: Document) -> str:
    """Return what a parameter takes: its choices, its bounds or its type, and what stands for none."""
    named = [one["$ref"] for one in (schema, *schema.get("anyOf", ())) if "$ref" in one]
    usual = f"; {schema['default']} when left out" if schema.get("default") else ""
    if named:
        return ", ".join(schemas[named[0].rpartition("/")[2]]["enum"]) + usual
    if "minimum" in schema and usual:
        return f"{schema['minimum']} to {schema['maximum']}{usual}"
    return str(schema.get("type", "string")) + usual


def _call(path: str, operation: Document, example: dict[str, Any]) -> str:
    """Return the path of a request that works on the story, with the first example of each parameter."""
    given = {
        parameter["name"]: next(iter(parameter["examples"].values()))["value"]
        for parameter in operation.get("parameters", ())
        if parameter.get("examples")
    }
    inner = {name: given.pop(name) for name in list(given) if f"{{{name}}}" in path}
    if inner:
        path = path.format(**inner)
    elif "{" in path:
        path = path.partition("{")[0] + str(example.get("mention", example)["id"])
    return f"{path}?{urlencode(given)}" if given else path
