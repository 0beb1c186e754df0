"""The watch plan in files, and what a silence means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from veilleur.model.errors import PlanError
from veilleur.model.plan import PlanEntry, PlanKind, alerts_query, silence_of, tag_url
from veilleur.model.plan_csv import read_plan, write_plan

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ACCOUNT = PlanEntry(kind=PlanKind.ACCOUNT, target="@nadia.b", platform="tiktok", device="salle-1")
GROUP = PlanEntry(
    kind=PlanKind.GROUP,
    target="Clients; VIP",
    platform="whatsapp",
    device="salle-1",
    authorised_by="A. Roy",
    ground="=contract",
)
TAG = PlanEntry(kind=PlanKind.HASHTAG, target="#Brunch", platform="tiktok", note="à suivre")


def test_what_is_written_is_read_back() -> None:
    written = write_plan([ACCOUNT, GROUP, TAG])
    assert "'@nadia.b" in written
    assert "'=contract" in written
    assert read_plan(written.encode()) == (ACCOUNT, GROUP, TAG)


def test_a_spreadsheet_s_semicolons_and_mark_are_read() -> None:
    """Seen to fail without `utf-8-sig`: the first column was then unknown."""
    text = "\ufeffKind;Target;Device;Note\r\naccount;@nadia.b;salle-1;\r\n;;;\r\nhashtag;#Brunch;;à suivre\r\n"
    assert read_plan(text.encode()) == (ACCOUNT, TAG)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "line 1: kind and target are needed"),
        ("kind,target,colour\n", "line 1: no column is called 'colour'"),
        ("kind,target\nfriend,@a\n", "line 2, column 1 (kind): write one of account, group, feed, hashtag"),
        ("kind,target\nhashtag,#a\nhashtag,a b\n", "line 3, column 2: target: write a hashtag as #brunch"),
        ("target,kind,device\n@a,account,\n", "line 2, column 3: device: name the device"),
        ("kind,target,device\naccount,@a,Salle 1\n", "line 2, column 3: device: write a device's name"),
        ("kind,target,device\ngroup,VIP,salle-1\n", "line 2: authorised_by and ground: say who authorised"),
        ("kind,target\nhashtag,#a,b\n", "line 2, column 3: a cell too many"),
        ("kind,target\nhashtag,#a\nhashtag,#a\n", "line 3: the same entry as in line 2"),
        ('kind,target\nhashtag,"#a\n', "a quotation mark is not closed"),
        ("kind,target,platform\nhashtag,#a,Tik Tok\n", "line 2, column 3: platform"),
        (f"kind,target,note\nhashtag,#a,{'x' * 501}\n", "line 2, column 3: note: write 1 to 500 characters"),
    ],
)
def test_a_wrong_line_is_named_with_its_column(text: str, expected: str) -> None:
    with pytest.raises(PlanError) as refused:
        read_plan(text.encode())
    assert expected in str(refused.value)


@pytest.mark.attack
def test_bytes_that_are_no_plan_are_refused() -> None:
    for data in (b"\xff\xfe", b"kind,target\nhashtag,#\0a\n", b"x" * (2 * 1024 * 1024 + 1)):
        with pytest.raises(PlanError):
            read_plan(data)


def test_a_silence_is_measured_against_thirty_days_until_there_is_a_rhythm() -> None:
    """Seen to fail with a fixed 30 days: a daily account that was mute for four days was not told."""
    few = [NOW - timedelta(days=29)]
    assert silence_of(ACCOUNT, few, NOW - timedelta(days=90), NOW) is None
    assert silence_of(ACCOUNT, [], NOW - timedelta(days=29), NOW) is None
    quiet = silence_of(ACCOUNT, [], NOW - timedelta(days=31), NOW)
    assert quiet == "nothing from @nadia.b for 31 days: is the bell on All?"
    daily = [NOW - timedelta(days=4 + day) for day in range(12)]
    told = silence_of(ACCOUNT, daily, NOW - timedelta(days=90), NOW)
    assert told == "nothing from @nadia.b for 4 days (its longest pause was 1 day): is the bell on All?"
    weekly = [NOW - timedelta(days=4 + 7 * week) for week in range(12)]
    assert silence_of(ACCOUNT, weekly, NOW - timedelta(days=90), NOW) is None


def test_a_hashtag_has_its_page_and_a_query_to_paste() -> None:
    assert tag_url("#Brunch") == "https://www.tiktok.com/tag/brunch"
    assert alerts_query("#Brunch") == 'site:tiktok.com "#Brunch" OR "Brunch"'
