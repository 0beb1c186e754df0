"""Holds the parsers against a folder of evidence that is not ours to ship: what each row says, and what is read.

`observed.jsonl` holds notifications that somebody saw, `wording.jsonl` sentences out of the apps' own resources, filled
here as they would be shown, `channels.jsonl` what channels and categories imply. Rows of the apps that `_APPS` names
are read, in every language.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from tests.daemon.parsers.parser_parts import WHATSAPP, envelope_of
from veilleur.model.kinds import MentionKind
from veilleur.model.outcome import Ignored, Outcome, Parsed, UndatedThread
from veilleur.parsers.registry import ParserRegistry
from veilleur.threads.windows import words_at
from veilleur_bridge.envelope import Envelope

Row = dict[str, Any]
_APPS = {
    *("TikTok", "WhatsApp", "X", "YouTube", "Xiaohongshu", "any (Android 15)"),
    *("Instagram", "LINE", "Messenger", "Telegram", "Snapchat", "Signal (quirk sample)"),
}
# Messages whose words or title the row does not hold: they come under their sender's name, in a record of messages.
_CHATS = {"Telegram", "Signal (quirk sample)"}
_CHAT_KINDS = {"direct_message", "group_message"}
_IGNORED = {"summary", "collapsed_count", "system_noise", "self_echo", "typing", "limitation", "call_ongoing"}
_IGNORED_ENDINGS = ("_noise", "_notice", "_fragment", "_duplicate", "_by_system")
_SAME_AS = {
    "repost": "share",
    "follow_approved": "follow",
    "live_event": "live",
    "contact_joined": "friend_suggestion",
    "media_placeholder": "direct_message",
    "placeholder_pending": "ignored",
    "redacted_message": "ignored",
    "sms": "ignored",
    "view_count": "milestone",
    "message_deleted_or_silent_update": "ignored",
}
_FIELDS = {
    "channel": "channel",
    "tag": "tag",
    "key": "key",
    "category": "category",
    "shortcutId": "shortcut_id",
    "groupKey": "group",
    "tickerText": "ticker",
    "android.isGroupConversation": "is_group_conversation",
    "android.conversationTitle": "conversation_title",
    "android.selfDisplayName": "self_name",
    "android.template": "template",
}
_IN_THREADS = {"media_placeholder", "reaction", "mention"}
_NAME = "Lou Marchand"
# Parts of a longer line, or counts: nobody's name stands before these, whatever the row says of the others.
_NAMELESS = {"aggregation_fragment", "collapsed_count", "message_request"}
# What the app's own list of events shows behind a sentence, and a notification does not: its age and its buttons.
_IN_APP = re.compile(r" (?:suite |more )?\d+ ?(?:j|sem|d|w|h)\b.*$")
_FEED = "activity feed"
_CHANNELLED = {"Instagram", "Messenger"}
_CATEGORY_EXTRA = "com.instagram.android.igns.logging.push_category"
# A Snap is a photo or a video: the words do not say which.
_UNSAID = {("media", "snap")}
_SLOT = re.compile(r"%(?:\d\$)?[sd]|%\d+d")


def folder_of_evidence(environment: Mapping[str, str]) -> Path:
    """Return the folder that `VEILLEUR_CORPUS` names; raises FileNotFoundError, for without it nothing is asked."""
    named = environment.get("VEILLEUR_CORPUS")
    if not named or not (Path(named) / "observed.jsonl").is_file():
        raise FileNotFoundError(
            f"No evidence to read: {named or 'VEILLEUR_CORPUS'} is no folder that holds observed.jsonl. "
            "Name its folder of logs: make corpus CORPUS=FOLDER/real"
        )
    return Path(named)


def differences(folder: Path, registry: ParserRegistry) -> Iterator[str]:
    """Yield a line for each row that is read otherwise than it says."""
    yield from _observed(folder / "observed.jsonl", registry)
    yield from _wordings(folder / "wording.jsonl", registry)
    yield from _channels(folder / "channels.jsonl", registry)


def _channels(path: Path, registry: ParserRegistry) -> Iterator[str]:
    """Try words that nobody knows in each channel of the apps whose channels are data."""
    for number, row in _rows(path):
        if row["app"] not in _CHANNELLED:
            continue
        category = row.get("push_category")
        extras = {_CATEGORY_EXTRA: category} if category else None
        for channel in row["channel"].replace("*", "").split("|"):
            shown = {"title": _NAME, "text": "qwertz", "channel": channel, "extras": extras}
            outcome = registry.read(envelope_of(row["package"], shown)).outcome
            wrong = _differences({"kind": row["kind"]}, outcome)
            if wrong:
                yield f"channels {number}: {channel} {category}: {'; '.join(wrong)}"


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        row: Row = json.loads(line)
        if row["app"] in _APPS:
            yield number, row


def _observed(path: Path, registry: ParserRegistry) -> Iterator[str]:
    for number, row in _rows(path):
        outcome = registry.read(_observed_envelope(row)).outcome
        wrong = _differences(row["expected"], outcome)
        if wrong:
            yield f"observed {number}: {row['title']!r} / {row['text']!r}: {'; '.join(wrong)}"


def _observed_envelope(row: Row) -> Envelope:
    extras = row["extras"]
    fields = {ours: extras[theirs] for theirs, ours in _FIELDS.items() if theirs in extras}
    messages = extras.get("android.messages")
    if isinstance(messages, list):
        fields["messages"] = [{"sender": one["sender"], "text": one["text"], "at_ms": one["time"]} for one in messages]
    package = row["package"] if row["package"] != "any" else WHATSAPP
    text = row["text"] and re.sub(r"\bN\b", "3", row["text"])
    if text and extras.get("surface") == _FEED:
        text = _IN_APP.sub("", text)
    title = row["title"]
    if row["app"] in _CHATS and row["expected"]["kind"] in _CHAT_KINDS:
        title, fields["category"] = title or _NAME, "msg"
    scalars = {name: value for name, value in extras.items() if isinstance(value, str)}
    shown = {"title": title, "text": text, "when_ms": extras.get("when"), "extras": scalars or None, **fields}
    return envelope_of(package, shown, locale=row["locale"])


def _wordings(path: Path, registry: ParserRegistry) -> Iterator[str]:
    for number, row in _rows(path):
        text = _filled(row)
        title = _NAME if row["app"] == "WhatsApp" and (row["kind"] in _IN_THREADS or "media" in row) else None
        envelope = envelope_of(row["package"], {"title": title, "text": text}, locale=row["locale"])
        outcome = registry.read(envelope).outcome
        wrong = _differences({"kind": row["kind"]}, outcome)
        if wrong:
            yield f"wording {number}: {text!r}: {'; '.join(wrong)}"


def _filled(row: Row) -> str:
    """Return a wording as it would be shown: numbers and names in its slots, the name before it, words after it."""
    is_counted = "count" in row or row["kind"] in _IGNORED
    fillings = ["5", "2", "2"] if is_counted else ["Sam", "Sam", "Sam"]
    text = row["wording"].replace("(%s)", "(0:07)")
    for slot, filling in zip(_SLOT.findall(text), fillings, strict=False):
        text = text.replace(slot, "5" if slot.endswith("d") else filling, 1)
    said = " well done" if row.get("body") == "after the colon" else ""
    name = f"{_NAME} " if _is_named(row) else ""
    return f"{name}{text}{said}"


def _is_named(row: Row) -> bool:
    is_before = row.get("name") == "before the wording" and row["kind"] not in _NAMELESS
    return is_before and not row["wording"].startswith("%")


def _differences(expected: Row, outcome: Outcome) -> list[str]:
    kind: str = expected["kind"]
    kind = _SAME_AS.get(kind, kind)
    if kind in _IGNORED or kind.endswith(_IGNORED_ENDINGS) or kind == "ignored":
        return [] if isinstance(outcome, Ignored) else [f"expected to be ignored, is {outcome}"]
    if kind == "message_deleted":
        is_marked = isinstance(outcome, Ignored) or (isinstance(outcome, Parsed) and bool(outcome.amendments))
        return [] if is_marked else [f"expected a deletion, is {outcome}"]
    if isinstance(outcome, Parsed) and outcome.undated is not None:
        outcome = _newest_of(outcome.undated)
    if not isinstance(outcome, Parsed) or not outcome.mentions:
        return [f"expected {kind}, is {outcome}"]
    return list(_field_differences(expected, kind if kind in set(MentionKind) else "other", outcome))


def _newest_of(thread: UndatedThread) -> Parsed:
    """Return what a text that grew by one word is: all but that word was shown before."""
    line = thread.lines[-1]
    newest = words_at(thread, len(line.slot.words.split()) - 1)
    return Parsed((replace(line.draft, body=newest),) if line.draft else ())


def _field_differences(expected: Row, kind: str, outcome: Parsed) -> Iterator[str]:
    draft = outcome.mentions[0]
    people = draft.actor.others_count + 1 if draft.actor and draft.actor.others_count else None
    read = {
        "kind": draft.kind,
        "actor": draft.actor.name if draft.actor else None,
        "body": draft.body,
        "group": draft.conversation.title if draft.conversation else None,
        "media": draft.media.kind if draft.media else None,
        "time_ms": draft.occurred_at_ms,
        "count": people or draft.count or 1,
    }
    for name, said in ({**expected, "kind": kind}).items():
        is_known = not str(said).startswith("<") and said not in ("N", "Y") and (name, said) not in _UNSAID
        value = sum(map(int, said.split("+"))) if is_known and name == "count" and isinstance(said, str) else said
        if name in read and is_known and read[name] != value:
            yield f"{name} is {read[name]!r}, expected {value!r}"
