"""Writes answers: the same bytes as the CLI's JSON, and what every list carries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import Response

from veilleur.model.coverage import Completeness
from veilleur.model.wire import completeness_fields, dump_line


def json_answer(fields: object, status: int = 200) -> Response:
    """Return the answer that holds these fields."""
    return Response(dump_line(fields), status, media_type="application/json")


def listing_fields(name: str, rows: Sequence[dict[str, Any]], completeness: Completeness) -> dict[str, Any]:
    """Return a list's rows under `name`, with what it could not see."""
    return {name: rows, "completeness": completeness_fields(completeness)}


def page_fields(
    name: str, rows: Sequence[dict[str, Any]], next_cursor: str | None, completeness: Completeness
) -> dict[str, Any]:
    """Return one page of a list."""
    return listing_fields(name, rows, completeness) | {"next_cursor": next_cursor}
