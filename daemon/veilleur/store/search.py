"""A query as SQL: the same rows on SQLite (FTS5) and PostgreSQL (GIN over the same tokens), newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, func, literal, select, text, true

from veilleur.model.kinds import Visibility
from veilleur.model.scope import Scope
from veilleur.query.expression import (
    ActorField,
    FromActor,
    KindIn,
    LanguageIn,
    PlatformIn,
    Query,
    RegionIn,
    Since,
    Term,
    Until,
    Words,
)
from veilleur.store.instants import to_ms
from veilleur.store.order import first_order
from veilleur.store.tables import mention_index, mention_words, mentions


def matching(query: Query, scope: Scope, columns: Sequence[Any], *, is_sqlite: bool) -> Select[Any]:
    """Return the SELECT of `columns` over the mentions shown that this reader may see and the query asks for."""
    words = [term for term in query.terms if _is_sought(term)]
    conditions = [_visible(scope), *(_condition(term) for term in query.terms if not _is_sought(term))]
    source: FromClause = mentions
    if words and is_sqlite:
        source = mentions.join(mention_index, mention_index.c.rowid == mentions.c.ord)
        conditions.append(mention_index.c.mention_index.op("MATCH")(_fts(words)))
    elif words:
        source = mentions.join(mention_words, mention_words.c.ord == mentions.c.ord)
        conditions.extend(condition for term in words for condition in _contains(term))
    return select(*columns).select_from(source).where(and_(*conditions))


def newest_first(query: Query, is_sqlite: bool) -> ColumnElement[Any]:
    """Return what to order by: the search index's own row order where it leads the plan."""
    if is_sqlite and any(_is_sought(term) for term in query.terms):
        return mention_index.c.rowid.desc()
    return mentions.c.ord.desc()


def before_order(query: Query, order: int, is_sqlite: bool) -> ColumnElement[bool]:
    """Return the condition that a mention comes after the cursor `order` in a newest-first list."""
    if is_sqlite and any(_is_sought(term) for term in query.terms):
        return mention_index.c.rowid < order
    return mentions.c.ord < order


def _is_sought(term: Term) -> bool:
    return isinstance(term, Words) or (isinstance(term, FromActor) and term.field is ActorField.NAME)


def _visible(scope: Scope) -> ColumnElement[bool]:
    of_project = (mentions.c.project_id == scope.project) & mentions.c.is_shown
    if scope.may_read_private:
        return of_project
    return of_project & (mentions.c.visibility == Visibility.PUBLIC.value)


def _condition(term: Term) -> ColumnElement[bool]:
    # Times are compared through `ord`, whose upper bits they are: one index serves lists and windows.
    condition: ColumnElement[bool] = true()
    match term:
        case PlatformIn(platforms):
            condition = mentions.c.platform.in_(platforms)
        case KindIn(kinds):
            condition = mentions.c.kind.in_([kind.value for kind in kinds])
        case LanguageIn(languages):
            condition = mentions.c.language.in_(languages)
        case RegionIn(regions):
            condition = mentions.c.region.in_(regions)
        case Since(at):
            condition = mentions.c.ord >= first_order(to_ms(at))
        case Until(before):
            condition = mentions.c.ord < first_order(to_ms(before))
        case FromActor(ActorField.PHONE, value):
            condition = mentions.c.actor_phone == value
        case FromActor(_, value):
            condition = func.lower(mentions.c.actor_handle) == value
        case Words():
            message = "words are sought in the index, not in a column"
            raise ValueError(message)
    return condition


def _fts(words: Sequence[Term]) -> str:
    return " AND ".join(f'{_column(term)} : "{" ".join(_tokens(term))}"' for term in words)


def _contains(term: Term) -> list[ColumnElement[bool]]:
    column, found = mention_words.c[_column(term)], _tokens(term)
    array = func.string_to_array(column, text("' '"))
    conditions: list[ColumnElement[bool]] = [array.op("@>")(func.string_to_array(" ".join(found), " "))]
    if len(found) > 1:
        phrase = literal(" ").concat(column).concat(" ")
        conditions.append(func.strpos(phrase, f" {' '.join(found)} ") > 0)
    return conditions


def _column(term: Term) -> str:
    return "words" if isinstance(term, Words) else "names"


def _tokens(term: Term) -> tuple[str, ...]:
    if isinstance(term, Words):
        return term.tokens
    return tuple(term.value.split(" ")) if isinstance(term, FromActor) else ()
