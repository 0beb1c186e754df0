"""From a server's answer that is no success to the error that says so."""

from __future__ import annotations

from typing import Final

import httpx
import msgspec

from veilleur.client.errors import (
    ClientError,
    Conflict,
    MissingScope,
    NotAuthenticated,
    NotFound,
    NotUnderstood,
    ProblemDetail,
    Refusal,
    ServerBusy,
    ServerFailed,
    WrongParameter,
    WrongQuery,
)

_KINDS: Final[dict[str, type[Refusal]]] = {
    "wrong-query": WrongQuery,
    "not-authenticated": NotAuthenticated,
    "missing-scope": MissingScope,
    "not-found": NotFound,
    "conflict": Conflict,
    "wrong-parameter": WrongParameter,
    "internal-error": ServerFailed,
    "store-unusable": ServerFailed,
    "store-busy": ServerBusy,
}


def error_of(answer: httpx.Response) -> ClientError:
    """Return the error that an answer other than success tells."""
    try:
        problem = msgspec.json.decode(answer.content, type=ProblemDetail)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return NotUnderstood(_told(answer))
    kind = _KINDS.get(problem.type.rpartition("#")[2], Refusal)
    return kind(problem, _seconds(answer.headers.get("Retry-After")))


def _told(answer: httpx.Response) -> str:
    where = f"{answer.url.scheme}://{answer.url.netloc.decode()}"
    if answer.is_redirect:
        return f"{where} sends elsewhere, to {answer.headers.get('Location', 'nowhere')}: name that server"
    return f"{where} answers {answer.status_code}, not as a server of Veilleur does: is the address right?"


def _seconds(text: str | None) -> float | None:
    return float(text) if text is not None and text.isdecimal() else None
