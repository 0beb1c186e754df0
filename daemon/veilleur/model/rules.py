"""Rules: what is said of every mention that a query or a list of words finds."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import Struct

from veilleur.model.qualification import QualificationChange

LONGEST_RULE_NAME: Final = 100
MOST_RULES: Final = 200


class QualificationRule(Struct, frozen=True, kw_only=True):
    """One rule of a project; `name` is unique there. Without `may_read_private` it sees public mentions alone."""

    name: str
    project: str
    query: str
    words: tuple[str, ...]
    change: QualificationChange
    may_read_private: bool
    created_by: str
    created_at: datetime
