"""The grammar of queries: items joined by AND, OR, NOT and parentheses; what cannot be read is named by its column."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final, cast

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedToken
from msgspec import Struct

from veilleur.model.errors import QueryError

MOST_ITEMS: Final = 500
DEEPEST: Final = 12
QUOTED: Final = r'[#@＃＠]?"[^"]*"\*?'
"""A quotation; a mark before it belongs to it, and so does the `*` after it."""
_GRAMMAR: Final = r"""
    query: either?
    either: every (_OR every)*
    every: one (_AND? one)*
    ?one: ITEM                       -> item
        | _NOT one                   -> negation
        | "(" either ")"

    _OR.3: /OR(?=[\s()"]|$)/
    _AND.3: /AND(?=[\s()"]|$)/
    _NOT.3: /NOT(?=[\s()"]|$)|-(?=[^\s-])/
    ITEM: /[A-Za-z_]+:(?=[^\s"()]*")(?>ONE(?:,ONE)*)(?=[\s()]|$)|(?:[A-Za-z_]+:)?QUOTED|[^\s"()]+/
    %ignore /\s+/
""".replace("ONE", rf"(?:{QUOTED}|[^\s\"(),]+)").replace("QUOTED", QUOTED)
_OPERATORS: Final = frozenset({"AND", "OR", "NOT"})
_OPERAND: Final = 'a word, a #tag, a field or "("'


class Item(Struct, frozen=True):
    """One word, phrase or field as written; columns count from 1."""

    column: int
    text: str
    depth: int = 0


class Joined(Struct, frozen=True):
    """Several parts of which all must hold, or any."""

    parts: tuple[Syntax, ...]
    is_any: bool
    depth: int


class Negated(Struct, frozen=True):
    """A part that must not hold."""

    part: Syntax
    depth: int


Syntax = Item | Joined | Negated


def read_syntax(text: str) -> Syntax | None:
    """Return how `text` joins its items, None where it has none; raises QueryError."""
    try:
        read = cast("Syntax | None", _parser().parse(text))
    except UnexpectedToken as error:
        raise _unexpected(text, error) from None
    except UnexpectedCharacters as error:
        at = cast("int", error.pos_in_stream)
        raise QueryError(at + 1, 'a closing " for the quotation that begins here') from None
    if read is not None and (columns := sorted(item.column for item in items_of(read)))[MOST_ITEMS:]:
        raise QueryError(columns[MOST_ITEMS], f"at most {MOST_ITEMS} words and fields")
    return read


class _Nodes(Transformer[Token, Syntax]):
    """Makes a node of each rule as it is recognised: a deep text makes no deep calls."""

    def query(self, parts: list[Syntax]) -> Syntax | None:
        return parts[0] if parts else None

    def item(self, tokens: list[Token]) -> Syntax:
        token = tokens[0]
        column = _start(token)
        if token in _OPERATORS:
            raise QueryError(column, f'{_OPERAND} (put "{token}" in quotes to look for the word)')
        return Item(column, str(token))

    def negation(self, parts: list[Syntax]) -> Syntax:
        part = parts[0]
        return part.part if isinstance(part, Negated) else Negated(part, _deeper((part,)))

    def every(self, parts: list[Syntax]) -> Syntax:
        return _joined(parts, is_any=False)

    def either(self, parts: list[Syntax]) -> Syntax:
        return _joined(parts, is_any=True)


def _joined(parts: list[Syntax], *, is_any: bool) -> Syntax:
    if len(parts) == 1:
        return parts[0]
    return Joined(tuple(parts), is_any, _deeper(parts))


def _deeper(parts: list[Syntax] | tuple[Syntax, ...]) -> int:
    depth = 1 + max(part.depth for part in parts)
    if depth > DEEPEST:
        raise QueryError(next(items_of(parts[0])).column, f"at most {DEEPEST} parentheses and NOT within each other")
    return depth


def items_of(part: Syntax) -> Iterator[Item]:
    """Yield the items of a text, each once."""
    if isinstance(part, Item):
        yield part
        return
    for inner in part.parts if isinstance(part, Joined) else (part.part,):
        yield from items_of(inner)


def _start(token: Token) -> int:
    return (token.start_pos or 0) + 1


def _unexpected(text: str, error: UnexpectedToken) -> QueryError:
    if error.token.type != "$END":
        column = _start(error.token)
        if error.token.type == "RPAR" and "ITEM" not in error.accepts:
            return QueryError(column, 'no ")" without a "(" before it')
        return QueryError(column, f"{_OPERAND} before this")
    end = len(text.rstrip()) + 1
    return QueryError(end, 'a closing ")"' if "RPAR" in error.accepts else f"{_OPERAND} at the end")


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, start="query", parser="lalr", transformer=_Nodes())
