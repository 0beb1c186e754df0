"""A query's text becomes an expression, or an error that names the column and what was expected there."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veilleur.model.errors import QueryError
from veilleur.model.kinds import MentionKind
from veilleur.query.expression import (
    EVERYTHING,
    ActorField,
    FromActor,
    KindIn,
    LanguageIn,
    PlatformIn,
    Query,
    RegionIn,
    Since,
    Term,
    Until,
    Words,
)
from veilleur.query.reading import MAX_QUERY_LENGTH, read_query

NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")

READ: dict[str, tuple[Term, ...]] = {
    "": (),
    " \t\n": (),
    "Grève": (Words(("greve",)),),
    "l'été": (Words(("l", "ete")),),
    "métro  retard": (Words(("metro",)), Words(("retard",))),
    '"métro en retard"': (Words(("metro", "en", "retard")),),
    '"AND"': (Words(("and",)),),
    "and or not": (Words(("and",)), Words(("or",)), Words(("not",))),
    "#RATP @nadia.b": (Words(("#ratp",)), Words(("@nadia.b",))),
    "12:30": (Words(("12", "30")),),
    "https://example.org/a": (Words(("example", "org", "a")),),
    "platform:TikTok,whatsapp": (PlatformIn(("tiktok", "whatsapp")),),
    'platform:"tiktok, whatsapp"': (PlatformIn(("tiktok", "whatsapp")),),
    "KIND:comment,Reply": (KindIn((MentionKind.COMMENT, MentionKind.REPLY)),),
    "lang:fr,AR": (LanguageIn(("fr", "ar")),),
    "region:fr,MA": (RegionIn(("FR", "MA")),),
    "from:@Nadia.B": (FromActor(ActorField.HANDLE, "nadia.b"),),
    'from:"Élodie Blanc"': (FromActor(ActorField.NAME, "elodie blanc"),),
    "from:+33612345678": (FromActor(ActorField.PHONE, "+33612345678"),),
    'from:"+33 6 12-34.56 78"': (FromActor(ActorField.PHONE, "+33612345678"),),
    'a"b c"d': (Words(("a",)), Words(("b", "c")), Words(("d",))),
    "from:nadia froid": (FromActor(ActorField.NAME, "nadia"), Words(("froid",))),
}


@pytest.mark.parametrize("text", READ)
def test_words_phrases_and_fields_are_read(text: str) -> None:
    assert read_query(text, now=NOW) == Query(READ[text])


def test_nothing_asked_is_everything() -> None:
    assert read_query("", now=NOW) == EVERYTHING


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("90m", datetime(2026, 11, 12, 8, 0, tzinfo=UTC)),
        ("24h", datetime(2026, 11, 11, 9, 30, tzinfo=UTC)),
        ("7d", datetime(2026, 11, 5, 9, 30, tzinfo=UTC)),
        ("2w", datetime(2026, 10, 29, 9, 30, tzinfo=UTC)),
        ("2026-11-20T18:00", datetime(2026, 11, 20, 17, 0, tzinfo=UTC)),
        ("2026-07-20T18:00", datetime(2026, 7, 20, 16, 0, tzinfo=UTC)),
        ("2026-11-20T18:00:30Z", datetime(2026, 11, 20, 18, 0, 30, tzinfo=UTC)),
        ('"2026-11-20 18:00-05:00"', datetime(2026, 11, 20, 23, 0, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_in_its_own_zone_or_the_askers(value: str, at: datetime) -> None:
    assert read_query(f"since:{value} until:{value}", now=NOW, zone=PARIS) == Query((Since(at), Until(at)))


@pytest.mark.parametrize(
    ("day", "begins_at", "ends_at"),
    [
        ("2026-11-20", datetime(2026, 11, 19, 23, tzinfo=UTC), datetime(2026, 11, 20, 23, tzinfo=UTC)),
        ("2026-03-29", datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)),
    ],
)
def test_until_a_date_includes_that_day_even_the_one_the_clock_changes(
    day: str, begins_at: datetime, ends_at: datetime
) -> None:
    asked = read_query(f"since:{day} until:{day}", now=NOW, zone=PARIS)
    assert asked == Query((Since(begins_at), Until(ends_at)))


REFUSED = {
    "froid lang:francais": (12, "a language such as fr"),
    "region:fr,FRA": (11, "a country such as FR"),
    '"open': (1, "closing"),
    'froid "open': (7, "closing"),
    'from:"open': (6, "closing"),
    '""': (2, "letter or digit"),
    "!!!": (1, "letter or digit"),
    "froid ❤\ufe0f": (7, "letter or digit"),
    "froid colour:red": (7, "platform:, kind:, lang:, region:, from:, since:, until:"),
    "froid kind:": (12, "a value after kind:"),
    'from:""': (7, "a value after from:"),
    "from:@": (6, "@handle"),
    "from:@...": (6, "@handle"),
    "from:!!": (6, "@handle"),
    "from:+----": (6, "phone"),
    "kind:comment,com": (14, "one of the kinds follow,"),
    'kind:"comment,  comme,follow"': (17, "one of the kinds"),
    "kind:İ,bogus": (6, "one of the kinds"),
    "kind:comment,İ,bogus": (14, "one of the kinds"),
    "kind:comment,": (14, "a kind such as comment"),
    "platform:a,,b": (12, "a platform such as tiktok"),
    "since:tomorrow": (7, "7d, 24h, 2026-11-20"),
    "froid since:2026-13-01": (13, "2026-11-20T18:00"),
    "until:999999w": (7, "7d"),
    "until:9999-12-31": (7, "7d"),
    "since:0001-01-01": (7, "7d"),
    "a AND b": (3, '"AND"'),
    "NOT b": (1, '"NOT"'),
    "-froid": (1, "a word"),
    "(a b)": (1, "a word"),
    "ab\0c": (3, "a character"),
    "ab \ud800": (4, "a character"),
    "x" * (MAX_QUERY_LENGTH + 1): (MAX_QUERY_LENGTH, "4,000 characters"),
}


@pytest.mark.parametrize(("text", "column", "expected"), [(text, *told) for text, told in REFUSED.items()])
def test_what_cannot_be_read_is_named_by_column_and_with_what_to_write(text: str, column: int, expected: str) -> None:
    with pytest.raises(QueryError) as refused:
        read_query(text, now=NOW, zone=PARIS)
    assert (refused.value.column, expected in refused.value.expected) == (column, True)
    assert str(refused.value) == f"column {column}: expected {refused.value.expected}"


def test_the_longest_query_is_read() -> None:
    assert read_query("x " * (MAX_QUERY_LENGTH // 2), now=NOW).terms


PIECES = st.sampled_from(
    (
        *("from:", "kind:", "platform:", "since:", "until:", "comment", "tiktok", ",", '"', " ", "@", "+336", "(", "-"),
        *("7d", "99999w", "2026-11-20", "T18:00", "+14:00", "0001-01-01", "9999-12-31", "AND", "#tag", "//", "é", "İ"),
    )
)


@given(st.lists(PIECES | st.text(max_size=4), max_size=10).map("".join), st.timezones())
def test_any_text_is_read_or_refused_within_itself(text: str, zone: ZoneInfo) -> None:
    read = read_or_refused(text, zone)
    if isinstance(read, QueryError):
        assert 1 <= read.column <= len(text) + 1
        assert read.expected
    else:
        assert all(all(term.tokens) for term in read.terms if isinstance(term, Words))


def read_or_refused(text: str, zone: ZoneInfo) -> Query | QueryError:
    try:
        return read_query(text, now=NOW, zone=zone)
    except QueryError as refused:
        return refused
