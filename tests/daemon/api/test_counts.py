"""Counts over HTTP: facets and timelines, with what they could not see."""

from __future__ import annotations

import pytest

from tests.daemon.api.asking import Asker
from tests.daemon.api.test_mentions import UNKNOWN


@pytest.mark.parametrize(
    ("by", "counts"),
    [
        ("kind", [("comment", 3)]),
        ("platform", [("whatsapp", 3)]),
        ("hashtag", [("pouletrose", 2)]),
        ("visibility", [("group", 1), ("private", 1), ("public", 1)]),
    ],
)
def test_mentions_are_counted_by_a_facet(private_reader: Asker, by: str, counts: list[tuple[str, int]]) -> None:
    answer = private_reader.read("/api/v1/facets", by=by)

    (facet,) = answer["facets"]
    assert (facet["facet"], facet["total"], facet["counted_since_at"]) == (by, 3, None)
    assert answer["completeness"] == UNKNOWN
    assert [(count["key"], count["count"]) for count in facet["counts"]] == counts


def test_several_facets_come_in_the_order_in_which_they_were_asked_for(private_reader: Asker) -> None:
    path = "/api/v1/facets?by=hashtag&by=kind&by=hashtag"
    assert [facet["facet"] for facet in private_reader.ask(path).json()["facets"]] == ["hashtag", "kind"]


def test_facets_and_timelines_follow_the_query(private_reader: Asker) -> None:
    (facet,) = private_reader.read("/api/v1/facets", q="film")["facets"]
    assert [(one["key"], one["count"]) for one in facet["counts"]] == [("comment", 1)]
    assert private_reader.read("/api/v1/timeline", q="film")["total"] == 1


def test_a_timeline_tells_days_of_the_zone(private_reader: Asker) -> None:
    answer = private_reader.read("/api/v1/timeline", zone="Asia/Kathmandu")
    first = answer["buckets"][0]
    assert (first["starts_at"], first["count"]) == ("2026-11-09T18:15:00.000Z", 3)
    assert answer["completeness"] == UNKNOWN
