"""Whatever a dump holds, each record is read back as it was, or a problem names its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bridge.sources.dump_printer import LIST_HEAD, LIST_TAIL, Said, Shown, print_dump, print_record
from tests.bridge.sources.log_reading import DUMPS, envelopes, missing, notifications, problems, read_bytes
from veilleur_bridge.envelope import MAX_ENVELOPE_BYTES

_PIECES = st.sampled_from(
    ["(", ")", ")\n", "\n", "\n\n", "\n(", " ", "[0] ", "}]", ", text=", ", time=5", "é", "😀", "=", "x=1", "}", "null"]
)
_WORDS = st.lists(st.one_of(_PIECES, st.text("abÀ ,:|", max_size=5)), max_size=8).map("".join)
_TEXTS = _WORDS.filter(lambda text: bool(text) and "\x85" not in text)
_NAMES = st.text("abÉ '|:()@", min_size=1, max_size=12).filter(lambda name: name != "null")
_MESSAGES = st.builds(Said, st.integers(0, 10**13), st.one_of(st.none(), _NAMES), _WORDS)
_SHOWN = st.builds(
    Shown,
    title=_TEXTS,
    text=_TEXTS,
    text_lines=st.lists(st.text("abÀ ,:()[]", max_size=9), max_size=3),
    messages=st.lists(_MESSAGES, max_size=3),
    tag=st.text("abc:=+\n", min_size=1, max_size=9),
)
GOOD = Shown("Nadia", "Bonjour")


@given(st.lists(_SHOWN, min_size=1, max_size=3))
def test_what_is_printed_is_read_back(shown: list[Shown]) -> None:
    items = read_bytes(print_dump(shown).encode())
    assert problems(items) == []
    read = notifications(items)
    assert [(one.title, one.text, one.tag) for one in read] == [(one.title, one.text, one.tag) for one in shown]
    assert [one.text_lines or () for one in read] == [tuple(one.text_lines) for one in shown]
    said = [[Said(m.at_ms or 0, m.sender, m.text or "") for m in one.messages or ()] for one in read]
    assert said == [list(one.messages) for one in shown]
    assert [missing(one) for one in read] == [set()] * len(shown)


@given(st.binary(max_size=400), st.integers(0, 3000))
def test_no_damage_raises_and_what_came_before_it_is_read(damage: bytes, at: int) -> None:
    content = print_dump([GOOD] * 3).encode()
    items = read_bytes(content[:at] + damage + content[at + len(damage) :])
    whole_records = content[:at].count(b"      mUpdateTimeMs=") - 1
    assert len(envelopes(items)) >= whole_records


@pytest.mark.parametrize("name", [path.name for path in sorted(DUMPS.glob("*.txt"))])
def test_a_dump_cut_at_any_line_gives_what_was_whole_and_says_that_it_was_cut(name: str) -> None:
    lines = (DUMPS / name).read_bytes().splitlines(keepends=True)
    whole = [envelope.id for envelope in envelopes(read_bytes(b"".join(lines)))]
    for count in range(2, len(lines)):
        items = read_bytes(b"".join(lines[:count]))
        read = envelopes(items)
        assert all(problem.ended_early for problem in problems(items))
        assert [one.id for one in read][: len(read) - 1] == whole[: max(len(read) - 1, 0)]


def test_a_dump_cut_inside_a_value_does_not_give_half_of_it() -> None:
    content = print_dump([GOOD, Shown("Milo", "une longue\nplainte")])
    items = read_bytes(content[: content.index("plainte")].encode())
    assert [shown.title for shown in notifications(items)] == ["Nadia"]
    [problem] = problems(items)
    assert problem.ended_early
    assert problem.origin.endswith(f":{content[: content.index('Milo')].count(chr(10)) - 8}")


def test_a_dump_cut_before_the_posting_time_does_not_give_the_record() -> None:
    content = print_dump([GOOD, GOOD])
    items = read_bytes(content[: content.rindex("      mCreationTimeMs")].encode())
    assert len(envelopes(items)) == 1
    assert [problem.ended_early for problem in problems(items)] == [True]


def test_a_value_that_lost_its_end_costs_its_own_record_only() -> None:
    broken = print_record(Shown("Milo", "une longue plainte"), 1).partition(" plainte)")[0] + "\n"
    items = read_bytes((LIST_HEAD + print_record(GOOD, 0) + broken + print_record(GOOD, 2) + LIST_TAIL).encode())
    assert [shown.id for shown in notifications(items)] == [0, 2]
    [problem] = problems(items)
    assert problem.reason == "the value of android.text does not end"
    assert not problem.ended_early


def test_a_first_line_that_cannot_be_read_is_named_and_the_next_record_is_read() -> None:
    content = LIST_HEAD + print_record(GOOD, 0).replace("pkg=org.example", "pkg=") + print_record(GOOD, 1) + LIST_TAIL
    items = read_bytes(content.encode())
    assert [shown.id for shown in notifications(items)] == [1]
    [problem] = problems(items)
    assert problem.origin == "log.txt:3"


def test_a_record_without_a_key_is_named() -> None:
    content = "    NotificationRecord(0x1: pkg=org.example user=UserHandle{0} id=4 tag=null)\n      uid=1 userId=0\n"
    [problem] = problems(read_bytes(content.encode()))
    assert problem.reason == "the record has no key"


def test_a_record_beyond_every_bound_is_named_and_the_next_one_is_read() -> None:
    endless = print_record(Shown("Milo", "x" * 100 + "\n" + "y\n" * MAX_ENVELOPE_BYTES), 0)
    one_line = print_record(Shown("Milo", "z" * 3 * MAX_ENVELOPE_BYTES), 1)
    blank = print_record(Shown("Milo", "\n" * 2 * MAX_ENVELOPE_BYTES), 2)
    items = read_bytes((LIST_HEAD + endless + one_line + blank + print_record(GOOD, 3) + LIST_TAIL).encode())
    assert [shown.id for shown in notifications(items)] == [3]
    assert [problem.reason for problem in problems(items)] == [
        f"the record is longer than {MAX_ENVELOPE_BYTES} characters"
    ] * 3


def test_the_forms_of_extras_before_a_message_are_passed_over() -> None:
    forms = (
        "extras=Bundle[{}], ",
        "extras=Bundle[mParcelledData.dataSize=4], ",
        "extras=Bundle[{a=b}], ",
        "extras=null, ",
        "",
    )
    items = "\n".join(
        f"                  [{i}] Bundle[{{{form}sender=Nadia, text=Oui, time=1}}]" for i, form in enumerate(forms)
    )
    content = print_dump([Shown("Nadia", "Oui", messages=[Said(1, "Nadia", "Oui")])])
    first = content.index("                  [0] Bundle")
    after = content.index("                android.showWhen")
    content = (
        content[:first].replace("Parcelable[] (1)", f"Parcelable[] ({len(forms)})") + items + "\n" + content[after:]
    )
    [shown] = notifications(read_bytes(content.encode()))
    assert [(one.sender, one.text) for one in shown.messages or ()] == [("Nadia", "Oui")] * len(forms)


def test_a_picture_without_words_is_a_message_without_text() -> None:
    content = print_dump([Shown("Nadia", "Photo", messages=[Said(1, "Nadia", "Photo")])]).replace(
        "sender=Nadia, text=Photo, time=1}]", "sender=Nadia, uri=content://a/1, time=1, type=image/png}]"
    )
    [shown] = notifications(read_bytes(content.encode()))
    [message] = shown.messages or ()
    assert (message.sender, message.text, message.mime) == ("Nadia", None, "image/png")


def test_a_ticker_that_ends_in_dots_is_kept_where_the_words_are_readable() -> None:
    [shown] = notifications(read_bytes(print_dump([Shown("Nadia", "Alors", ticker="Dis donc...")]).encode()))
    assert shown.ticker == "Dis donc..."
    assert missing(shown) == set()


def test_a_ticker_may_hold_a_parenthesis_and_lines() -> None:
    [shown] = notifications(read_bytes(print_dump([Shown("N", "T", ticker="Nadia: (oui\n  Notes:\net non")]).encode()))
    assert shown.ticker == "Nadia: (oui\n  Notes:\net non"


@pytest.mark.parametrize(
    "text",
    [
        "un (deux)\n  c=String (d)",
        "un (deux)\n}\ntrois",
        "un (deux)\n          }\n                    x=String (y)\nfin",
        "un (deux)\n  mUseAttentionLight=false",
        "un (deux)\n    NotificationRecord(0x0badf00d: pkg=a user=UserHandle{0} id=1 tag=null: Notification(",
        "(",
        ")",
        "()\n",
    ],
)
def test_words_that_look_like_a_dump_are_words(text: str) -> None:
    said = Said(1, "Nadia", "un\n                  [1] deux\n                android.x=String (y)\n            }")
    shown = Shown("Nadia", text, messages=[said], tag="a\nb", ticker="oui\n      key=0|evil|1|null|1")
    items = read_bytes(print_dump([shown, GOOD]).encode())
    assert problems(items) == []
    first, second = notifications(items)
    assert (first.text, first.tag, second.text) == (text, shown.tag, GOOD.text)
    assert first.key == f"0|org.example|0|{shown.tag}|10123"
    assert [message.text for message in first.messages or ()] == [said.text]


def test_a_first_line_goes_on_until_its_notification_is_told() -> None:
    record = print_record(Shown("N", "T", tag="a\n      flags=0x1\nb"), 0)
    content = "".join(line for line in record.splitlines(keepends=True) if not line.startswith("      key="))
    [shown] = notifications(read_bytes(content.encode()))
    assert (shown.tag, shown.key) == ("a\n      flags=0x1\nb", "0|org.example|0|a\n      flags=0x1\nb|10123")


def test_a_sender_that_is_null_is_the_tablet_s_own_user() -> None:
    [shown] = notifications(read_bytes(print_dump([Shown("N", "T", messages=[Said(1, "null", "Oui")])]).encode()))
    assert [(message.sender, message.text) for message in shown.messages or ()] == [(None, "Oui")]


SNOOZED = "  Snoozed notifications:\n" + print_record(GOOD, 9)


def test_what_stands_after_the_list_is_not_current() -> None:
    endless = print_record(Shown("Milo", "y\n" * MAX_ENVELOPE_BYTES), 0)
    unknown = "  mNewSetting=1\n  Some later list:\n" + print_record(GOOD, 8)
    for listed, current in ((print_record(GOOD, 0), 1), (endless, 0), ("", 0)):
        for after in (LIST_TAIL + SNOOZED, SNOOZED) + ((unknown,) if listed else ()):
            assert len(envelopes(read_bytes((LIST_HEAD + listed + after).encode()))) == current


def test_an_only_record_that_is_cut_inside_its_words_is_not_given() -> None:
    content = print_record(Shown("Milo", "une longue plainte"), 0).partition(" plainte")[0]
    items = read_bytes((LIST_HEAD + content).encode())
    assert envelopes(items) == []
    assert [problem.ended_early for problem in problems(items)] == [True]


def test_an_empty_list_holds_nothing() -> None:
    assert read_bytes((LIST_HEAD + LIST_TAIL).encode()) == []
