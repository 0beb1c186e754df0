"""Text of other people made safe for a terminal: nothing in it moves the cursor or turns the line around."""

from __future__ import annotations

import re
from typing import Final

_LINE_ENDS: Final = re.compile("\\s*[\r\n\x0b\x0c\x85\u2028\u2029]+\\s*")
# Bidi embeddings, overrides and isolates, and every C0 and C1 control (an ESC or CSI begins a terminal's commands).
_DRIVING: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2066-\u206f\ud800-\udfff]")
_UNSEEN: Final = re.compile("[\u200b\u200e\u200f\u2060-\u2064\ufeff]")
_LINE_END_SHOWN: Final = " ⏎ "


def in_one_line(text: str) -> str:
    """Return `text` in one line: line ends as ⏎, controls and bidi overrides as escapes, unseen marks left out."""
    return escaped(_UNSEEN.sub("", _LINE_ENDS.sub(_LINE_END_SHOWN, text.strip()).replace("\t", " ")))


def escaped(text: str) -> str:
    """Return `text` with every control and bidi override written as a Python escape; the rest stays."""
    return _DRIVING.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return ascii(found[0])[1:-1]
