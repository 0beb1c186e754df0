"""Small signs beside words: a platform's mark, a speaker's colour, and how what records name by a text is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from zlib import crc32

from veilleur.model.kinds import MentionKind, Platform, TextFlag
from veilleur.model.spoken import N_
from veilleur.wording.words import worded

_HUES: Final = 8
_MONOGRAMS: Final = {
    Platform.TIKTOK: "Tk",
    Platform.WHATSAPP: "Wa",
    Platform.TELEGRAM: "Tg",
    Platform.INSTAGRAM: "Ig",
    Platform.FACEBOOK: "Fb",
    Platform.MESSENGER: "Ms",
    Platform.YOUTUBE: "Yt",
    Platform.X: "X",
    Platform.GOOGLE_MAPS: "Gm",
}
_PARTS: Final[Mapping[str, str]] = {
    "database": N_("Database"),
    "broker": N_("MQTT broker"),
    "source": N_("Connection to the broker"),
    "ingest": N_("Reading and storing"),
    "receipts": N_("Receipts to the devices"),
    "watchman": N_("Watch over the devices"),
}


def monogram(platform: str) -> str:
    """Return one or two letters for a platform."""
    return (
        _MONOGRAMS.get(Platform(platform), platform[:2].title()) if platform in set(Platform) else platform[:2].title()
    )


def mark_class(platform: str) -> str:
    """Return the name of a platform's colour."""
    return platform.replace("_", "-") if platform in set(Platform) else Platform.OTHER.value


def hue(name: str) -> int:
    """Return which of the speakers' colours a name has: the same on every page."""
    return crc32(name.encode("utf-8", "surrogatepass")) % _HUES


def flagged(flag: str) -> str:
    """Return what a flag warns of, in English."""
    return worded(TextFlag(flag)) if flag in set(TextFlag) else flag


def kind_worded(kind: str) -> str:
    """Return how a kind that a count names is called, in English."""
    return worded(MentionKind(kind)) if kind in set(MentionKind) else kind


def part_name(name: str) -> str:
    """Return how a part of the daemon is called, in English."""
    return _PARTS.get(name, name)
