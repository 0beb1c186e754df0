"""A message keeps its identity however often its app shows it again; another's is never taken for it."""

from __future__ import annotations

from tests.daemon.parsers.parser_parts import POSTED_AT_MS, Fields, only_draft
from veilleur.model.identity import Identity
from veilleur.parsers.registry import ParserRegistry

TELEGRAM = "org.telegram.messenger"
LINE = "jp.naver.line.android"
THREAD: Fields = {
    "title": "Nadia B.",
    "channel": "0channel_private_-81",
    "shortcut_id": "ndid_7",
    "messages": [{"sender": "Nadia B.", "text": "ok", "at_ms": POSTED_AT_MS}],
}


def shown_by_line(message_id: str, **fields: object) -> Fields:
    extras = {"line.chat.id": "u0000000000000000000000000000000d", "line.message.id": message_id}
    return {"title": "Nadia B.", "text": "ok", "when_ms": POSTED_AT_MS, "extras": extras, **fields}


def identity_of(registry: ParserRegistry, package: str, fields: Fields) -> Identity:
    return only_draft(registry, package, fields).identity


def test_the_same_conversation_of_two_accounts_is_two(registry: ParserRegistry) -> None:
    second = {**THREAD, "channel": "1channel_private_-81"}
    assert identity_of(registry, TELEGRAM, THREAD) != identity_of(registry, TELEGRAM, second)


def test_a_telegram_message_posted_again_later_is_one(registry: ParserRegistry) -> None:
    later = {**THREAD, "posted_at_ms": POSTED_AT_MS + 9_000, "title": "Nadia B. (2)"}
    assert identity_of(registry, TELEGRAM, THREAD) == identity_of(registry, TELEGRAM, later)


def test_a_line_message_posted_again_later_is_one(registry: ParserRegistry) -> None:
    later = shown_by_line("1", posted_at_ms=POSTED_AT_MS + 9_000)
    assert identity_of(registry, LINE, shown_by_line("1")) == identity_of(registry, LINE, later)


def test_equal_words_under_two_keys_of_line_are_two_messages(registry: ParserRegistry) -> None:
    assert identity_of(registry, LINE, shown_by_line("1")) != identity_of(registry, LINE, shown_by_line("2"))
