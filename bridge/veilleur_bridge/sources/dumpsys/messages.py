"""The bundles of a MessagingStyle notification, as `Bundle.toString` prints them, into messages.

An ArrayMap prints its keys in the order of their hashes, which is the same on every device: `extras`, `sender_person`,
`sender`, `uri`, `text`, `time`, `type` (AOSP Notification.MessagingStyle.Message.toBundle). Nothing is escaped, so the
words are what lies between what must come before them and what must come after.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from veilleur_bridge.envelope import Message

_OPENING: Final = "Bundle[{"
_CLOSING: Final = "}]"
_AFTER_EXTRAS: Final = re.compile(r"(?:\]|null), (?=(?:sender_person|sender|uri|text)=)")
_AFTER_PERSON: Final = re.compile(r", (?=(?:sender|uri|text)=)")
_TIME: Final = ", time="
_END: Final = re.compile(r"(?P<at_ms>-?\d{1,19})(?:, type=(?P<mime>[^\s,]+))?(?:, remote_input_history=.*)?", re.DOTALL)


def read_messages(items: Iterable[str]) -> tuple[tuple[Message, ...], bool]:
    """Return the messages that can be read, in the dump's order, and whether any could not."""
    read = [_read_message(item.rstrip()) for item in items]
    messages = tuple(message for message in read if message)
    return messages, len(messages) < len(read)


def _read_message(item: str) -> Message | None:
    if not (item.startswith(_OPENING) and item.endswith(_CLOSING)):
        return None
    # The first key has no comma before it: one is lent to it, so that every key looks alike.
    body, _, tail = f", {item[len(_OPENING) : -len(_CLOSING)]}".rpartition(_TIME)
    end = _END.fullmatch(tail)
    if not end:
        return None
    sender, text = _sender_and_text(_from_sender_on(body.removeprefix(", ")))
    return Message(at_ms=int(end["at_ms"]), sender=sender, text=text, mime=end["mime"])


def _from_sender_on(body: str) -> str:
    for key, following in (("extras=", _AFTER_EXTRAS), ("sender_person=", _AFTER_PERSON)):
        if body.startswith(key):
            end = following.search(body)
            body = body[end.end() :] if end else ""
    return body


def _sender_and_text(body: str) -> tuple[str | None, str | None]:
    before, has_text, text = f", {body}".partition(", text=")
    sender = before.partition(", uri=")[0].removeprefix(", ").removeprefix("sender=")
    return None if sender in ("", "null") else sender, text if has_text else None
