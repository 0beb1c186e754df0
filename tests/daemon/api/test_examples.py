"""The examples of the description are what the sample log really answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.daemon.api.asking import Asker
from tests.daemon.api.sample_server import SAMPLE
from tests.daemon.api.story import api_of, make_token
from veilleur.api.description import operations_of
from veilleur.api.example_requests import example_path
from veilleur.api.examples import response_examples
from veilleur.app.opening import open_store
from veilleur.app.replaying import ReplayOptions, replay_files
from veilleur.app.settings import Settings
from veilleur.model.scope import TokenScope

# When the sample is played, and by which release, is nobody's promise.
_OF_THE_REPLAY = {"received_at", "first_seen_at", "last_received_at", "parser_version", "is_paired"}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    """Give a client of a daemon into which the sample log was played."""
    settings = settings_in(tmp_path_factory.mktemp("sample"))
    replay_files(settings, [SAMPLE], ReplayOptions(), lambda _: None)
    database = open_store(settings)
    yield Asker(api_of(database), make_token(database, TokenScope.READ_MENTIONS, TokenScope.READ_PRIVATE))
    database.close()


def settings_in(folder: Path) -> Settings:
    return Settings(data_dir=folder, database_url=f"sqlite:///{folder / 'veilleur.db'}", mqtt_url=None)


@pytest.mark.parametrize(
    ("operation", "path"),
    [
        ("read_mention", "/api/v1/mentions/{mention}"),
        ("read_notification", "/api/v1/notifications/{notification}"),
        ("list_devices", "/api/v1/devices"),
        ("explain_query", "/api/v1/explain?q=kind:comment+since:2026-11-13"),
    ],
)
def test_an_example_is_the_real_answer(reader: Asker, operation: str, path: str) -> None:
    example = response_examples()[operation]
    mention = response_examples()["read_mention"]["mention"]

    answer = reader.read(path.format(mention=mention["id"], notification=mention["notification_id"]))

    assert lasting(answer) == lasting(example)


def test_the_example_of_a_list_holds_a_real_mention_and_its_cursor(reader: Asker) -> None:
    example = response_examples()["search_mentions"]
    listed = reader.read("/api/v1/mentions", q="plastique #pouletrose", limit=500)["mentions"]
    after = reader.read("/api/v1/mentions", q="plastique #pouletrose", cursor=example["next_cursor"])["mentions"]

    place = [mention["id"] for mention in listed].index(example["mentions"][0]["id"])
    assert lasting(listed[place]) == lasting(example["mentions"][0])
    assert after == listed[place + 1 :]


def test_the_example_of_counts_is_the_sample_s(reader: Asker) -> None:
    (facet,) = reader.read("/api/v1/facets", by="kind")["facets"]
    real = {count["key"]: count["count"] for count in facet["counts"]}

    for count in response_examples()["read_facets"]["facets"][0]["counts"]:
        assert real[count["key"]] == count["count"]


def test_every_request_printed_on_the_page_is_one_that_runs(reader: Asker) -> None:
    page = reader.ask("/docs").text.replace("&amp;", "&")
    printed = re.findall(r"'http://veilleur\.test(/[^']*)'", page)
    operations = operations_of(reader.read("/openapi.json"))

    assert sorted(printed) == sorted(example_path(path, operation) for path, _, operation in operations)


def lasting(answer: Any) -> Any:
    """Return an answer without what differs from one replay to the next."""
    if isinstance(answer, list):
        return [lasting(item) for item in answer]
    if not isinstance(answer, dict):
        return answer
    return {name: lasting(value) for name, value in answer.items() if name not in _OF_THE_REPLAY}
