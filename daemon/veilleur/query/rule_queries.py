"""What a rule asks for: a query, words of a list of which one must stand there, or both."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from veilleur.model.errors import QualificationError, QueryError
from veilleur.query.expression import Expression, Query, all_of, any_of
from veilleur.query.reading import read_query
from veilleur.query.said_terms import asks_what_is_said
from veilleur.wording import refusals

MOST_WORDS: Final = 500
LONGEST_WORD: Final = 200


def read_rule_query(text: str, words: Iterable[str], *, now: datetime) -> Query:
    """Return what a rule asks for; a word of its list may be a phrase, a #tag, or end with a `*`.

    Raises QueryError for the query, and QualificationError for the words, for neither, and for a query that asks what
    was said of mentions: rules would chase one another.
    """
    listed = tuple(words)
    if len(listed) > MOST_WORDS:
        raise QualificationError(refusals.MANY_WORDS, most=MOST_WORDS)
    asked = read_query(text, now=now).expression
    parts = ([] if asked is None else [asked]) + ([any_word(listed, now=now)] if listed else [])
    if not parts:
        raise QualificationError(refusals.RULE_ASKS_NOTHING)
    asked_for = Query(all_of(parts))
    if asks_what_is_said(asked_for):
        raise QualificationError(refusals.RULE_ASKS_ITSELF)
    return asked_for


def any_word(words: Iterable[str], *, now: datetime) -> Expression:
    """Return what holds where one of the words of a list stands; raises QualificationError, for no words ValueError."""
    return any_of(_listed(word, now) for word in words)


def _listed(word: str, now: datetime) -> Expression:
    text = word.strip()
    is_prefix = text.endswith("*")
    bare = text.removesuffix("*").replace('"', " ").strip()
    if not bare or len(bare) > LONGEST_WORD:
        raise QualificationError(refusals.LISTED_WORD, most=LONGEST_WORD)
    quoted = f'"{bare}"' + ("*" if is_prefix else "")
    try:
        found = read_query(bare if bare.startswith(("#", "@")) and " " not in bare else quoted, now=now).expression
    except QueryError as error:
        raise QualificationError(refusals.NO_WORD, text=text[:40]) from error
    if found is None:
        raise QualificationError(refusals.NO_WORD, text=text[:40])
    return found
