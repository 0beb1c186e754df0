"""The sample week through the real program: replayed beside `up`, then asked for over the API and by the CLI."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from tests.architecture.source_file import PROJECT
from tests.end_to_end.api_reader import ApiReader
from tests.end_to_end.conftest import RunHere
from tests.servers.daemon import Daemon, Installation, running_daemon

WEEK = PROJECT / "samples" / "restaurant-week.jsonl"
QUERIES = (
    "",
    "#pouletrose",
    "plastique",
    "platform:tiktok kind:comment,reply",
    'from:"Solène Vautrelle"',
    "from:+33639980142",
    "kind:group_message since:2026-11-12 until:2026-11-13",
    '"une table" platform:whatsapp',
    "rien_de_tel",
)

Json = dict[str, Any]
Ask = Callable[..., list[Json]]


@pytest.fixture(scope="module")
def oracle() -> Json:
    loaded: Json = json.loads(WEEK.with_suffix(".expected.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    with running_daemon(tmp_path_factory.mktemp("week")) as running:
        yield running


@pytest.fixture(scope="module")
def played(daemon: Daemon) -> Installation:
    """Replay the sample into the running daemon's database."""
    ran = daemon.installation.run("replay", str(WEEK))
    assert ran.code == 0, ran.err
    (daemon.installation.folder / "summary.txt").write_text(ran.out)
    return daemon.installation


@pytest.fixture(scope="module")
def api(daemon: Daemon, played: Installation) -> ApiReader:
    assert played.data_dir.is_dir()
    return ApiReader.of(daemon)


@pytest.fixture
def by_cli(run_here: RunHere, played: Installation) -> Ask:
    """Ask the command line, in this process, for every mention of a query."""

    def ask(query: str, *options: str) -> list[Json]:
        ran = run_here(played, "mentions", "--format", "jsonl", "--all", "--utc", *options, "--", query)
        assert ran.code == 0, ran.err
        return [json.loads(line) for line in ran.out.splitlines()]

    return ask


def told(mention: Json) -> tuple[object, ...]:
    """Return what the story tells of a mention; it quotes no article and no reaction."""
    about = (mention["kind"], mention["platform"], mention["visibility"])
    day = datetime.fromisoformat(mention["happened_at"]).date().isoformat()
    body = None if mention["kind"] in {"article", "reaction"} else mention["body"]
    return (*about, (mention["actor"] or {}).get("name"), body, tuple(mention["hashtags"]), day)


def promised(listed: Json) -> tuple[object, ...]:
    """Return the same of the story's own list."""
    about = (listed["kind"], listed["platform"], listed["visibility"])
    day = listed["mention"][:10]
    return (*about, listed.get("actor"), listed.get("body"), tuple(listed.get("hashtags", ())), day)


def test_every_envelope_of_the_replay_is_accounted_for(played: Installation, oracle: Json) -> None:
    summary = (played.folder / "summary.txt").read_text()
    counts = {name: int(count) for name, count in (line.rsplit(None, 1) for line in summary.splitlines())}

    assert counts["records"] == oracle["envelopes"]
    assert {name: counts[f"  {name}"] for name in oracle["notifications"]} == oracle["notifications"]
    assert (counts["  dead"], counts["  duplicate"]) == (0, 0)


def test_the_api_tells_the_week_that_the_story_promises(api: ApiReader, oracle: Json) -> None:
    mentions = api.every_mention()

    assert Counter(map(told, mentions)) == Counter(map(promised, oracle["listed"]))
    assert len({mention["id"] for mention in mentions}) == oracle["mentions"]["total"]


def test_api_and_cli_answer_with_the_same_objects_in_the_same_order(api: ApiReader, by_cli: Ask) -> None:
    answered = {query: api.every_mention(query) for query in QUERIES}

    assert {query: by_cli(query) for query in QUERIES} == answered
    assert [query for query, found in answered.items() if not found] == ["rien_de_tel"]


def test_the_command_line_without_private_mentions_is_the_public_part_of_the_api(api: ApiReader, by_cli: Ask) -> None:
    public = [mention for mention in api.every_mention() if mention["visibility"] == "public"]

    assert by_cli("", "--public") == public


def test_counts_are_those_of_the_story(api: ApiReader, oracle: Json) -> None:
    for by in ("kind", "platform", "hashtag"):
        (facet,) = api.get("facets", by=by, limit=500)["facets"]
        counted = {row["key"]: row["count"] for row in facet["counts"]}

        assert counted == oracle["mentions"][f"by_{by}"], by

    days = api.get("timeline", grain="day", zone="UTC")["buckets"]
    assert {day["starts_at"][:10]: day["count"] for day in days if day["count"]} == oracle["mentions"]["by_day"]


def test_each_notification_tells_its_fate(
    api: ApiReader, run_here: RunHere, played: Installation, oracle: Json
) -> None:
    ran = run_here(played, "notifications", "--format", "jsonl", "--all")
    fates = [json.loads(line) for line in ran.out.splitlines()]

    assert [fate["seq"] for fate in fates] == list(range(1, oracle["envelopes"] + 1))
    assert [fate["outcome"] for fate in fates] == [sighting["outcome"] for sighting in oracle["sightings"]]
    quarantined = api.get("notifications", outcome="quarantined")["notifications"]
    assert [row["seq"] for row in quarantined] == [fate["seq"] for fate in fates if fate["outcome"] == "quarantined"]


def test_the_printed_token_opens_the_api_and_a_second_start_prints_none(daemon: Daemon, api: ApiReader) -> None:
    before = api.get("facets", by="kind")["facets"]

    daemon.restart()

    assert daemon.said.count("veil_") == 2, "the token itself, and the line that uses it"
    assert ApiReader.of(daemon).get("facets", by="kind")["facets"] == before
