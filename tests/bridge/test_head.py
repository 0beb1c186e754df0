"""The head is read from the first bytes alone, and is right or absent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bridge.envelopes import good_envelope, payload_of
from veilleur_bridge.head import HEAD_BYTES, Head, read_head

_GOOD = payload_of(good_envelope())
_HEAD = Head(1, "0192f0c1-7b7e-7c1e-8f3a-000000000007", "salon-1", "k3v9x2m7", 1234)


def test_a_cut_at_any_byte_gives_the_whole_head_or_none() -> None:
    heads = [read_head(_GOOD[:length]) for length in range(len(_GOOD) + 1)]

    assert set(heads) == {None, _HEAD}
    first = heads.index(_HEAD)
    assert _GOOD[:first].endswith(b"1234,")
    assert all(head == _HEAD for head in heads[first:])


@pytest.mark.parametrize(
    "members",
    [
        {"seq": 0},
        {"seq": -1},
        {"seq": 2**53 + 1},
        {"seq": 1.5},
        {"seq": "7"},
        {"epoch": None},
        {"epoch": ""},
        {"device": "Salon"},
        {"device": "a" * 65},
        {"id": "é"},
        {"id": "a" * 129},
        {"v": "1"},
    ],
    ids=str,
)
def test_a_head_that_the_contract_does_not_allow_is_none(members: dict[str, object]) -> None:
    assert read_head(payload_of(good_envelope(**members))) is None


def test_another_order_gives_none() -> None:
    assert read_head(payload_of(dict(reversed(good_envelope().items())))) is None


def test_another_version_keeps_its_seq() -> None:
    head = read_head(payload_of(good_envelope(v=2)))

    assert head is not None
    assert (head.v, head.seq) == (2, 1234)


def test_what_begins_beyond_the_first_bytes_is_not_read() -> None:
    assert read_head(b" " * HEAD_BYTES + _GOOD) is None


def test_white_space_between_is_allowed() -> None:
    assert read_head(_GOOD.replace(b",", b" ,\r\n\t").replace(b":", b" :  ", 5)) == _HEAD


@pytest.mark.attack
@given(st.binary(max_size=600), st.integers(0, 160))
def test_nothing_makes_it_raise(noise: bytes, kept: int) -> None:
    read_head(noise)
    read_head(_GOOD[:kept] + noise)
