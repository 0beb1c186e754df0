"""What is proposed together can be accepted together."""

from __future__ import annotations

from msgspec import structs

from veilleur.model.kinds import MentionKind
from veilleur.parsers.acceptance import acceptable
from veilleur.parsers.catalogue_loading import load_catalogues
from veilleur.parsers.proposals import Proposal

CATALOGUES = {"tiktok": {"en": load_catalogues("tiktok")["en"]}}
FIRST = Proposal(
    app="tiktok",
    language="en",
    name="suggested_like_1",
    pattern="{actor} enjoyed {target}",
    kind=MentionKind.LIKE.value,
    example="Lou Marchand enjoyed summer menu",
    object=None,
    media=None,
    like=None,
    count=9,
    notification_ids=(1,),
)
SAME_WORDS = structs.replace(FIRST, name="suggested_like_2", pattern="{actor} enjoyed {body}", count=3)
OTHER = structs.replace(FIRST, name="suggested_like_3", pattern="{actor} adored it", example="Lou adored it")
GREEDY = structs.replace(
    FIRST, name="suggested_like_4", pattern="{actor} liked your {target}", example="Lou liked your comment"
)


def test_of_two_that_shut_each_other_out_the_first_is_proposed() -> None:
    assert acceptable([FIRST, SAME_WORDS, OTHER], CATALOGUES) == [FIRST, OTHER]


def test_what_a_known_wording_reads_already_is_not_proposed() -> None:
    assert acceptable([GREEDY, OTHER], CATALOGUES) == [OTHER]


def test_a_language_without_a_catalogue_takes_its_first_patterns() -> None:
    in_breton = [structs.replace(one, language="br") for one in (FIRST, OTHER)]

    assert acceptable(in_breton, CATALOGUES) == in_breton
