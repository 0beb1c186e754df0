"""What holds for a whole export: read once over all of it, before the first message is made of it."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from veilleur_bridge.errors import LogError
from veilleur_bridge.sources.log_format import DateOrder, LogContext
from veilleur_bridge.sources.whatsapp_export import clock_words
from veilleur_bridge.sources.whatsapp_export.dates import DateEvidence, read_date
from veilleur_bridge.sources.whatsapp_export.heads import Head, read_head, split_sender

_TWO_PEOPLE: Final = 2
_LONGEST_SENDER: Final = 100
# How the file is called in the languages of WhatsApp: the words before the name, and after it.
_FILE_NAME: Final = re.compile(
    r"(?:WhatsApp[ -]?chat(?:[ -]with|[ -]mit|[ -]met|[ -]med)?|Chat (?:de |do )?WhatsApp(?: (?:con|com|amb))?"
    r"|(?:Discussion|Conversation) WhatsApp avec|Conversa do WhatsApp com|WhatsApp-chatt med|Czat WhatsApp z"
    r"|Чат WhatsApp с(?: контактом)?)(?: -)? (?P<title>.+)",
    re.IGNORECASE,
)
_COPY: Final = re.compile(r"\s*\(\d+\)$")
_SUFFIXES: Final = (".gz", ".zst", ".txt", ".zip")


class Survey:
    """Takes every line of an export, and then says how the file is to be read."""

    def __init__(self, context: LogContext, today: date) -> None:
        self._context = context
        self._hints = context.hints
        self._evidence = DateEvidence(today)
        self._senders: set[str] = set()
        self.is_bracketed: bool | None = None
        self.line_count = 0

    def take(self, line: str) -> None:
        """Look at one line."""
        self.line_count += 1
        head = read_head(line)
        if head is None or (self.is_bracketed is not None and head.is_bracketed != self.is_bracketed):
            return
        self.is_bracketed = head.is_bracketed
        is_foreign = clock_words.is_half_of_the_day(head.words) and not head.words.strip(" \u202f\xa0").isupper()
        self._evidence.add(head.date, head.sign, is_foreign_clock=is_foreign)
        sender, _ = split_sender(head.rest)
        if sender and len(self._senders) <= _TWO_PEOPLE and len(sender) <= _LONGEST_SENDER:
            self._senders.add(sender.strip("\u200e\u202a\u202c~\u202f\xa0 "))

    def date_order(self) -> DateOrder:
        """Return the order that was asked for, else the one that the dates tell; raises LogError where none does."""
        if self._hints.date_order is not None:
            return self._hints.date_order
        orders = self._evidence.orders()
        if len(orders) == 1:
            return orders[0]
        name, numbers = self._context.name, self._evidence.first
        if numbers is None:
            raise LogError(f"{name}: no date in it can be read in any order of day, month and year.")
        written = "/".join(map(str, numbers))
        readings = " or ".join(f"{read_date(numbers, order)} (--date-order {order})" for order in orders)
        raise LogError(f"{name}: its dates can be read in several ways: {written} is {readings}. Say which.")

    def title(self) -> str | None:
        """Return the conversation's title: the one that was asked for, else the one in the file's name."""
        if self._hints.conversation:
            return self._hints.conversation
        name = self._context.name
        for suffix in (*_SUFFIXES, *_SUFFIXES):
            name = name.removesuffix(suffix)
        match = _FILE_NAME.fullmatch(_COPY.sub("", name))
        return match["title"].strip() if match else None

    def is_group(self) -> bool:
        """Return whether more than two people wrote, or two of whom neither gives the conversation its name."""
        title = self.title()
        is_named_apart = len(self._senders) == _TWO_PEOPLE and title is not None and title not in self._senders
        return len(self._senders) > _TWO_PEOPLE or is_named_apart


def is_head_of(head: Head | None, *, is_bracketed: bool | None) -> bool:
    """Whether a head is of the file's own style: one of the other style was pasted into a message."""
    return head is not None and head.is_bracketed == is_bracketed
