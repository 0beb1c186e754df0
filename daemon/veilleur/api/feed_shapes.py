"""The shapes of feeds, as they are asked for and answered."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from veilleur.api.answer_parts import Answer
from veilleur.wording.languages import Language


class FeedShape(BaseModel):
    """A feed as it should be."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    with_private: bool = False
    """Whether it shows what is private or of a group, to everybody who has the link; needs `read:private`."""
    language: Language = Language.ENGLISH
    """Of the feed's own words; what people wrote stays as it is."""


class Feed(Answer):
    """A watch as an Atom feed; its link is shown once and kept nowhere."""

    id: int
    watch: str
    project: str
    may_read_private: bool
    """Whether it shows what is private or of a group."""
    made_by: str
    created_at: datetime
    renewed_at: datetime
    """Since when its link holds."""
    revoked_by: str | None
    revoked_at: datetime | None
    """Null while it can be read."""
    language: str
    """Of the feed's own words."""


class MadeFeed(Answer):
    """A feed and its link."""

    feed: Feed
    link: str
    """Who has it reads the feed: it goes to nobody else, and no other answer tells it."""


class FeedList(Answer):
    """Feeds, the oldest first."""

    feeds: list[Feed]
    next_cursor: str | None
    """`cursor` for the next page; null on the last."""
