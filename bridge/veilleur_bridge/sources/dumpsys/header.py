"""A record's first line, which repeats most of a notification in `name=value` words (AOSP Notification.toString)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_HEAD: Final = re.compile(
    r"NotificationRecord\(0x[0-9a-fA-F]+: pkg=(?P<package>\S+) user=UserHandle\{(?P<user>-?\d{1,10})\}"
    r" id=(?P<id>-?\d{1,10}) tag="
)
_BEFORE_KEY: Final = re.compile(r" (?:importance|score)=(-?\d{1,10}) key=")
# Android 9 glues its own word to the key; HyperOS puts one between key and colon.
_AFTER_KEY: Final = re.compile(r"(?:appImportanceLocked=(?:true|false)| bbbc=-?\d+)$")
_NEXT_WORD: Final = re.compile(
    r" (?:(?:channel|shortcut|pri|contentView|vibrate|sound|defaults|flags|color|category|groupKey|sortKey|actions"
    r"|number|vis|publicVersion|locusId|sem[A-Z]\w*)=|tick )"
)
_OPENING: Final = ": Notification("


@dataclass(frozen=True, slots=True)
class Header:
    """What the first line says; the `score` of Android 6 is no importance."""

    package: str
    user: int
    id: int
    tag: str | None
    key: str | None
    importance: int | None
    channel: str | None
    shortcut_id: str | None
    category: str | None
    group: str | None
    flags: str | None
    visibility: str | None


def read_header(text: str) -> Header | None:
    """Return what a header says, None where not even package, user and id can be read."""
    head = _HEAD.match(text)
    if not head:
        return None
    names, _, shown = text[head.end() :].partition(_OPENING)
    before_key = _BEFORE_KEY.search(names)
    tag, _, key = names.partition(before_key[0] if before_key else " key=")
    words = f" {shown.removesuffix(')').removesuffix(')').partition(' publicVersion=')[0]}"
    return Header(
        package=head["package"],
        user=int(head["user"]),
        id=int(head["id"]),
        tag=_unless_null(tag if key else tag.removesuffix(")")),
        key=_AFTER_KEY.sub("", key) or None,
        importance=int(before_key[1]) if before_key and "importance" in before_key[0] else None,
        channel=_word(words, "channel"),
        shortcut_id=_word(words, "shortcut"),
        category=_word(words, "category"),
        group=_word(words, "groupKey"),
        flags=_word(words, "flags"),
        visibility=_word(words, "vis"),
    )


def _word(words: str, name: str) -> str | None:
    _, found, value = words.partition(f" {name}=")
    if not found:
        return None
    end = _NEXT_WORD.search(value)
    return _unless_null(value[: end.start()] if end else value.removesuffix(" ..."))


def _unless_null(value: str) -> str | None:
    return None if value in ("", "null") else value
