"""Operations that answer with a whole file: every mention of a query, flat, without a page limit.

A file that breaks off never looks whole: the connection is closed before the answer's end (RFC 9112, 8).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Header, Query, Response
from starlette.responses import StreamingResponse

from veilleur.api.admission import ReaderScope
from veilleur.api.context import ApiContext, Context
from veilleur.api.parameters import AskedQuestion, Question
from veilleur.api.problems import Problem, ProblemKind, Refusal
from veilleur.exports.mentions import export_chunks, exported_mentions
from veilleur.exports.request import MEDIA_TYPES, ExportRequest, file_name
from veilleur.model.coverage import Completeness, CoverageFilter
from veilleur.model.errors import MissingExtra
from veilleur.model.export import Dialect, ExportFormat
from veilleur.model.scope import Scope
from veilleur.model.wire import instant_text
from veilleur.query.window import window_of
from veilleur.store.coverage import completeness

_GZIP: Final = "gzip"
_GZIP_FRAME: Final = 31
_PACKED: Final = frozenset({ExportFormat.XLSX, ExportFormat.PARQUET})
_SUMMARIES: Final = {
    ExportFormat.CSV: "Export mentions as CSV",
    ExportFormat.JSONL: "Export mentions as JSON lines",
    ExportFormat.XLSX: "Export mentions as an Excel workbook",
    ExportFormat.PARQUET: "Export mentions as Parquet",
}
_AskedDialect = Annotated[
    Dialect,
    Query(
        description="`excel-fr`: `;`, a byte order mark, dates of `zone` and decimal commas, as Excel in French reads.",
        openapi_examples={"french": {"value": Dialect.EXCEL_FR}},
    ),
]
_AcceptedEncodings = Annotated[str, Header(alias="Accept-Encoding", include_in_schema=False)]


def export_router() -> APIRouter:
    """Return the operations that answer with a file of mentions."""
    router = APIRouter(tags=["exports"])
    operations: dict[ExportFormat, Callable[..., Response]] = {
        ExportFormat.CSV: export_csv,
        ExportFormat.JSONL: export_jsonl,
        ExportFormat.XLSX: export_xlsx,
        ExportFormat.PARQUET: export_parquet,
    }
    for format, operation in operations.items():  # noqa: A001 - the parameter's name everywhere
        described: dict[int | str, dict[str, Any]] = {
            200: {"content": {MEDIA_TYPES[format].partition(";")[0]: {"schema": {"type": "string"}}}}
        }
        router.add_api_route(
            f"/mentions.{format}",
            operation,
            summary=_SUMMARIES[format],
            response_class=Response,
            responses=described,
        )
    return router


def export_csv(
    context: Context,
    scope: ReaderScope,
    question: AskedQuestion,
    dialect: _AskedDialect = Dialect.STANDARD,
    accepted: _AcceptedEncodings = "",
) -> Response:
    """Answer with a header and a row for each mention; an apostrophe stands before what would be calculated.

    `Veilleur-Completeness` says how many intervals were not seen; `Link` leads to them.
    """
    return _file(context, scope, question, ExportFormat.CSV, accepted, dialect)


def export_jsonl(
    context: Context, scope: ReaderScope, question: AskedQuestion, accepted: _AcceptedEncodings = ""
) -> Response:
    """Answer with one flat JSON object a line, every column in each; null is unknown."""
    return _file(context, scope, question, ExportFormat.JSONL, accepted)


def export_xlsx(context: Context, scope: ReaderScope, question: AskedQuestion) -> Response:
    """Answer with a workbook, times in `zone`; its last sheet says what was not seen."""
    return _file(context, scope, question, ExportFormat.XLSX)


def export_parquet(context: Context, scope: ReaderScope, question: AskedQuestion) -> Response:
    """Answer with a Parquet file; its metadata `veilleur.completeness` says what was not seen."""
    return _file(context, scope, question, ExportFormat.PARQUET)


def _file(  # noqa: PLR0913, PLR0917 - what was asked, and by whom
    context: ApiContext,
    scope: Scope,
    question: Question,
    format: ExportFormat,  # noqa: A002 - the ending's name
    accepted: str = "",
    dialect: Dialect = Dialect.STANDARD,
) -> Response:
    window = window_of(question.query)
    unseen = partial(completeness, context.database, scope, window)
    now = context.clock()
    asked = ExportRequest(query=question.text, zone=question.zone, asked_at=now, completeness=unseen, dialect=dialect)
    try:
        chunks = export_chunks(format, exported_mentions(context.database, scope, question.query), asked)
    except MissingExtra as error:
        raise Refusal(Problem(kind=ProblemKind.NOT_INSTALLED, detail=str(error))) from error
    # What fails before the first piece is still told as a problem.
    chunks = chain([next(chunks, b"")], chunks)
    headers = {
        "Content-Disposition": f'attachment; filename="{file_name(format, now)}"',
        "Veilleur-Completeness": _told(unseen()),
        "Link": f'<{_coverage_path(window)}>; rel="describedby"',
    }
    if format not in _PACKED:
        headers["Vary"] = "Accept-Encoding"
        if _accepts_gzip(accepted):
            headers["Content-Encoding"] = _GZIP
            chunks = _gzipped(chunks)
    return StreamingResponse(chunks, headers=headers, media_type=MEDIA_TYPES[format])


def _told(unseen: Completeness) -> str:
    """Return how complete the answer is, as a dictionary of structured fields (RFC 9651)."""
    counts = (f", {one.cause}={one.count}" for one in unseen.shortfalls if one.count is not None)
    return f"known=?{unseen.known:d}, intervals={len(unseen.intervals) + unseen.omitted}{''.join(counts)}"


def _coverage_path(window: CoverageFilter) -> str:
    bounds = {"since": window.since_at, "until": window.until_at}
    given = {name: instant_text(at) for name, at in bounds.items() if at is not None}
    return "/api/v1/coverage" + (f"?{urlencode(given)}" if given else "")


def _accepts_gzip(accepted: str) -> bool:
    codings = (one.replace(" ", "").lower().partition(";q=") for one in accepted.split(","))
    return any(name == _GZIP and (not weight or weight.strip("0.") != "") for name, _, weight in codings)


def _gzipped(chunks: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(wbits=_GZIP_FRAME)
    for chunk in chunks:
        yield packer.compress(chunk)
    yield packer.flush()
