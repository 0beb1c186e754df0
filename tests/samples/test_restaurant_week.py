"""The sample log: what the story makes, what the contract allows, and what its oracle promises."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from samples.story.__main__ import write_sample
from tests.architecture.source_file import PROJECT

SAMPLES = PROJECT / "samples"
LOG = "restaurant-week.jsonl"
ORACLE = "restaurant-week.expected.json"
FICTION = re.compile(r"(?:33|\+33 )6 ?39 ?98 ?\d{2} ?\d{2}|447700900\d{3}|120363400000000\d{3}|184000000000731")
MOST_STANDING = 25

Json = dict[str, Any]


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return (SAMPLES / LOG).read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def envelopes(lines: list[str]) -> list[Json]:
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def oracle() -> Json:
    loaded: Json = json.loads((SAMPLES / ORACLE).read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("name", [LOG, ORACLE])
def test_committed_file_is_what_the_story_makes(name: str, tmp_path: Path) -> None:
    write_sample(tmp_path)

    assert (tmp_path / name).read_bytes() == (SAMPLES / name).read_bytes()


def test_log_holds_300_envelopes_of_one_device_without_a_hole(envelopes: list[Json]) -> None:
    assert [envelope["seq"] for envelope in envelopes] == list(range(1, 301))
    assert {(envelope["v"], envelope["device"], envelope["epoch"]) for envelope in envelopes} == {
        (1, "salle-1", "b7c1d05a9f4826e3")
    }
    assert len({envelope["id"] for envelope in envelopes}) == 300


def test_every_line_begins_with_the_head_that_a_broken_line_is_known_by(lines: list[str]) -> None:
    assert all(re.match(r'\{"v":1,"id":"[0-9a-f-]{36}","device":"salle-1","epoch":"\w+","seq":\d+,', x) for x in lines)


@pytest.fixture(scope="module")
def schema() -> Json:
    loaded: Json = json.loads((PROJECT / "bridge" / "contract" / "envelope.v1.schema.json").read_text(encoding="utf-8"))
    return loaded


def test_every_field_is_one_that_the_contract_names(envelopes: list[Json], schema: Json) -> None:
    of_notification = {field for envelope in envelopes for field in envelope["notification"]}

    assert {field for envelope in envelopes for field in envelope} <= schema["properties"].keys()
    assert of_notification <= schema["$defs"]["notification"]["properties"].keys()


def test_every_envelope_keeps_the_contract(envelopes: list[Json], schema: Json) -> None:
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    wrong = [(envelope["seq"], error.message) for envelope in envelopes for error in validator.iter_errors(envelope)]

    assert wrong == []


def test_ids_carry_the_time_of_capture(envelopes: list[Json]) -> None:
    for envelope in envelopes:
        made = UUID(envelope["id"])
        captured = datetime.fromisoformat(envelope["captured_at"])

        assert (made.version, made.variant) == (7, "specified in RFC 4122")
        assert made.int >> 80 == round(captured.timestamp() * 1000)


def test_captured_times_rise_through_the_week_but_for_one_evening(envelopes: list[Json], oracle: Json) -> None:
    captured = [datetime.fromisoformat(envelope["captured_at"]) for envelope in envelopes]
    by_day = [(a, b) for a, b in pairwise(captured) if a.date() == b.date()]
    evenings = [(a, b) for a, b in by_day if b - a > timedelta(hours=5)]
    (asleep,) = oracle["asleep"]

    assert captured == sorted(captured)
    assert (captured[0].date(), captured[-1].date()) == (
        datetime(2026, 11, 9, tzinfo=UTC).date(),
        datetime(2026, 11, 15, tzinfo=UTC).date(),
    )
    assert len(evenings) == 1
    assert evenings[0][0] < datetime.fromisoformat(asleep["from_at"]) < evenings[0][1]
    assert datetime.fromisoformat(asleep["until_at"]) <= evenings[0][1]


def test_catching_up_repeats_what_stood_and_adds_what_was_missed(envelopes: list[Json]) -> None:
    caught = [envelope for envelope in envelopes if envelope["event"] == "active"]
    before = {spoken(envelope) for envelope in envelopes[: caught[0]["seq"] - 1]}
    repeated = [envelope for envelope in caught if spoken(envelope) in before]

    assert 0 < len(repeated) < len(caught)


def spoken(envelope: Json) -> str:
    return json.dumps(envelope["notification"], sort_keys=True)


def test_a_removal_names_a_notification_that_stood(envelopes: list[Json]) -> None:
    standing: dict[str, int] = {}
    for envelope in envelopes:
        notification = envelope["notification"]
        if envelope["event"] == "removed":
            assert notification == {"key": notification["key"], "posted_at_ms": standing.pop(notification["key"])}
            assert envelope["removal_reason"].startswith("REASON_")
        elif envelope["source"]["kind"] == "companion":
            standing[notification["key"]] = notification["posted_at_ms"]


def test_no_app_has_more_up_than_android_allows(envelopes: list[Json]) -> None:
    standing: dict[str, str] = {}
    for envelope in envelopes:
        if envelope["event"] == "removed":
            del standing[envelope["notification"]["key"]]
        else:
            standing[envelope["notification"]["key"]] = envelope["app"]["package"]

        assert max(Counter(standing.values()).values(), default=0) <= MOST_STANDING


def test_numbers_and_addresses_are_those_kept_free_for_fiction(lines: list[str], envelopes: list[Json]) -> None:
    shortcuts = {envelope["notification"].get("shortcut_id") for envelope in envelopes} - {None}
    hosts = {host for line in lines for host in re.findall(r"https?://([^/\"]+)", line)}
    phones = {phone for line in lines for phone in re.findall(r"\+\d[\d ]{6,}\d", line)}

    assert all(FICTION.fullmatch(shortcut.partition("@")[0]) for shortcut in shortcuts)
    assert all(host.endswith((".example", "example.org")) for host in hosts)
    assert phones
    assert all(FICTION.fullmatch(phone) for phone in phones)


def test_oracle_answers_for_every_envelope_and_adds_up(oracle: Json) -> None:
    sightings = oracle["sightings"]
    shown = {label for sighting in sightings for label in sighting.get("mentions", [])}
    mentions = oracle["mentions"]

    assert [sighting["seq"] for sighting in sightings] == list(range(1, 301))
    assert oracle["notifications"] == Counter(sighting["outcome"] for sighting in sightings)
    assert oracle["ignored"] == Counter(sighting["reason"] for sighting in sightings if "reason" in sighting)
    assert oracle["notifications"]["quarantined"] == 1
    assert len(shown) == oracle["mentions_before_folding"]
    assert len(oracle["listed"]) == mentions["total"]
    assert {line["mention"] for line in oracle["listed"]} <= shown
    assert mentions["by_kind"] == Counter(line["kind"] for line in oracle["listed"])
    assert all(sum(mentions[by].values()) == mentions["total"] for by in ("by_kind", "by_platform", "by_day"))


def test_storyboard_states_the_oracles_totals(oracle: Json) -> None:
    told = (SAMPLES / "README.md").read_text(encoding="utf-8")
    outcomes, mentions = oracle["notifications"], oracle["mentions"]

    for sentence in (
        f"| parsed | {outcomes['parsed']} |",
        f"| ignored | {outcomes['ignored']} |",
        f"| quarantined | {outcomes['quarantined']} |",
        f"| mentions | {mentions['total']} |",
        *(f"| `{kind}` | {count} |" for kind, count in mentions["by_kind"].items()),
    ):
        assert sentence in told
