"""Which terms of a query ask what people and rules say of mentions."""

from __future__ import annotations

from typing import Final

from veilleur.query.expression import AllOf, AnyOf, Expression, Is, Not, OneOf, Query, State, ValueField

_FIELDS: Final = frozenset({ValueField.TAG, ValueField.TONE})
_STATES: Final = frozenset({State.TREATED, State.OFFTOPIC})


def is_said(term: Expression) -> bool:
    """Return whether a term by itself is `tag:`, `tone:`, `is:treated` or `is:offtopic`."""
    match term:
        case OneOf(field):
            return field in _FIELDS
        case Is(state):
            return state in _STATES
        case _:
            return False


def asks_what_is_said(query: Query) -> bool:
    """Return whether any term of a query is one of those."""
    return query.expression is not None and _asks(query.expression)


def _asks(part: Expression) -> bool:
    match part:
        case AllOf(parts) | AnyOf(parts):
            return any(map(_asks, parts))
        case Not(one):
            return _asks(one)
        case _:
            return is_said(part)
