"""Ids: the same raw fields give the same id for ever, other fields never do, and ids sort nearly by time."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veilleur.model.identity import (
    Identity,
    MessageSlot,
    NotificationPart,
    Owner,
    UndatedSlot,
    fold_id,
    mention_id,
    slot_id,
)

OWNER = Owner("salle-1", 0, "com.whatsapp")
AT_MS = 1_794_312_000_000
MESSAGE = MessageSlot("chat", "Nadia", AT_MS, "L'été fut froid 🙂")
PART = NotificationPart("0|app|1|null|10100", AT_MS, "Nadia liked your video")


def test_ids_are_frozen() -> None:
    """A changed id would make every stored mention a stranger to its own raw log."""
    assert mention_id(OWNER, MESSAGE) == "01a1c55452003acfdb0521cee0212eac"
    assert mention_id(OWNER, PART) == "01a1c5545200f2f3433e889b8d394cf9"
    assert mention_id(OWNER, MessageSlot("c\x1fd\\", "", AT_MS, "\0", 3)) == "01a1c5545200fb766295f9564bfd4263"
    assert mention_id(OWNER, UndatedSlot("chat", "Nadia", "ok", AT_MS, 2)) == "01a1c554520097e349cd1a8dffb16f02"
    assert slot_id(OWNER, "chat", "Nadia", AT_MS) == "3d8f364a468fe952454b"
    assert fold_id(OWNER, "0|app|1|null|10100", AT_MS) == "7c56ab086be4f5cfb307"


@pytest.mark.parametrize(
    "other",
    [
        mention_id(Owner("salle-2", 0, "com.whatsapp"), MESSAGE),
        mention_id(Owner("salle-1", 10, "com.whatsapp"), MESSAGE),
        mention_id(Owner("salle-1", 0, "com.whatsapp.w4b"), MESSAGE),
        mention_id(OWNER, MessageSlot("other", "Nadia", AT_MS, MESSAGE.words)),
        mention_id(OWNER, MessageSlot("chat", "Léa", AT_MS, MESSAGE.words)),
        mention_id(OWNER, MessageSlot("chat", "Nadia", AT_MS + 1, MESSAGE.words)),
        mention_id(OWNER, MessageSlot("chat", "Nadia", AT_MS, MESSAGE.words + " ")),
        mention_id(OWNER, MessageSlot("chat", "Nadia", AT_MS, MESSAGE.words, 1)),
        mention_id(OWNER, NotificationPart("chat", AT_MS, MESSAGE.words)),
    ],
)
def test_every_raw_field_counts(other: str) -> None:
    assert other != mention_id(OWNER, MESSAGE)


def test_every_field_of_a_wording_counts() -> None:
    others = [
        NotificationPart("key", AT_MS, PART.words),
        NotificationPart(PART.key, AT_MS + 1, PART.words),
        NotificationPart(PART.key, AT_MS, "other"),
        NotificationPart(PART.key, AT_MS, PART.words, 1),
    ]
    assert len({mention_id(OWNER, one) for one in (PART, *others)}) == 5


def test_every_field_of_an_undated_message_counts() -> None:
    slots: list[Identity] = [
        MessageSlot("chat", "Nadia", AT_MS, "ok"),
        UndatedSlot("chat", "Nadia", "ok", AT_MS),
        UndatedSlot("other", "Nadia", "ok", AT_MS),
        UndatedSlot("chat", "Léa", "ok", AT_MS),
        UndatedSlot("chat", "Nadia", "oh", AT_MS),
        UndatedSlot("chat", "Nadia", "ok", AT_MS + 1),
        UndatedSlot("chat", "Nadia", "ok", AT_MS, 1),
    ]
    assert len({mention_id(OWNER, one) for one in slots}) == 7


def test_a_slot_is_the_same_whatever_the_words_and_a_fold_is_no_slot() -> None:
    slots = {slot_id(OWNER, "chat", sender, AT_MS + later) for sender in ("Nadia", "Léa") for later in (0, 1)}
    assert len(slots) == 4
    assert fold_id(OWNER, "chat", AT_MS) not in {
        *slots,
        fold_id(OWNER, "chat", AT_MS + 1),
        slot_id(OWNER, "chat", "", 0),
    }


TRICKY = st.text(st.sampled_from("a\x1f\\u0\0"), max_size=4)
FIELDS = st.tuples(TRICKY, TRICKY, TRICKY, TRICKY, TRICKY)


def message(fields: tuple[str, ...]) -> str:
    return mention_id(Owner(fields[0], 0, fields[1]), MessageSlot(fields[2], fields[3], 0, fields[4]))


def part(fields: tuple[str, ...]) -> str:
    return mention_id(Owner(fields[0], 0, fields[1]), NotificationPart(fields[2] + fields[3], 0, fields[4]))


@given(FIELDS, FIELDS)
def test_no_field_can_imitate_two(first: tuple[str, ...], second: tuple[str, ...]) -> None:
    assert (message(first) == message(second)) is (first == second)
    assert message(first) != part(second)


def test_separators_and_escapes_moved_between_fields_never_meet() -> None:
    r"""`\x1f0\x1f` is what stands between two fields around the time 0."""
    signs = ("", "\x1f", "\x1f0\x1f", "\x1f\x1f", "\\", "\\u", "\0", "\\0", "a")
    assert len({message(("d", "p", *fields)) for fields in product(signs, repeat=3)}) == len(signs) ** 3
    assert len({part(("d", "p", key, "|", words)) for key, words in product(signs, repeat=2)}) == len(signs) ** 2


@given(st.lists(st.integers(0, 2**48 - 1), min_size=2, unique=True))
def test_ids_sort_by_time(times: list[int]) -> None:
    def at(time_ms: int) -> str:
        return mention_id(OWNER, NotificationPart("k", time_ms, "words"))

    assert sorted(map(at, times)) == [at(time_ms) for time_ms in sorted(times)]


@pytest.mark.parametrize(
    ("at_ms", "prefix"),
    [(0, "000000000000"), (-1, "000000000000"), (2**48 - 1, "f" * 12), (2**48, "f" * 12), (-(2**63), "0" * 12)],
)
def test_absurd_times_are_clamped_in_the_prefix_alone(at_ms: int, prefix: str) -> None:
    made = mention_id(OWNER, NotificationPart("k", at_ms, "words"))
    assert (made[:12], len(made)) == (prefix, 32)
    assert made != mention_id(OWNER, NotificationPart("k", at_ms + 1, "words"))


def test_half_a_surrogate_pair_has_an_id() -> None:
    assert mention_id(OWNER, MessageSlot("chat", "\ud83d", 0, "")) != mention_id(
        OWNER, MessageSlot("chat", "\ude42", 0, "")
    )
