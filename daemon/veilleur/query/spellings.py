"""Words with œ and æ as people type them: most keyboards lack these letters, phones put them in; one finds the other.

The index keeps what was written. What is sought has both spellings, where French has such a word.
"""

from __future__ import annotations

import re
from typing import Final

_APART: Final = str.maketrans({"œ": "oe", "æ": "ae"})
_TOGETHER: Final = {"oe": "œ", "ae": "æ"}
# cœur, œuvre, œil, fœtus, œnologie …, lætitia, ex æquo; "does", "Noel" and "Michael" have two letters.
_FRENCH: Final = re.compile(r"oe(?=u|il)|(?<=f)oe(?=t)|^#?oe(?=[cdns])|(?<=l)ae(?=titi)|^ae(?=quo)")


def spellings(tokens: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return the tokens as they are, then with each ligature as two letters, and the other way round, each once."""
    apart = tuple(token if token.startswith("@") else token.translate(_APART) for token in tokens)
    together = tuple(token if token.startswith("@") else _FRENCH.sub(_joined, token) for token in apart)
    return tuple(dict.fromkeys((tokens, apart, together)))


def _joined(found: re.Match[str]) -> str:
    letters = found[0]
    return letters[:-2] + _TOGETHER[letters[-2:]]
