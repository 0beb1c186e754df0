"""A community is drawn within its frame, each hashtag apart from the others, the same each time."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import dist

import pytest

from veilleur.dashboard.community_drawing import HEIGHT, MOST_DRAWN, WIDTH, draw_community
from veilleur.model.trends import Tie

TAGS = tuple(f"tag{number}" for number in range(20))
USES = {tag: 40 - number for number, tag in enumerate(TAGS)}


@pytest.mark.parametrize("count", [1, 2, 3, 7, 11, 20])
def test_dots_stand_apart_within_the_frame(count: int) -> None:
    drawing = draw_community(TAGS[:count], USES, ())

    assert len(drawing.dots) == min(count, MOST_DRAWN)
    assert drawing.omitted == count - len(drawing.dots)
    assert all(0 < dot.x < WIDTH and 12 < dot.y < HEIGHT - 12 for dot in drawing.dots)
    for one, other in combinations(drawing.dots, 2):
        assert dist((one.x, one.y), (other.x, other.y)) > one.radius + other.radius


def test_what_is_tied_stands_side_by_side_and_ties_to_others_are_left_out() -> None:
    ties = (Tie("tag1", "tag5", 4, 0.9), Tie("tag5", "tag3", 4, 0.8), Tie("tag1", "elsewhere", 9, 1.0))
    drawing = draw_community(TAGS[:7], USES, ties)
    ring = [dot.tag for dot in drawing.dots[1:]]

    assert {("tag1", "tag5"), ("tag5", "tag3")} <= set(pairwise(ring))
    assert len(drawing.lines) == 2
    assert drawing.lines[0].width > drawing.lines[1].width


def test_a_long_name_is_cut_in_the_drawing_alone() -> None:
    (dot,) = draw_community(["w" * 60], {}, ()).dots

    assert (dot.tag, dot.label) == ("w" * 60, "w" * 11 + "…")
