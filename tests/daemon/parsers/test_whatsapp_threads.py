"""A thread is posted again and again, whole or in part, in any order: each message is one mention, once."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.daemon.parsers.parser_parts import POSTED_AT_MS, WHATSAPP, envelope_of
from veilleur.model.identity import MentionId, MessageSlot, Owner, mention_id
from veilleur.model.outcome import Parsed
from veilleur.parsers.registry import builtin_parsers

REGISTRY = builtin_parsers()
OWNER = Owner("salle-1", 0, WHATSAPP)
GROUP = "120363000000000001@g.us"
Json = dict[str, Any]
WORDS = st.sampled_from(["ok", "cold again", "📷 Photo", "ok "])
CONVERSATIONS = st.lists(st.tuples(st.sampled_from(["Ayo", "Bram", "You"]), WORDS), min_size=1, max_size=12)


def message(second: int, sender: str, text: str) -> Json:
    return {"sender": sender, "text": text, "at_ms": POSTED_AT_MS + second * 1000}


def read(messages: list[Json], **fields: object) -> Parsed:
    shown = {"shortcut_id": GROUP, "self_name": "You", "is_group_conversation": True, "title": "Clients", **fields}
    outcome = REGISTRY.read(envelope_of(WHATSAPP, {**shown, "messages": messages})).outcome
    return outcome if isinstance(outcome, Parsed) else Parsed(())


def ids_of(parsed: Parsed) -> set[MentionId]:
    return {mention_id(OWNER, draft.identity) for draft in parsed.mentions}


@given(CONVERSATIONS, st.data())
def test_any_windows_in_any_order_give_each_message_once(said: list[tuple[str, str]], data: st.DataObject) -> None:
    messages = [message(second, sender, text) for second, (sender, text) in enumerate(said)]
    ends = data.draw(st.permutations(range(1, len(messages) + 1)))
    windows = [messages[max(0, end - data.draw(st.integers(1, 7))) : end] for end in ends]
    seen = [ids_of(read(window, posted_at_ms=POSTED_AT_MS + number)) for number, window in enumerate(windows)]
    others = [one for one in messages if one["sender"] != "You"]
    assert set().union(*seen) == ids_of(read(messages))
    assert len(set().union(*seen)) == len(others)


@given(st.integers(1, 5))
def test_equal_messages_of_one_second_are_counted_within_a_snapshot(times: int) -> None:
    assert len(ids_of(read([message(1, "Ayo", "ok")] * times))) == times


def test_a_deletion_names_the_slot_of_the_message_that_it_replaces() -> None:
    (draft,) = read([message(1, "Ayo", "never mind")]).mentions
    (amendment,) = read([message(1, "Ayo", "Ce message a été supprimé")], title="Clients (2 messages)").amendments
    place = draft.identity
    assert isinstance(place, MessageSlot)
    assert (amendment.conversation_key, amendment.sender, amendment.at_ms) == (
        place.conversation_key,
        place.sender,
        place.at_ms,
    )


def test_the_time_of_posting_is_no_part_of_a_message() -> None:
    shown = [message(1, "Ayo", "ok")]
    first, again = (ids_of(read(shown, posted_at_ms=POSTED_AT_MS + later, key=f"k{later}")) for later in (0, 9))
    assert first == again
