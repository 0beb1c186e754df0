"""The shapes of rules, as they are sent and answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from veilleur.api.answer_parts import Answer
from veilleur.api.qualification_shapes import QualifiedMentions, Tags
from veilleur.model.qualification import Tone
from veilleur.query.reading import MAX_QUERY_LENGTH
from veilleur.query.rule_queries import LONGEST_WORD, MOST_WORDS


class RuleShape(BaseModel):
    """What a rule speaks of, and what it says: a query, words of which one must stand there, or both."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    query: Annotated[str, Field(max_length=MAX_QUERY_LENGTH)] = ""
    words: Annotated[list[Annotated[str, Field(max_length=LONGEST_WORD)]], Field(max_length=MOST_WORDS)] = []
    """Words and phrases; one may be a `#tag`, or end with a `*`."""
    tone: Tone | None = None
    add_tags: Tags = []
    is_off_topic: bool | None = None


class ApplyShape(BaseModel):
    """Whether it is only counted."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    dry_run: bool = False


class Rule(Answer):
    """What is said of every mention that a query or a list of words finds."""

    name: str
    project: str
    query: str
    words: list[str]
    change: dict[str, object]
    """What it says: `tone`, `add_tags`, `is_off_topic`."""
    may_read_private: bool
    """Whether it speaks of private mentions too: those that its maker saw."""
    created_by: str
    created_at: datetime


class RuleList(Answer):
    """Every rule, the oldest first."""

    rules: list[Rule]


class AppliedRule(QualifiedMentions):
    """What a rule said of the past, or would."""
