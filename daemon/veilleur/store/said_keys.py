"""By what key words are kept that were said in a group; imported by the reading process, hence without SQLAlchemy."""

from __future__ import annotations

from typing import Final

from veilleur.model.identity import GroupId
from veilleur.parsers.plaintext import clean_name
from veilleur.threads.summaries import words_in_line
from veilleur.threads.windows import hash_of

_SEPARATOR: Final = "\x1f"


def words_id(group: GroupId, words: str) -> int:
    """Return the key of what was said in a group; a summary may break its lines otherwise, and mark their direction."""
    return hash_of(f"{group}{_SEPARATOR}{' '.join(clean_name(words).split())}")


def ids_in_line(group: GroupId, line: str, body: str | None) -> tuple[int, ...]:
    """Return the keys of all that a child may have said where a summary shows this line, read as `body`.

    A child that shows a picture may say what was written beside it alone, or nothing.
    """
    return tuple({words_id(group, words) for words in (*words_in_line(line), body or "")})
