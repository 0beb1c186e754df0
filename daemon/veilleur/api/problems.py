"""Every error as a problem detail (RFC 9457): what is wrong, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from msgspec import Struct
from starlette.exceptions import HTTPException

from veilleur.model.errors import (
    AlertRuleError,
    ConfigError,
    PersonRefused,
    PlanError,
    ProjectRefused,
    QualificationError,
    QueryError,
    QueryTooCostly,
    ReceiverRefused,
    StaleCursor,
    StoreBusy,
    StoreError,
    StoreRefused,
)
from veilleur.model.scope import TokenScope
from veilleur.model.wire import dump_line

PROBLEM_MEDIA_TYPE: Final = "application/problem+json"
_RETRY_AFTER_S: Final = "2"
_OWN_CHECK: Final = "Value error, "


class ProblemKind(StrEnum):
    """What can go wrong; `type` of a problem detail is `/docs#` and this."""

    WRONG_QUERY = "wrong-query"
    NOT_AUTHENTICATED = "not-authenticated"
    MISSING_SCOPE = "missing-scope"
    NOT_FOUND = "not-found"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    CONFLICT = "conflict"
    STALE_CURSOR = "stale-cursor"
    WRONG_PARAMETER = "wrong-parameter"
    QUERY_TOO_COSTLY = "query-too-costly"
    WRONG_HOST = "wrong-host"
    TOO_MANY_STREAMS = "too-many-streams"
    REFUSED = "refused"
    NOT_INSTALLED = "not-installed"
    INTERNAL_ERROR = "internal-error"
    STORE_UNUSABLE = "store-unusable"
    STORE_BUSY = "store-busy"


class ProblemClass(Struct, frozen=True):
    """What all problems of one kind share; `remedy` is for the reader of /docs."""

    status: int
    title: str
    remedy: str


PROBLEM_CLASSES: Final[Mapping[ProblemKind, ProblemClass]] = {
    ProblemKind.WRONG_QUERY: ProblemClass(
        400,
        "The query cannot be read",
        "`column` says where in `q`, counted from 1; `expected` says what belongs there.",
    ),
    ProblemKind.NOT_AUTHENTICATED: ProblemClass(
        401, "A valid token is needed", "Make one with `veilleur token create NAME --scope read:mentions`."
    ),
    ProblemKind.MISSING_SCOPE: ProblemClass(
        403, "The token may not do this", "`missing_scope` names what the token lacks; make a token that has it."
    ),
    ProblemKind.NOT_FOUND: ProblemClass(
        404, "There is nothing here", "The path is wrong, or the row does not exist for this token."
    ),
    ProblemKind.METHOD_NOT_ALLOWED: ProblemClass(405, "Wrong method", "The header `Allow` names those that work."),
    ProblemKind.CONFLICT: ProblemClass(
        409, "Somebody else changed it", "Read it again, make your change to that, and send it with its `revision`."
    ),
    ProblemKind.STALE_CURSOR: ProblemClass(
        410, "The cursor leads nowhere any more", "Read everything anew, and go on with the cursor of that answer."
    ),
    ProblemKind.WRONG_PARAMETER: ProblemClass(
        422, "A parameter is wrong", "`errors` names each parameter and what is wrong with it."
    ),
    ProblemKind.QUERY_TOO_COSTLY: ProblemClass(
        422,
        "The query asks for too much at once",
        "Ask for less time (`since:`, `until:`), for fewer words, or for longer beginnings of words; an export takes "
        "its time.",
    ),
    ProblemKind.WRONG_HOST: ProblemClass(
        421,
        "The server does not go by this name",
        "Ask it by its address, or give the name to `VEILLEUR_HTTP_NAMES` where it runs.",
    ),
    ProblemKind.TOO_MANY_STREAMS: ProblemClass(
        429, "Too many streams are followed at once", "Close one, then try again after the seconds of `Retry-After`."
    ),
    ProblemKind.REFUSED: ProblemClass(400, "The request was refused", "`detail` says why."),
    ProblemKind.NOT_INSTALLED: ProblemClass(
        501, "This server lacks a library", "`detail` says which extra to install where the server runs."
    ),
    ProblemKind.INTERNAL_ERROR: ProblemClass(
        500, "The server failed", "It is in the daemon's log; run `veilleur doctor` on the server."
    ),
    ProblemKind.STORE_UNUSABLE: ProblemClass(
        503, "The database cannot be used", "Run `veilleur doctor` on the server: it says what is wrong."
    ),
    ProblemKind.STORE_BUSY: ProblemClass(
        503, "The database is busy", "Try again after the seconds of `Retry-After`; nothing is lost."
    ),
}


class ParameterError(Struct, frozen=True):
    """One wrong parameter and what is wrong with it."""

    parameter: str
    reason: str


class Problem(Struct, frozen=True, kw_only=True):
    """One problem; the fields after `detail` are left out of the answer where they say nothing."""

    kind: ProblemKind
    detail: str
    status: int | None = None
    column: int | None = None
    expected: str | None = None
    missing_scope: TokenScope | None = None
    errors: tuple[ParameterError, ...] | None = None


class Refusal(HTTPException):
    """An operation refuses: the answer is this problem, with these headers."""

    def __init__(self, problem: Problem, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(PROBLEM_CLASSES[problem.kind].status, problem.detail, headers)
        self.problem = problem


def problem_fields(problem: Problem) -> dict[str, Any]:
    """Return what is sent of a problem."""
    about = PROBLEM_CLASSES[problem.kind]
    fields = {
        "type": f"/docs#{problem.kind}",
        "title": about.title,
        "status": problem.status or about.status,
        "detail": problem.detail,
    }
    members = ("column", "expected", "missing_scope", "errors")
    return fields | {name: value for name in members if (value := getattr(problem, name)) is not None}


def problem_answer(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return the answer that a problem makes."""
    fields = problem_fields(problem)
    return Response(dump_line(fields), fields["status"], headers, PROBLEM_MEDIA_TYPE)


