"""Who and which group a title names: the last resort, because names hold colons and parentheses."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from veilleur.parsers.catalogue import Meaning, Use
from veilleur.parsers.conversation_record import Shown
from veilleur.parsers.plaintext import clean_name, make_plain
from veilleur.parsers.wording_forms import ActorPlace
from veilleur.parsers.wordings import Wordings
from veilleur_bridge.envelope import Notification

_COLONS: Final = (": ", "：")
_OLD_SEPARATOR: Final = " @ "


class TitleReading(Struct, frozen=True):
    """What a title names: the conversation, the sender where it stands there, a count of messages."""

    conversation: str | None
    sender: str | None = None
    count: int | None = None


def read_title(
    notification: Notification, wordings: Wordings, locale: str | None, *, is_group: bool | None
) -> TitleReading:
    """Read the conversation's own title first; only without one is the notification's title taken apart."""
    title = clean_name(notification.title or "")
    known = clean_name(notification.conversation_title or "")
    if known:
        counted = _without_count(known, wordings, locale)
        sender = _sender_after(title, known) or _without_count(title, wordings, locale).sender if is_group else None
        return TitleReading(counted.conversation, sender, counted.count)
    counted = _without_count(title, wordings, locale)
    # A count ends the name of the group: a sender would stand behind it.
    if is_group is False or counted.sender or counted.count is not None or not counted.conversation:
        return counted
    group, sender = _split(counted.conversation)
    return TitleReading(group, sender, counted.count)


def named_title(shown: Shown) -> str | None:
    """Return the notification's title where that may name somebody: not the app, and no section of its inbox."""
    title = shown.notification.title
    plain = make_plain(title or "")
    is_named = bool(plain.text) and title != shown.envelope.app.label and not shown.wordings.is_heading(plain)
    return title if is_named else None


def _without_count(title: str, wordings: Wordings, locale: str | None) -> TitleReading:
    if "(" not in title:
        return TitleReading(title or None)
    found = wordings.find(make_plain(title), locale, _is_title, ActorPlace.IN_TEXT)
    return TitleReading(found.target, found.actor, found.count) if found else TitleReading(title)


def _is_title(meaning: Meaning) -> bool:
    return meaning.use is Use.TITLE


def _sender_after(title: str, conversation: str) -> str | None:
    rest = title.removeprefix(conversation)
    for colon in _COLONS:
        if rest != title and rest.startswith(colon.rstrip()):
            return rest.removeprefix(colon.rstrip()).strip() or None
    return None


def _split(title: str) -> tuple[str, str | None]:
    """Split `Group: Sender` at its last colon, or the old `Sender @ Group`."""
    for colon in _COLONS:
        group, found, sender = title.rpartition(colon)
        if found and group.strip() and sender.strip():
            return group.strip(), sender.strip()
    sender, found, group = title.partition(_OLD_SEPARATOR)
    return (group.strip(), sender.strip()) if found and group.strip() else (title, None)
