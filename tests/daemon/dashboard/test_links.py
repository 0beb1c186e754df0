"""Hashtags within words become links, and nothing else of them changes; a name leads to its page."""

from __future__ import annotations

import pytest

from veilleur.dashboard.links import account_address, actor_key_address, crossing_address, hashtag_address, linked
from veilleur.model.parts import Actor
from veilleur.model.trends import Crossing, CrossingKind


@pytest.mark.parametrize(
    ("words", "hashtags", "tags"),
    [
        ("bravo #PouletRose !", ("pouletrose",), ["pouletrose"]),
        ("#a#b et #1", ("a", "b"), ["a", "b"]),
        ("＃été, #été", ("été",), ["été", "été"]),
        ("عن #مَطعم اليوم", ("مَطعم",), ["مَطعم"]),
        ("<b>#x</b>", ("x",), ["x"]),
        ("#inconnu", ("autre",), []),
        ("sans", (), []),
    ],
)
def test_a_hashtag_of_the_mention_is_a_piece_and_the_words_stay_whole(
    words: str, hashtags: tuple[str, ...], tags: list[str]
) -> None:
    pieces = list(linked(words, hashtags))

    assert "".join(piece.text for piece in pieces) == words
    assert [piece.tag for piece in pieces if piece.tag] == tags


def test_addresses_hold_whatever_a_name_holds() -> None:
    crossing = Crossing(
        kind=CrossingKind.LINK, value='example.org/a"b', platforms=("x", "tiktok"), first_seen_at=(), mention_count=2
    )

    assert account_address(Actor('A & "B" / c'), "tiktok") == "/accounts?platform=tiktok&who=A+%26+%22B%22+%2F+c"
    assert account_address(Actor("Nadia", handle="nadia.b"), "x") == "/accounts?platform=x&who=%40nadia.b"
    assert account_address(Actor("…"), "x") is None
    assert actor_key_address("x:a:b") == "/accounts?platform=x&who=a%3Ab"
    assert hashtag_address("a/b?c") == "/hashtags/a%2Fb%3Fc"
    assert crossing_address(crossing) == "/?q=%22example.org%2Fa+b%22"
