"""Campaigns: what invites people to write, with the opening that it fills in; and how a conversation began."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from msgspec import Struct

LONGEST_NAME: Final = 100
LONGEST_OPENING: Final = 4_096


class CampaignKind(StrEnum):
    """How a conversation begins: by an advertisement, a link (`wa.me/?text=`), a printed code, or a catalogue."""

    AD = "ad"
    LINK = "link"
    QR = "qr"
    CATALOG = "catalog"


class Campaign(Struct, frozen=True, kw_only=True):
    """One campaign of a project; `name` is unique there, `openings` are the texts that it fills in."""

    name: str
    project: str
    kind: CampaignKind
    openings: tuple[str, ...]
    created_at: datetime


class CampaignProposal(Struct, frozen=True):
    """An opening that so many conversations share and no campaign knows, as one of them wrote it."""

    opening: str
    conversations: int


class Origin(Struct, frozen=True, gc=False):
    """How a conversation began: the campaign whose opening its first message is, and how sure that is (0 to 1)."""

    kind: CampaignKind
    campaign: str
    confidence: float
