"""WhatsApp as it is read in earnest: whatever several chats show, whatever arrives when, each message is there once."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bridge.envelopes import payload_of
from tests.daemon.ingest.whatsapp_app import (
    OWN,
    RECEIVED_AT,
    SHOWN,
    Chat,
    Told,
    Written,
    shows,
    summary,
    told,
    whatsapp_line,
)
from veilleur.store.database import Database
from veilleur_bridge.delivery import Delivery

WORDS = ("ok", "cold again", "the soup: cold", "on my way: 5 min", "5 min", "\u200fمرحبا 🌿", "(no)")
SENDERS = ("Ayo", "Bram: chef", "كريم 🍉", OWN)
DEVICES = count(1)
Step = tuple[int, str, int]
STEPS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(
            ["say", "say", "say twice", "say at once", "say aside", "edit", "delete", "clear", "restart", "post again"]
        ),
        st.integers(0, 99),
    ),
    max_size=25,
)


@dataclass
class Tablet:
    """One device: two chats with one person each, two groups, the summary over them, and every envelope they gave."""

    device: str
    chats: list[Chat] = field(
        default_factory=lambda: [
            Chat("Nadia", "33639980017@s.whatsapp.net"),
            Chat("+33 6 39 98 00 18", "33639980018@s.whatsapp.net"),
            Chat("Table (7) night", "120363000000000001@g.us"),
            Chat("Clients 🍽️", "120363000000000002@g.us"),
        ]
    )
    sent: list[dict[str, Any]] = field(default_factory=list)
    seconds: int = 0
    epoch: int = 1
    is_summed_up: bool = False

    def step(self, which: int, action: str, number: int) -> None:
        """Let one thing happen to one chat, and post what WhatsApp then shows."""
        chat = self.chats[which]
        match action:
            case "say" | "say twice":
                for _ in range(2 if action == "say twice" else 1):
                    self._say(chat, number)
            case "say at once" if len(chat.unread) + 1 < SHOWN:
                self._say(chat, number)
                self._say(chat, number, "of the same second", takes_seconds=0)
            case "say aside" if len(chat.unread) < SHOWN:
                # Shown by the summary alone: words that no child ever says.
                self._say(chat, number, f"aside {self.seconds}", is_aside=True)
            case "edit" if chat.shown:
                self._edit(chat.shown[number % len(chat.shown)], number)
            case "delete" if chat.shown:
                self._delete(chat, chat.shown[number % len(chat.shown)])
            case "clear":
                chat.unread.clear()
            case "restart":
                self.epoch += 1
            case _:
                pass  # posted again as it was
        self._post(chat)

    def _say(
        self, chat: Chat, number: int, words: str | None = None, *, takes_seconds: int = 1, is_aside: bool = False
    ) -> None:
        self.seconds += takes_seconds
        sender = SENDERS[number % len(SENDERS)] if chat.is_group else chat.name
        # A name with a colon in a line of a summary cannot be told from words with one: no mention is made of it.
        sender = "Ayo" if is_aside and ":" in sender else sender
        text = words or WORDS[number % len(WORDS)]
        one = Written(sender, [text], 1_000 * self.seconds, is_shown_by_child=not is_aside or sender == OWN)
        chat.written.append(one)
        chat.unread.append(one)

    def _edit(self, written: Written, number: int) -> None:
        if not written.is_deleted:
            written.texts.append(f"{WORDS[number % len(WORDS)]}, rather {len(self.sent)}")

    def _delete(self, chat: Chat, written: Written) -> None:
        """Delete a message, and those of its second: a record names what it deletes by sender and second."""
        for one in chat.written:
            one.is_deleted |= (one.sender, one.at_ms) == (written.sender, written.at_ms)

    def _post(self, chat: Chat) -> None:
        child = chat.child()
        if child["messages"]:
            self._send(**child)
        if any(one.sender != OWN for each in self.chats for one in each.unread):
            self._send(event="updated" if self.is_summed_up else "posted", **summary(self.chats))
            self.is_summed_up = True
        else:
            self.is_summed_up = False

    def _send(self, **words: Any) -> None:
        self.sent.append(shows(len(self.sent) + 1, device=self.device, epoch=f"e{self.epoch}", **words))

    def expected(self) -> Told:
        """Return what others wrote."""
        every = (one for chat in self.chats for one in chat.written if one.sender != OWN)
        return Counter((one.sender, one.texts[-1], one.is_deleted, len(one.texts) > 1) for one in every)


def deliver(database: Database, envelopes: list[dict[str, Any]], sizes: random.Random | None = None) -> None:
    line, start = whatsapp_line(database), 0
    while start < len(envelopes):
        end = start + (sizes.randint(1, 30) if sizes else len(envelopes))
        line.take_in([Delivery(payload_of(one), RECEIVED_AT, "test", one["device"]) for one in envelopes[start:end]])
        start = end


def prove(database: Database, steps: list[Step], chance: random.Random) -> None:
    """Deliver what a tablet sent in order, in pieces, and again shuffled, doubled and reversed for another tablet."""
    number = next(DEVICES)
    calm, wild, back = (Tablet(f"{name}-{number}") for name in ("calm", "wild", "back"))
    for tablet in (calm, wild, back):
        for which, action, choice in steps:
            tablet.step(which, action, choice)
    deliver(database, calm.sent, chance)
    assert told(database, calm.device) == calm.expected()
    shuffled = wild.sent * 2
    chance.shuffle(shuffled)
    deliver(database, shuffled, chance)
    assert told(database, wild.device) == wild.expected()
    deliver(database, back.sent[::-1], chance)
    assert told(database, back.device) == back.expected()


@given(STEPS, st.integers(0, 999))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_interleaving_of_chats_summaries_deletions_and_restarts_yields_what_was_written(
    database: Database, steps: list[Step], seed: int
) -> None:
    """Left out is what nobody can decide: words that only a summary showed, and a child said at another time."""
    prove(database, steps, random.Random(seed))


@pytest.mark.soak
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("_part", range(30))
@given(STEPS, st.integers(0, 99_999))
@settings(max_examples=100, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_thousands_of_interleavings_yield_what_was_written(
    database: Database, _part: int, steps: list[Step], seed: int
) -> None:
    prove(database, steps, random.Random(seed))
