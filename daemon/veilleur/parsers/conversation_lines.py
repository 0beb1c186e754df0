"""Messages that a messenger shows without their times: the lines of an inbox, and a text that grows.

A group's summary repeats what its children say (DESIGN §4). With one chat alone its title names the chat, and a group's
lines begin with who wrote; with several it names the app, and a line is `Sender: words`, of a group `Sender @ Group:
words` or `Group: Sender: words`.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from functools import lru_cache
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from veilleur.model.identity import UndatedSlot
from veilleur.model.outcome import Draft, Ignored, Outcome, Parsed, UndatedLine, UndatedThread
from veilleur.parsers.conversation_message import SELF_ECHO, message_draft, read_content
from veilleur.parsers.conversation_people import make_actor
from veilleur.parsers.conversation_record import ChatRecord, Shown, Thread, make_thread
from veilleur.parsers.conversation_title import named_title, read_title
from veilleur.parsers.plaintext import clean_name
from veilleur.parsers.wordings import Wordings
from veilleur_bridge.envelope import Notification

_COLON: Final = re.compile(": |：")
_SEPARATORS: Final = re.compile(": |：| @ ")
_IN_GROUP: Final = " @ "
_ELLIPSES: Final = ("…", "...")
_LONGEST_LINE: Final = 1_024  # newer Androids cut every text there, and a line has a name before its words
_REDACTED: Final = re.compile(r"\[(?:otp|card|iban)\]")
_LINES: Final = "notification.text_lines"
_CERTAIN: Final = 0.8
_REMEMBERED_SUMMARIES: Final = 8
_REMEMBERED_LINES: Final = 512


class _Message(Struct, frozen=True):
    """One line taken apart."""

    words: str
    sender: str
    thread: Thread


def growing_text(draft: Draft, conversation_key: str, sender: str | None, words: str) -> Parsed:
    """Return a conversation's one text, to which the app adds; `threads` finds what of it is new."""
    slot = UndatedSlot(conversation_key, sender or "", words)
    line = UndatedLine(slot, replace(draft, identity=slot, occurred_at_ms=None))
    return Parsed((), undated=UndatedThread(conversation_key, (line,), grows=True))


def read_inbox(shown: Shown) -> Outcome:
    """Read a conversation that shows lines where others show a thread: of a group each begins with who wrote."""
    notification, is_group = shown.notification, bool(shown.record.is_group)
    title = read_title(notification, shown.wordings, shown.envelope.locale, is_group=is_group)
    thread = make_thread(shown.record, title.conversation, is_group=is_group)
    lines: list[UndatedLine] = []
    for line in notification.text_lines or ():
        message = _of_chat(line, title.conversation, thread)
        slot = UndatedSlot(thread.key, message.sender if message else "", message.words if message else line)
        lines.append(_undated(slot, line, message, shown))
    if not any(line.draft is not None or line.is_deleted for line in lines):
        return Ignored(SELF_ECHO)
    return Parsed((), undated=UndatedThread(thread.key, tuple(lines)))


def summary_candidates(shown: Shown) -> UndatedThread | None:
    """Return what a group's summary repeats of its children, None where it shows no words of theirs.

    A line that cannot be compared with what a child says (cut, redacted) makes no mention, nor one that names nobody or
    may be cut at more than one colon: names hold some, and words do.
    """
    notification, envelope = shown.notification, shown.envelope
    group, is_cut = notification.group, _LINES in (envelope.truncated or ())
    texts = () if group is None or is_cut else notification.text_lines or _lone_text(shown)
    if group is None or not texts:
        return None
    title = named_title(shown)
    if title is not None:
        return UndatedThread(group, tuple(_candidate(group, title, text, shown) for text in texts))
    known = _known_lines(group, shown.app.name, shown.record, shown.wordings, envelope.locale, notification.self_name)
    if len(known) > _REMEMBERED_LINES:
        known.clear()
    known |= {text: _candidate(group, None, text, shown) for text in texts if text not in known}
    return UndatedThread(group, tuple(known[text] for text in texts))


