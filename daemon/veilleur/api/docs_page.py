"""The page at /docs: the OpenAPI description for people, without scripts and without any other host."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any, Final

import msgspec
from fastapi import APIRouter, Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from veilleur.api.description import DescribedApi, Document, operations_of
from veilleur.api.example_requests import answer_media, example_body, example_path
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
    body: str | None
    call: str
    parameters: tuple[DocumentedParameter, ...]
    example: str


class _DocsPage:
    def __init__(self, api: DescribedApi) -> None:
        self._api = api

    @cached_property
    def _template(self) -> Template:
        environment = Environment(
            loader=PackageLoader("veilleur.api"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        return environment.get_template("docs.html")

    @cached_property
    def _operations(self) -> list[DocumentedOperation]:
        document = self._api.openapi()
        schemas = document["components"]["schemas"]
        return [_documented(path, method, one, schemas) for path, method, one in operations_of(document)]

    def render(self, address: str) -> str:
        return self._template.render(
            document=self._api.openapi(),
            operations=self._operations,
            problems=PROBLEM_CLASSES,
            address=address,
            style_path=_STYLE_PATH,
        )


def add_docs_page(api: DescribedApi) -> None:
    """Add the page that lists every operation, every parameter and every problem, with examples."""
    api.state.docs_page = _DocsPage(api)
    router = APIRouter(include_in_schema=False)
    for path, show in (("/docs", _show), (_STYLE_PATH, _show_style)):
        router.add_api_route(path, show, methods=["GET", "HEAD"])
    api.include_router(router)


async def _show(request: Request) -> Response:
    page: _DocsPage = request.app.state.docs_page
    return Response(page.render(str(request.base_url).rstrip("/")), headers=_PAGE_HEADERS, media_type="text/html")


async def _show_style() -> Response:
    return Response((files("veilleur.api") / "templates" / "docs.css").read_bytes(), media_type="text/css")


def _documented(path: str, method: str, operation: Document, schemas: Document) -> DocumentedOperation:
    example = answer_media(operation)["example"]
    parameters = operation.get("parameters", ())
    return DocumentedOperation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        tag=operation["tags"][0],
        summary=operation["summary"],
        description=operation["description"],
        needs_token="security" in operation,
        body=_indented(example_body(operation)),
        call=example_path(path, operation),
        parameters=tuple(_parameter(parameter, schemas) for parameter in parameters),
        example=example if isinstance(example, str) else _indented(example) or "",
    )


def _indented(value: Any) -> str | None:  # noqa: ANN401 - any JSON
    return None if value is None else msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


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
