"""What was expected where a query cannot be read, in French."""

from __future__ import annotations

import pytest

from tests.daemon.query.test_reading import NOW, PARIS, REFUSED
from veilleur.model.errors import QueryError
from veilleur.query.reading import read_query
from veilleur.query.refusing import expected_in

FURTHER = ("has:,", "is:,", "visibility:,", "tone:,", "tone:glad", "tag:,", "device:,", "app:,", "on:,", "in:,")


@pytest.mark.parametrize("text", [*REFUSED, *FURTHER])
def test_whatever_is_expected_can_be_said_in_french(text: str) -> None:
    with pytest.raises(QueryError) as refused:
        read_query(text, now=NOW, zone=PARIS)

    assert expected_in("fr", refused.value.expected), refused.value.expected


def test_what_the_reader_may_write_is_kept_as_it_is() -> None:
    told = expected_in("fr", "no * after platform: (begin a word of from: and in: so)")

    assert told == "pas de * après platform: (seuls les mots de from: et in: peuvent finir ainsi)"


def test_a_language_or_a_wording_that_nobody_translated_is_told_as_unknown() -> None:
    assert expected_in("en", "a tag such as delivery") is None
    assert expected_in("../fr", "a tag such as delivery") is None
    assert expected_in("fr", "something new") is None
