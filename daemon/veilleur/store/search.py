"""A query as SQL: the same rows on SQLite (FTS5) and PostgreSQL (GIN over the same tokens), newest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Row,
    Select,
    and_,
    any_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    text,
    true,
)

from veilleur.model.scope import Scope
from veilleur.query.expression import (
    AllOf,
    AnyOf,
    Between,
    Expression,
    Has,
    Is,
    Not,
    NumberField,
    OneOf,
    Part,
    Query,
    Since,
    State,
    Until,
    ValueField,
    Words,
)
from veilleur.query.said_terms import is_said
from veilleur.store.full_text import Led, led, sought
from veilleur.store.instants import to_ms
from veilleur.store.order import first_order
from veilleur.store.qualified import in_state, tagged, toned
from veilleur.store.tables import mention_index, mention_words, mentions, projects
from veilleur.store.visible import visible

_VALUES: Final = {
    ValueField.PLATFORM: mentions.c.platform,
    ValueField.KIND: mentions.c.kind,
    ValueField.LANGUAGE: mentions.c.language,
    ValueField.REGION: mentions.c.region,
    ValueField.VISIBILITY: mentions.c.visibility,
    ValueField.DEVICE: mentions.c.device,
    ValueField.APP: mentions.c.package,
}
_NUMBERS: Final = {
    NumberField.COUNT: mentions.c["count"],
    NumberField.OTHERS: mentions.c.actor_others_count,
    NumberField.CONFIDENCE: mentions.c.confidence,
}
_HELD: Final = {
    Part.LINK: mentions.c.links,
    Part.HASHTAG: mentions.c.hashtags,
    Part.HANDLE: mentions.c.handles,
    Part.EMOJI: mentions.c.emojis,
    Part.TEXT: mentions.c.body,
    Part.FLAG: mentions.c.flags,
    Part.MEDIA: mentions.c.media_kind,
}
_AFTER_ALL: Final = 2**63 - 1
_MOST_SCOPES: Final = 256
_STATES: Final = {State.EDITED: mentions.c.edited, State.DELETED: mentions.c.deleted}


class Search(Struct, frozen=True):
    """The mentions that a query asks for and a reader may see, by their order numbers in `order`.

    What the word index of SQLite leads is asked by `led`, all else by `known`; what no index knows is in `rest` and
    looked up row by row. What people say of mentions is asked at once, with all else.
    """

    order: ColumnElement[int]
    rest: tuple[Expression, ...]
    scope: Scope
    led: Led | None = None
    known: tuple[ColumnElement[bool], ...] = ()

    @property
    def candidates(self) -> ColumnElement[bool]:
        """What an index finds, of SQLite's newest first by itself."""
        if self.led is None:
            return and_(visible(self.scope), *self.known)
        since, until = _span(self.led.window)
        found = _found(literal(self.scope.project), literal(self.led.expression), literal(self.led.alone))
        return and_(found, self.order >= since, self.order < until)

    @property
    def is_led(self) -> bool:
        """Whether the word index of SQLite leads."""
        return self.led is not None

    def rows(self, columns: Sequence[Any], since: int | None = None) -> Select[Any]:
        """Return the SELECT of columns of `mentions`, of what stands at the order number `since` or after it."""
        source = mentions.join(mention_index, mention_index.c.rowid == mentions.c.ord) if self.is_led else mentions
        within = true() if since is None else self.order >= since
        rest = and_(true(), *map(_Conditions(since, is_sqlite=self.is_led).of, self.rest))
        # As one term: of a WHERE of 64 terms or more SQLite asks the index no more, and fails.
        looked_up = rest.is_(true()) if self.is_led and self.rest else rest
        return select(*columns).select_from(source).where(self.candidates, within, visible(self.scope), looked_up)

    def orders(self) -> Select[Any]:
        """Return the SELECT of the order numbers alone, as `ord`: of the index, where that knows all of the answer."""
        if self.rest or not self.is_led:
            return self.rows([self.order.label("ord")])
        return select(self.order.label("ord")).where(self.candidates)

    def newest(
        self, columns: Sequence[Any], limit: int, before: int | None = None, since: int | None = None
    ) -> Select[Any]:
        """Return the SELECT of the newest rows whose order number is below `before`."""
        found = self.rows(columns, since) if before is None else self.rows(columns, since).where(self.order < before)
        return found.order_by(self.order.desc()).limit(limit)

    def page(self, connection: Connection, limit: int, before: int | None = None) -> list[Row[Any]]:
        """Return the newest rows whose order number is below `before`, of a search that leaves no `rest`."""
        if self.led is None:
            return list(connection.execute(self.newest(list(mentions.columns), limit, before)).all())
        since, until = _span(self.led.window)
        asked = {"found": self.led.expression, "alone": self.led.alone, "since": since, "before": until, "limit": limit}
        if before is not None:
            asked["before"] = min(until, before)
        return list(connection.execute(_led_page(self.scope), asked).all())

    def reach(self, connection: Connection, count: int, before: int | None = None) -> int | None:
        """Return the order number of the candidate that is `count` away from `before`; None where there are fewer."""
        query = select(self.order).where(self.candidates).order_by(self.order.desc()).limit(1).offset(count - 1)
        found = query if before is None else query.where(self.order < before)
        order: int | None = connection.execute(found).scalar_one_or_none()
        return order


