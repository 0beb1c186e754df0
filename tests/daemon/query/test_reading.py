"""A query's text becomes an expression, or an error that names the column and what was expected there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from math import nextafter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veilleur.model.errors import QueryError
from veilleur.query.expression import (
    EVERYTHING,
    AllOf,
    AnyOf,
    Between,
    Expression,
    Has,
    Is,
    Not,
    NumberField,
    OneOf,
    Part,
    Query,
    Since,
    State,
    TextColumn,
    Until,
    ValueField,
    Words,
)
from veilleur.query.reading import MAX_QUERY_LENGTH, MOST_SAID, read_query
from veilleur.query.syntax import DEEPEST, MOST_ITEMS

NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")


def words(text: str, *tokens: str, column: TextColumn = TextColumn.WORDS, is_prefix: bool = False) -> Words:
    return Words(tokens, text, column, is_prefix)


def by(text: str, *tokens: str) -> Words:
    return words(text, *tokens, column=TextColumn.NAMES)


def place(text: str, *tokens: str) -> Words:
    return words(text, *tokens, column=TextColumn.PLACES)


FROID, CHAUD, TIEDE = words("froid", "froid"), words("chaud", "chaud"), words("tiède", "tiede")
READ: dict[str, Expression | None] = {
    "": None,
    " \t\n": None,
    "Grève": words("Grève", "greve"),
    "l'été": words("l'été", "l", "ete"),
    "froid  chaud": AllOf((FROID, CHAUD)),
    "froid AND chaud": AllOf((FROID, CHAUD)),
    "froid OR chaud tiède": AnyOf((FROID, AllOf((CHAUD, TIEDE)))),
    "(froid OR chaud) tiède": AllOf((AnyOf((FROID, CHAUD)), TIEDE)),
    "froid OR (chaud OR tiède)": AnyOf((FROID, CHAUD, TIEDE)),
    "NOT froid": Not(FROID),
    "-froid": Not(FROID),
    "NOT NOT froid": FROID,
    "NOT (froid chaud)": Not(AllOf((FROID, CHAUD))),
    "froid NOT chaud": AllOf((FROID, Not(CHAUD))),
    "froid-chaud": words("froid-chaud", "froid", "chaud"),
    '"métro en retard"': words("métro en retard", "metro", "en", "retard"),
    "“métro en retard”": words("métro en retard", "metro", "en", "retard"),
    "„métro en retard“": words("métro en retard", "metro", "en", "retard"),
    "”métro en retard”": words("métro en retard", "metro", "en", "retard"),
    "«\xa0métro en retard\u202f»": words("métro en retard", "metro", "en", "retard"),
    "»métro en retard«": words("métro en retard", "metro", "en", "retard"),
    "‘métro en retard’": words("métro en retard", "metro", "en", "retard"),
    "‚métro en retard‘": words("métro en retard", "metro", "en", "retard"),
    "＂métro en retard＂": words("métro en retard", "metro", "en", "retard"),
    "「métro en retard」": words("métro en retard", "metro", "en", "retard"),
    "『métro en retard』": words("métro en retard", "metro", "en", "retard"),
    "‘l’été’ froid": AllOf((words("l’été", "l", "ete"), FROID)),
    "‘Ali l’été": AllOf((words("‘Ali", "ali"), words("l’été", "l", "ete"))),
    "rock ’n’ roll": AllOf((words("rock", "rock"), words("’n’", "n"), words("roll", "roll"))),
    "froid’ chaud": AllOf((words("froid’", "froid"), CHAUD)),
    "“en retar”*": words("en retar", "en", "retar", is_prefix=True),
    "-«\xa0en retard\xa0» (“froid” OR chaud)": AllOf((Not(words("en retard", "en", "retard")), AnyOf((FROID, CHAUD)))),
    '« dit "non" »': words("dit  non", "dit", "non"),
    '"dit «\xa0non"': words("dit «\xa0non", "dit", "non"),
    "«\xa0dit “non”\xa0»": words("dit “non”", "dit", "non"),
    "“AND”": words("AND", "and"),
    "#“RATP”": words("#RATP", "#ratp"),
    "cœur": AnyOf((words("cœur", "cœur"), words("coeur", "coeur"))),
    "Coeur": AnyOf((words("Coeur", "coeur"), words("cœur", "cœur"))),
    "#Oenologie": AnyOf((words("#Oenologie", "#oenologie"), words("#œnologie", "#œnologie"))),
    "“l'oeuf à Lætitia”*": AnyOf(
        (
            words("l'oeuf à Lætitia", "l", "oeuf", "a", "lætitia", is_prefix=True),
            words("l oeuf a laetitia", "l", "oeuf", "a", "laetitia", is_prefix=True),
            words("l œuf a lætitia", "l", "œuf", "a", "lætitia", is_prefix=True),
        )
    ),
    "-foetus": Not(AnyOf((words("foetus", "foetus"), words("fœtus", "fœtus")))),
    "does Noel @coeur": AllOf((words("does", "does"), words("Noel", "noel"), words("@coeur", "@coeur"))),
    "from:laetitia": AnyOf((by("laetitia", "laetitia"), by("lætitia", "lætitia"))),
    "from:@coeur": by("@coeur", "@@coeur"),
    "grèv*": words("grèv", "grev", is_prefix=True),
    '"en retar"*': words("en retar", "en", "retar", is_prefix=True),
    '"AND"': words("AND", "and"),
    "and or not": AllOf((words("and", "and"), words("or", "or"), words("not", "not"))),
    "ANDES ORGE": AllOf((words("ANDES", "andes"), words("ORGE", "orge"))),
    "#RATP @nadia.b": AllOf((words("#RATP", "#ratp"), words("@nadia.b", "@nadia.b"))),
    "東京都": words("東京都", "東京", "京都"),
    "都": words("都", "都", is_prefix=True),
    '"東京 froid"': words("東京 froid", "東京", "京", "froid"),
    "12:30": words("12:30", "12", "30"),
    "https://example.org/a": words("//example.org/a", "example", "org", "a"),
    "platform:TikTok,whatsapp": OneOf(ValueField.PLATFORM, ("tiktok", "whatsapp")),
    'platform:"tiktok, whatsapp"': OneOf(ValueField.PLATFORM, ("tiktok", "whatsapp")),
    "KIND:comment,Reply": OneOf(ValueField.KIND, ("comment", "reply")),
    "lang:fr,AR": OneOf(ValueField.LANGUAGE, ("fr", "ar")),
    "region:fr,MA": OneOf(ValueField.REGION, ("FR", "MA")),
    "visibility:private,group": OneOf(ValueField.VISIBILITY, ("private", "group")),
    "device:salle-1": OneOf(ValueField.DEVICE, ("salle-1",)),
    "app:com.whatsapp.w4b": OneOf(ValueField.APP, ("com.whatsapp.w4b",)),
    "from:@Nadia.B": by("@Nadia.B", "@@nadia.b"),
    'from:"Élodie Blanc"': by("Élodie Blanc", "elodie", "blanc"),
    "from:+33612345678": by("+33612345678", "+33612345678"),
    'from:"+33 6 12-34.56 78"': by("+33 6 12-34.56 78", "+33612345678"),
    "from:nadia,@bo": AnyOf((by("nadia", "nadia"), by("@bo", "@@bo"))),
    'from:"@Nadia.B"': by("@Nadia.B", "@@nadia.b"),
    'from:@"Nadia.B"': by("@Nadia.B", "@@nadia.b"),
    'from:" @bo "': by("@bo", "@@bo"),
    "from:＠bo": by("＠bo", "@@bo"),
    "from:\u200e@bo": by("\u200e@bo", "@@bo"),
    "from:@@bo": by("@@bo", "@@bo"),
    'from:"+33\xa06 12 34 56 78"': by("+33\xa06 12 34 56 78", "+33612345678"),
    'from:"@bo","Élodie, B",nadia': AnyOf((by("@bo", "@@bo"), by("Élodie, B", "elodie", "b"), by("nadia", "nadia"))),
    "from:nad*,@bo": AnyOf((words("nad", "nad", column=TextColumn.NAMES, is_prefix=True), by("@bo", "@@bo"))),
    '-from:"@bo"': Not(by("@bo", "@@bo")),
    '#"RATP"': words("#RATP", "#ratp"),
    '＃"RATP"*': words("＃RATP", "#ratp", is_prefix=True),
    '"#RATP" -@"bo"': AllOf((words("#RATP", "#ratp"), Not(words("@bo", "@bo")))),
    'tag:"#sav",＃Retard': AnyOf((OneOf(ValueField.TAG, ("sav",)), OneOf(ValueField.TAG, ("Retard",)))),
    "from:nad*": words("nad", "nad", column=TextColumn.NAMES, is_prefix=True),
    "in:«\xa0Clients VIP\xa0»": place("Clients VIP", "clients", "vip"),
    "from:“Élodie, B”,‘Nadia B’,@bo": AnyOf(
        (by("Élodie, B", "elodie", "b"), by("Nadia B", "nadia", "b"), by("@bo", "@@bo"))
    ),
    'in:"Clients VIP"': place("Clients VIP", "clients", "vip"),
    "in:vip,presse": AnyOf((place("vip", "vip"), place("presse", "presse"))),
    "has:link,photo": AnyOf((Has(Part.LINK), Has(Part.PHOTO))),
    "is:deleted": Is(State.DELETED),
    "count:100": Between(NumberField.COUNT, 100, 100),
    "count:>=100": Between(NumberField.COUNT, 100, None),
    "others:<3": Between(NumberField.OTHERS, None, nextafter(3, 0)),
    "confidence:0.5..0.8": Between(NumberField.CONFIDENCE, 0.5, 0.8),
    'a"b c"d': AllOf((words("a", "a"), words("b c", "b", "c"), words("d", "d"))),
    "from:nadia froid": AllOf((by("nadia", "nadia"), FROID)),
    "#ratp AND (grève OR retard) NOT #humour": AllOf(
        (
            words("#ratp", "#ratp"),
            AnyOf((words("grève", "greve"), words("retard", "retard"))),
            Not(words("#humour", "#humour")),
        )
    ),
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
    assert read_query(f"since:{value} until:{value}", now=NOW, zone=PARIS) == Query(AllOf((Since(at), Until(at))))


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
    assert asked == Query(AllOf((Since(begins_at), Until(ends_at))))


REFUSED = {
    "froid lang:francais": (12, "a language such as fr"),
    "region:fr,FRA": (11, "a country such as FR"),
    '"open': (1, "closing"),
    'froid "open': (7, "closing"),
    'from:"open': (6, "closing"),
    "froid “ligne 13": (7, "a closing ” for"),
    "froid „ligne 13": (7, "a closing “ for"),
    "froid «\xa0ligne 13": (7, "a closing » for"),
    "ligne 13”": (9, "no ” without a “ before it"),
    "ligne 13\xa0»": (10, "no » without a « before it"),
    "«\xa0froid\xa0» colour:red": (11, "platform:, kind:"),
    "from:“@bo”,“”": (13, "a value after from:"),
    "#“ligne 13”": (1, "without spaces"),
    "“”": (2, "letter or digit"),
    '""': (2, "letter or digit"),
    "!!!": (1, "letter or digit"),
    "froid ❤\ufe0f": (7, "letter or digit"),
    "froid colour:red": (7, "platform:, kind:, lang:, region:, from:, in:, "),
    "froid kind:": (12, "a value after kind:"),
    'from:""': (7, "a value after from:"),
    "from:@": (6, "@handle"),
    "from:@...": (6, "@handle"),
    "from:!!": (6, "@handle"),
    'from:"@bo",': (11, "at least one letter"),
    'from:"@bo",""': (13, "a value after from:"),
    'from:"@bo","@"': (13, "@handle"),
    'from:"@nad"*': (7, "a whole @handle"),
    'in:"vip","@"': (11, "title"),
    'lang:"fr",123': (11, "a language"),
    'since:"7d",today': (12, "only one value after since:"),
    '#"ligne 13"': (1, "without spaces"),
    'froid #""': (7, "at least one letter"),
    "from:+----": (6, "phone"),
    "kind:comment,com": (14, "one of the kinds follow,"),
    'kind:"comment,  comme,follow"': (17, "one of the kinds"),
    "kind:İ,bogus": (6, "one of the kinds"),
    "kind:comment,İ,bogus": (14, "one of the kinds"),
    "kind:comment,": (14, "a kind such as comment"),
    "platform:a,,b": (12, "a platform such as tiktok"),
    "since:tomorrow": (7, "7d, 24h, today, 2026-11-20"),
    "froid since:2026-13-01": (13, "2026-11-20T18:00"),
    "until:999999w": (7, "7d"),
    "until:9999-12-31": (7, "7d"),
    "since:0001-01-01": (7, "7d"),
    "AND b": (1, 'put "AND" in quotes'),
    "a OR OR b": (6, 'put "OR" in quotes'),
    "a AND": (6, "at the end"),
    "a NOT": (6, "at the end"),
    "(a b": (5, 'a closing ")"'),
    "a (b OR": (8, "at the end"),
    "a b)": (4, 'without a "("'),
    "a ()": (4, "before this"),
    "*": (1, "letter or digit"),
    "in:...": (4, "conversation"),
    "visibility:open": (12, "public, private, group"),
    "has:ink": (5, "one of link,"),
    "is:gone": (4, "one of edited, deleted"),
    "device:Salle_1": (8, "a device such as"),
    "count:many": (7, ">100"),
    "on:3d": (4, "a day such as"),
    "platform:tik*": (13, "no * after platform:"),
    "froid since:7d*": (15, "no * after since:"),
    'lang:"fr"*': (9, "no * after lang:"),
    "from:@nad*": (6, "a whole @handle"),
    "count:9..1": (7, "the smaller number first"),
    "(" + "a " * 300 + ") (" + "b " * 300 + ")": (1005, "at most 500"),
    "x " * (MOST_ITEMS + 1): (2 * MOST_ITEMS + 1, "at most 500"),
    "(a OR (b " * (DEEPEST // 2 + 1) + ")" * (DEEPEST + 2): (2, "within each other"),
    "tag:x " * MOST_SAID + "a (tone:mixed OR -IS:treated)": (6 * MOST_SAID + 4, "at most 50 times tag:"),
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
    assert read_query("x" * MAX_QUERY_LENGTH, now=NOW) != EVERYTHING
    deep = MAX_QUERY_LENGTH // 2 - 1
    assert read_query(f"{'(' * deep}x{')' * deep}", now=NOW) == read_query("x", now=NOW)


PIECES = st.sampled_from(
    (
        *("AND", " OR ", "NOT ", "(", ")", "*", "in:", "“", "”", "«", "»", "‘", "’", "has:link", "count:>", "on:"),
        *("from:", "kind:", "platform:", "since:", "until:", "comment", "tiktok", ",", '"', " ", "@", "+336", "(", "-"),
        *(
            "7d",
            "99999w",
            "2026-11-20",
            "T18:00",
            "+14:00",
            "0001-01-01",
            "9999-12-31",
            "AND",
            " OR ",
            "NOT ",
            ")",
            "*",
            "#tag",
            "//",
            "é",
            "İ",
        ),
    )
)


@given(st.lists(PIECES | st.text(max_size=4), max_size=10).map("".join), st.timezones())
def test_any_text_is_read_or_refused_within_itself(text: str, zone: ZoneInfo) -> None:
    read = read_or_refused(text, zone)
    if isinstance(read, QueryError):
        assert 1 <= read.column <= len(text) + 1
        assert read.expected
    else:
        assert all(one.tokens and all(one.tokens) for one in every_part(read.expression) if isinstance(one, Words))


def every_part(expression: Expression | None) -> Iterator[Expression]:
    if isinstance(expression, AllOf | AnyOf):
        for part in expression.parts:
            yield from every_part(part)
    elif isinstance(expression, Not):
        yield from every_part(expression.part)
    elif expression is not None:
        yield expression


def read_or_refused(text: str, zone: ZoneInfo) -> Query | QueryError:
    try:
        return read_query(text, now=NOW, zone=zone)
    except QueryError as refused:
        return refused
