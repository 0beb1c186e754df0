"""Quotation marks as phones and typesetters write them, made straight before a query is read; columns stay as they are.

“a b”, „a b“, ”a b”, « a b », »a b«, ‘a b’, ‚a b‘, ＂a b＂, 「a b」 and 『a b』 mean what "a b" means.
"""

from __future__ import annotations

import re
from typing import Final

from veilleur.model.errors import QueryError

# Marks that close quotations too, or stand for apostrophes (‘Ali, rock ’n’ roll), open one only where an item begins.
_BEGINS: Final = r"(?<![^\s(),:#@＃＠-])"
_QUOTATION: Final = re.compile(
    r'"[^"]*"'
    r"|“[^“”]*[“”]|„[^„“”]*[“”]|«[^«»]*»|＂[^＂]*＂|「[^「」]*」|『[^『』]*』"
    rf"|{_BEGINS}(?:”[^“”]*”|»[^«»]*«|[‘‚](?:[^‘’‚]|’(?=\w))*[‘’](?!\w))"
    r"|(?P<alone>[“”„«»＂])"
)
_TYPED: Final = re.compile(rf"{_QUOTATION.pattern}|(?P<begun>[「『])")
_CLOSING: Final = {"“": "”", "„": "“", "«": "»", "＂": "＂"}
_OPENING: Final = {"”": "“", "»": "«"}


def straightened(text: str) -> str:
    """Return `text` with straight marks, sign for sign; raises QueryError for a mark that opens or closes nothing."""
    return _QUOTATION.sub(_straight, text)


def straightened_as_typed(text: str) -> str:
    """Return `text` with straight marks, sign for sign, while it is typed: what is not closed yet has one mark."""
    return _TYPED.sub(_straight_so_far, text)


def _straight_so_far(found: re.Match[str]) -> str:
    if found["begun"] is not None or found["alone"] in _CLOSING:
        return '"'
    return found[0] if found["alone"] is not None else _straight(found)


def _straight(found: re.Match[str]) -> str:
    if (mark := found["alone"]) is None:
        return '"' + found[0][1:-1].replace('"', " ") + '"'
    column = found.start() + 1
    if mark in _CLOSING:
        raise QueryError(column, f"a closing {_CLOSING[mark]} for the quotation that begins here")
    raise QueryError(column, f"no {mark} without a {_OPENING[mark]} before it")
