"""The small records that answers are made of."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from veilleur.model.campaign import CampaignKind
from veilleur.model.kinds import Exactness, MediaKind
from veilleur.model.qualification import Tone


class Answer(BaseModel):
    """What the answers below have in common."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class Actor(Answer):
    """Who did it, as the app showed it."""

    name: str
    """What was shown, also where that is a number or a handle."""
    handle: str | None
    phone: str | None
    others_count: int | None
    """12 for "A and 12 others"."""


class Conversation(Answer):
    """The private or group thread that a message belongs to."""

    id: str
    title: str | None
    is_group: bool | None


class Media(Answer):
    """What came beside or instead of words."""

    kind: MediaKind
    duration_s: int | None


class OpenLink(Answer):
    """The best link that can be made without fetching anything."""

    url: str | None
    exactness: Exactness


class Origin(Answer):
    """The campaign whose opening a conversation's first message is."""

    kind: CampaignKind
    campaign: str
    confidence: float
    """0 to 1."""


class Qualifier(Answer):
    """Who said something."""

    name: str
    """An account, a token's name, `cli`, or a rule's name."""
    is_rule: bool


class Qualification(Answer):
    """What people and rules say of a mention."""

    tone: Tone | None
    tone_by: Qualifier | None
    tags: list[str]
    """By name."""
    is_off_topic: bool
    treated_by: str | None
    treated_at: datetime | None
    note: str | None