@lru_cache(_REMEMBERED_SUMMARIES)
def _known_lines(*_all_that_decides: Hashable) -> dict[str, UndatedLine]:
    """Return the lines read before in summaries over several chats: each shows the last ones again."""
    return {}


def _candidate(group: str, title: str | None, text: str, shown: Shown) -> UndatedLine:
    message = _lone_chats(text, title, shown) if title else _one_of_several(text, shown)
    is_whole = not text.endswith(_ELLIPSES) and len(text) < _LONGEST_LINE and not _REDACTED.search(text)
    return _undated(UndatedSlot(group, "", _known_by(title, text)), text, message if is_whole else None, shown)


def _lone_text(shown: Shown) -> tuple[str, ...]:
    """Return the text of a summary over one message; over more it is a count, in whatever language."""
    notification = shown.notification
    text = notification.text
    is_one = notification.number == 1 or not any(map(str.isdigit, text or ""))
    return (text,) if text and is_one and named_title(shown) else ()


def _lone_chats(text: str, title: str, shown: Shown) -> _Message | None:
    """Take apart a line of the only chat; without its address it may be anybody's, a group as well."""
    record, notification = shown.record, shown.notification
    if not record.is_group:
        is_sure = record.is_group is not None or not _COLON.search(f"{title}\n{text}")
        return _Message(text, title, make_thread(record, title, is_group=False)) if is_sure else None
    if notification.text_lines:
        message = _of_chat(text, title, make_thread(record, title, is_group=True))
        return None if message is None or _COLON.search(message.words) else message
    named = read_title(notification, shown.wordings, shown.envelope.locale, is_group=True)
    # Names of groups hold colons too: the ticker says who wrote.
    if named.sender is None or named.sender not in (notification.ticker or ""):
        return None
    return _Message(text, named.sender, make_thread(record, named.conversation, is_group=True))


def _of_chat(line: str, title: str | None, thread: Thread) -> _Message | None:
    if not thread.conversation.is_group:
        return _Message(line, title, thread) if title else None
    sender, words = _cut(line)
    return _Message(words, sender, thread) if sender and words else None


def _one_of_several(line: str, shown: Shown) -> _Message | None:
    head, words = _cut(line)
    if not head or not words or _COLON.search(words):
        return None
    sender, _, group = head.partition(_IN_GROUP)
    if sender and group:
        return _Message(words, sender, _thread_named(group, shown.record, is_group=True))
    return _Message(words, head, _thread_named(head, shown.record, is_group=False))


def _thread_named(title: str, record: ChatRecord, *, is_group: bool) -> Thread:
    """Return a conversation of which a line of several names the title alone: the record's address is the newest's."""
    return make_thread(replace(record, address=None, phone=None), clean_name(title), is_group=is_group)


def _cut(line: str) -> tuple[str, str]:
    head, *rest = _COLON.split(line, maxsplit=1)
    return (head, rest[0]) if rest else ("", line)


def _is_own(sender: str, wordings: Wordings, notification: Notification) -> bool:
    name = clean_name(sender)
    return wordings.is_own_name(name) or name == clean_name(notification.self_name or "")


def _known_by(title: str | None, line: str) -> str:
    """Return by what a line is known again, wherever the app puts the chat's name: its parts in one fixed order."""
    return "\n".join(sorted(_parts(line) if title is None else [*_parts(title), *_parts(line)]))


def _parts(text: str) -> Iterator[str]:
    return (" ".join(clean_name(part).split()) for part in _SEPARATORS.split(text))


def _undated(slot: UndatedSlot, line: str, message: _Message | None, shown: Shown) -> UndatedLine:
    if message is None or _is_own(message.sender, shown.wordings, shown.notification):
        return UndatedLine(slot, line=line)
    content = read_content(message.words, None, clean_name(message.sender), shown)
    if content.is_deletion or content.dropped is not None:
        return UndatedLine(slot, is_deleted=content.is_deletion, line=line)
    actor = make_actor(message.sender, message.thread.phone)
    certainty = min(content.certainty, _CERTAIN)
    draft = message_draft(shown, message.thread, content, identity=slot, actor=actor, certainty=certainty)
    return UndatedLine(slot, draft, line=line)
