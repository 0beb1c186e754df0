"""Mentions as flat JSON lines: one object a mention with every column, unknown null."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from veilleur.exports.columns import flat_fields
from veilleur.exports.request import ExportRequest
from veilleur.model.mention import Mention
from veilleur.model.wire import dump_line

_LINES_AT_ONCE: Final = 200


def json_line_chunks(mentions: Iterable[Mention], _asked: ExportRequest) -> Iterator[bytes]:
    """Yield the lines, some at a time."""
    waiting = iter(mentions)
    while some := list(islice(waiting, _LINES_AT_ONCE)):
        yield b"".join(dump_line(flat_fields(mention)) + b"\n" for mention in some)
