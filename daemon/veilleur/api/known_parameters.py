"""Refuses parameters that an operation does not know: one misspelled would be answered as if nothing had been asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any, Final

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from veilleur.api.problems import ParameterError, Problem, ProblemKind, Refusal

_NEAR: Final = 0.6
# By the function that answers: a route cannot be hashed, and an application made anew has others for the same.
_KNOWN: Final[dict[Callable[..., Any], frozenset[str]]] = {}


def refuse_unknown_parameters(request: Request) -> None:
    """Raise Refusal (422) where the request's query string names what its operation does not take."""
    given = request.query_params
    route = request.scope["route"]
    if not given or not isinstance(route, APIRoute):
        return
    known = _known(route)
    wrong = tuple(ParameterError(name, _reason(name, known)) for name in given if name not in known)
    if wrong:
        detail = "; ".join(f"{one.parameter}: {one.reason}" for one in wrong)
        raise Refusal(Problem(kind=ProblemKind.WRONG_PARAMETER, detail=detail, errors=wrong))


def _known(route: APIRoute) -> frozenset[str]:
    found = _KNOWN.get(route.endpoint)
    if found is None:
        found = _KNOWN[route.endpoint] = frozenset(_names(route.dependant))
    return found


def _names(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for part in dependant.dependencies:
        yield from _names(part)


def _reason(name: str, known: frozenset[str]) -> str:
    if not known:
        return "This operation takes no parameters"
    if near := get_close_matches(name, known, n=1, cutoff=_NEAR):
        return f"This operation has no such parameter; did you mean {near[0]}?"
    return f"This operation has no such parameter; it takes {', '.join(sorted(known))}"
