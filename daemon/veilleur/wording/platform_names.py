"""How platforms are called: as they write their own names; `N_` marks what the catalogue translates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from veilleur.model.kinds import Platform
from veilleur.model.spoken import N_

_WRITTEN: Final[Mapping[str, str]] = {
    Platform.TIKTOK: "TikTok",
    Platform.WHATSAPP: "WhatsApp",
    Platform.YOUTUBE: "YouTube",
    Platform.LINKEDIN: "LinkedIn",
    Platform.THEFORK: "TheFork",
    Platform.LINE: "LINE",
    Platform.FEED: N_("Press and web"),
    Platform.OTHER: N_("Other apps"),
}


def platform_name(platform: str) -> str:
    """Return a platform's name in English; that of a plug-in's is made of the word it uses."""
    return _WRITTEN.get(platform, platform.replace("_", " ").title())