def search(query: Query, scope: Scope, *, is_sqlite: bool) -> Search:
    """Return how the database answers a query to a reader."""
    conditions = _Conditions(None, is_sqlite=is_sqlite)
    # Few mentions were spoken of: a search for what was said begins with those.
    if any(map(is_said, query.demands)):
        return Search(mentions.c.ord, (), scope, known=tuple(map(conditions.demanded, query.demands)))
    found = led(query, scope)
    if not is_sqlite:
        # What no index knows stays apart here too: pages and counts then reach as far on both databases.
        known = tuple(conditions.of(demand) for demand in query.demands if demand not in found.rest)
        return Search(mentions.c.ord, found.rest, scope, known=known)
    return Search(mention_index.c.rowid, found.rest, scope, found)


def matching(query: Query, scope: Scope, columns: Sequence[Any], *, is_sqlite: bool) -> Select[Any]:
    """Return the SELECT of `columns` over the mentions shown that this reader may see and the query asks for."""
    return search(query, scope, is_sqlite=is_sqlite).rows(columns)


@lru_cache(_MOST_SCOPES)
def _led_page(scope: Scope) -> Select[Any]:
    """Return the newest rows that the index finds; made once, for to build it takes longer than to run it."""
    order = mention_index.c.rowid
    found = _found(literal(scope.project), bindparam("found"), bindparam("alone"))
    rows = select(mentions).join(mention_index, order == mentions.c.ord).where(found, visible(scope))
    within = rows.where(order >= bindparam("since"), order < bindparam("before"))
    return within.order_by(order.desc()).limit(bindparam("limit"))


def _found(
    project: ColumnElement[str], expression: ColumnElement[str], alone: ColumnElement[str]
) -> ColumnElement[bool]:
    """Return the condition that the index finds a row, by `alone` where there is no project but this one."""
    has_others = exists().where(projects.c.id != project)
    return mention_index.c.mention_index.op("MATCH")(case((has_others, expression), else_=alone))


def _span(window: Iterable[Since | Until]) -> tuple[int, int]:
    since, until = 0, _AFTER_ALL
    for bound in window:
        if isinstance(bound, Since):
            since = max(since, first_order(to_ms(bound.at)))
        else:
            until = min(until, first_order(to_ms(bound.before)))
    return since, until


class _Conditions:
    """Makes a condition of an expression; one on an unknown value is false, so that its negation is true.

    Rows before the order number `since` are not asked about.
    """

    def __init__(self, since: int | None, *, is_sqlite: bool) -> None:
        self._since = since
        self._is_sqlite = is_sqlite

    def of(self, expression: Expression) -> ColumnElement[bool]:
        """Return the condition on a row of `mentions`."""
        match expression:
            case AllOf(parts):
                return and_(*map(self.of, parts))
            case AnyOf(parts):
                return or_(*map(self.of, parts))
            case Not(part):
                return not_(func.coalesce(self.of(part), false()))
            case Words():
                return self._contains(expression)
            case OneOf() | Is() if is_said(expression):
                return mentions.c.ord.in_(_said(expression))
            case _:
                return _is_so(expression)

    def demanded(self, expression: Expression) -> ColumnElement[bool]:
        """Return the condition that every row found has to meet."""
        if self._is_sqlite or not is_said(expression):
            return self.of(expression)
        # As one array: in a join, what is said is read anew for every mention, where PostgreSQL's statistics are old.
        return mentions.c.ord == any_(func.array(_said(expression).scalar_subquery()))

    def _contains(self, words: Words) -> ColumnElement[bool]:
        if self._is_sqlite:
            found = select(mention_index.c.rowid).where(mention_index.c.mention_index.op("MATCH")(sought(words)))
            return mentions.c.ord.in_(
                found if self._since is None else found.where(mention_index.c.rowid >= self._since)
            )
        return mentions.c.ord.in_(select(mention_words.c.ord).where(*_tokens_found(words)))


def _is_so(term: OneOf | Has | Is | Between | Since | Until) -> ColumnElement[bool]:
    condition: ColumnElement[bool]
    match term:
        case OneOf(field, values):
            condition = _VALUES[field].in_(values)
        case Has(part):
            condition = _held(part)
        case Is(state):
            condition = _STATES[state].is_(true())
        case Between(field, least, most):
            condition = _between(_NUMBERS[field], least, most)
        case Since() | Until():
            condition = _in_window(term, mentions.c.ord)
    return condition


def _said(term: Expression) -> CompoundSelect[int]:
    match term:
        case OneOf(ValueField.TAG, values):
            return tagged(values)
        case OneOf(ValueField.TONE, values):
            return toned(values)
        case Is(state):
            return in_state(state)
        case _:
            raise TypeError(term)


def _in_window(term: Since | Until, order: ColumnElement[int]) -> ColumnElement[bool]:
    # Times are compared through order numbers, whose upper bits they are: one index serves lists and windows.
    if isinstance(term, Since):
        return order >= first_order(to_ms(term.at))
    return order < first_order(to_ms(term.before))


def _tokens_found(words: Words) -> list[ColumnElement[bool]]:
    column = mention_words.c[words.column.value]
    whole = words.tokens[:-1] if words.is_prefix else words.tokens
    conditions: list[ColumnElement[bool]] = []
    if whole:
        array = func.string_to_array(column, text("' '"))
        conditions.append(array.op("@>")(func.string_to_array(" ".join(whole), " ")))
    if len(words.tokens) > 1 or words.is_prefix:
        end = "" if words.is_prefix else " "
        conditions.append(func.strpos(literal(" ").concat(column).concat(" "), f" {words.phrase}{end}") > 0)
    return conditions


def _held(part: Part) -> ColumnElement[bool]:
    column = _HELD.get(part)
    return mentions.c.media_kind == part.value if column is None else column.is_not(None)


def _between(column: ColumnElement[Any], least: float | None, most: float | None) -> ColumnElement[bool]:
    bounds = ([column >= least] if least is not None else []) + ([column <= most] if most is not None else [])
    return case((column.is_(None), false()), else_=and_(*bounds))