def answer_with_problems(app: FastAPI) -> None:
    """Make every expected error of the application a problem detail."""
    own = (AlertRuleError, ConfigError, PlanError, QualificationError, QueryError, ReceiverRefused)
    expected = (*own, PersonRefused, ProjectRefused, StaleCursor, StoreError)
    for kind in (HTTPException, RequestValidationError, *expected):
        app.add_exception_handler(kind, _answer)


async def _answer(_request: Request, error: Exception) -> Response:
    match error:
        case Refusal(problem=problem, headers=headers):
            return problem_answer(problem, headers)
        case HTTPException(headers=headers):
            return problem_answer(_of_framework(error), headers)
        case StaleCursor():
            return problem_answer(Problem(kind=ProblemKind.STALE_CURSOR, detail=str(error)))
        case QueryTooCostly():
            return problem_answer(Problem(kind=ProblemKind.QUERY_TOO_COSTLY, detail=str(error)))
        case StoreBusy():
            busy = Problem(kind=ProblemKind.STORE_BUSY, detail="The database did not answer in time: try again.")
            return problem_answer(busy, {"Retry-After": _RETRY_AFTER_S})
        case _:
            return problem_answer(_of_operation(error))


def _of_framework(error: HTTPException) -> Problem:
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            return Problem(kind=ProblemKind.NOT_FOUND, detail="No such path: /docs lists those there are.")
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return Problem(kind=ProblemKind.METHOD_NOT_ALLOWED, detail="This path does not take this method.")
        case HTTPStatus.BAD_REQUEST:
            wrong = ParameterError("body", "Input should be JSON in UTF-8, not nested without end")
            detail = f"{wrong.parameter}: {wrong.reason}"
            return Problem(kind=ProblemKind.WRONG_PARAMETER, detail=detail, errors=(wrong,))
        case status:
            return Problem(kind=ProblemKind.REFUSED, detail=HTTPStatus(status).phrase, status=status)


def _of_operation(error: Exception) -> Problem:
    match error:
        case QueryError(column=column, expected=expected):
            return Problem(kind=ProblemKind.WRONG_QUERY, detail=str(error), column=column, expected=expected)
        case StoreRefused():
            detail = "A text holds what the database cannot, such as U+0000: leave it out."
            return Problem(kind=ProblemKind.WRONG_PARAMETER, detail=detail)
        case ConfigError():
            return Problem(kind=ProblemKind.CONFLICT, detail=str(error))
        case (
            AlertRuleError()
            | QualificationError()
            | PlanError()
            | ReceiverRefused()
            | ProjectRefused()
            | PersonRefused()
        ):
            return Problem(kind=ProblemKind.WRONG_PARAMETER, detail=str(error))
        case RequestValidationError():
            wrong = tuple(
                ParameterError(str(one["loc"][-1]), one["msg"].removeprefix(_OWN_CHECK)) for one in error.errors()
            )
            said = "; ".join(f"{one.parameter}: {one.reason}" for one in wrong)
            return Problem(kind=ProblemKind.WRONG_PARAMETER, detail=said, errors=wrong)
        case _:
            return Problem(
                kind=ProblemKind.STORE_UNUSABLE, detail="The database cannot be used: run `veilleur doctor` there."
            )
