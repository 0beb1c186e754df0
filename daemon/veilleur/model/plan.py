"""The watch plan: what each device is meant to follow, and what was heard of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from msgspec import Struct

from veilleur.model.errors import PlanError
from veilleur.model.kinds import Platform
from veilleur.model.spoken import N_

LONGEST_TARGET: Final = 200
LONGEST_TEXT: Final = 500
MOST_ENTRIES: Final = 2_000
USUAL_SILENCE: Final = timedelta(days=30)
"""How long nothing may come of what has no rhythm of its own yet."""
_ENOUGH_ARRIVALS: Final = 10
_TIMES_THE_LONGEST: Final = 2
_LEAST_SILENCE: Final = timedelta(days=2)
_DEVICE: Final = re.compile("[a-z0-9-]{1,64}")
_PLATFORM: Final = re.compile("[a-z0-9_-]{1,64}")
_UNWRITABLE: Final = re.compile("[\0-\x1f\x7f\ud800-\udfff]")
_HASHTAG: Final = re.compile(r"#[^\W_][^\s#@,\"'()/?&]*")


class PlanKind(StrEnum):
    """What can be followed: an account with its bell on, a group, a feed, a hashtag."""

    ACCOUNT = "account"
    GROUP = "group"
    FEED = "feed"
    HASHTAG = "hashtag"


_USUAL_PLATFORM: Final = {
    PlanKind.ACCOUNT: Platform.TIKTOK,
    PlanKind.GROUP: Platform.WHATSAPP,
    PlanKind.FEED: Platform.FEED,
    PlanKind.HASHTAG: Platform.TIKTOK,
}
_NAMELESS: Final = {
    PlanKind.ACCOUNT: N_("device: name the device that follows this account"),
    PlanKind.GROUP: N_("device: name the device that follows this group"),
}
_TEXTS: Final = {
    "target": (N_("target: write 1 to %(longest)s characters in one line"), LONGEST_TARGET),
    "authorised_by": (N_("authorised_by: write 1 to %(longest)s characters in one line"), LONGEST_TEXT),
    "ground": (N_("ground: write 1 to %(longest)s characters in one line"), LONGEST_TEXT),
    "note": (N_("note: write 1 to %(longest)s characters in one line"), LONGEST_TEXT),
}
_A_HASHTAG: Final = N_("target: write a hashtag as #brunch")
_A_DEVICE: Final = N_("device: write a device's name, such as salle-1")
_A_GROUND: Final = N_("authorised_by and ground: say who authorised following this group, and on what ground")
_A_PLATFORM: Final = N_("platform: write it as tiktok or whatsapp")
MANY_ENTRIES: Final = N_("a plan has at most %(most)s entries")


class PlanEntry(Struct, frozen=True, kw_only=True):
    """One thing that is meant to be followed.

    `target` is an account's `@handle` or its name as it is shown, a group's or feed's title, or a `#hashtag`. `device`
    follows it; feeds and hashtags need none. `authorised_by` and `ground`: who allowed it, and on what legal ground.
    """

    kind: PlanKind
    target: str
    platform: str
    device: str | None = None
    authorised_by: str | None = None
    ground: str | None = None
    note: str | None = None


class PlanStanding(Struct, frozen=True, kw_only=True):
    """An entry, when something of it last arrived, and why its silence is worth a look; None: it is not."""

    entry: PlanEntry
    last_at: datetime | None
    silence: str | None
    tag_url: str | None = None
    alerts_query: str | None = None


def checked_entry(entry: PlanEntry) -> PlanEntry:
    """Return the entry with its usual platform where it names none; raises PlanError that says what can be."""
    for name, (why, longest) in _TEXTS.items():
        text = getattr(entry, name)
        if text is not None and (not 0 < len(text.strip()) <= longest or _UNWRITABLE.search(text)):
            raise PlanError(why, longest=longest)
    if entry.kind is PlanKind.HASHTAG and _HASHTAG.fullmatch(entry.target) is None:
        raise PlanError(_A_HASHTAG)
    if entry.kind in _NAMELESS and entry.device is None:
        raise PlanError(_NAMELESS[entry.kind])
    if entry.device is not None and _DEVICE.fullmatch(entry.device) is None:
        raise PlanError(_A_DEVICE)
    if entry.kind is PlanKind.GROUP and (entry.authorised_by is None or entry.ground is None):
        raise PlanError(_A_GROUND)
    platform = entry.platform or _USUAL_PLATFORM[entry.kind].value
    if _PLATFORM.fullmatch(platform) is None:
        raise PlanError(_A_PLATFORM)
    return PlanEntry(
        kind=entry.kind,
        target=entry.target.strip(),
        platform=platform,
        device=entry.device,
        authorised_by=entry.authorised_by,
        ground=entry.ground,
        note=entry.note,
    )


def silence_of(entry: PlanEntry, arrivals_at: Sequence[datetime], since_at: datetime, now: datetime) -> str | None:
    """Return the sentence about an entry's silence, None where it is no longer than usual.

    `arrivals_at` are its latest arrivals, the last first. From ten on its own rhythm counts: twice the longest pause
    among them, at least two days; else 30 days from the last arrival, or from when it was entered.
    """
    last_at = arrivals_at[0] if arrivals_at else None
    quiet = now - (last_at or since_at)
    allowed = USUAL_SILENCE
    if len(arrivals_at) >= _ENOUGH_ARRIVALS:
        longest = max(later - earlier for later, earlier in pairwise(arrivals_at))
        allowed = max(_TIMES_THE_LONGEST * longest, _LEAST_SILENCE)
    if quiet <= allowed:
        return None
    usual = "" if allowed == USUAL_SILENCE else f" (its longest pause was {_days(allowed / _TIMES_THE_LONGEST)})"
    return f"nothing from {entry.target} for {_days(quiet)}{usual}: {_ASK[entry.kind]}"


def tag_url(hashtag: str) -> str:
    """Return the page of a hashtag on TikTok, to be opened by a person: nothing here fetches it."""
    return f"https://www.tiktok.com/tag/{hashtag.removeprefix('#').lower()}"


def alerts_query(hashtag: str) -> str:
    """Return what to paste into Google Alerts, whose feed then brings what it finds."""
    return f'site:tiktok.com "{hashtag}" OR "{hashtag.removeprefix("#")}"'


def _days(span: timedelta) -> str:
    days = max(span.days, 1)
    return f"{days} day{'' if days == 1 else 's'}"


_ASK: Final = {
    PlanKind.ACCOUNT: "is the bell on All?",
    PlanKind.GROUP: "is the device still in the group, and the group not muted?",
    PlanKind.FEED: "does its address still answer?",
    PlanKind.HASHTAG: "a hashtag notifies nobody: it is seen only in what accounts and feeds bring",
}
HASHTAG_SIGHT: Final = (
    "TikTok notifies nobody about a hashtag: it is seen where captured words or a feed name it, never all of its posts."
)
