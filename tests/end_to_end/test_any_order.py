"""The same log twice, reversed, shuffled or beside live traffic: the same mentions with the same ids, and none more."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.end_to_end.conftest import RunHere
from tests.end_to_end.made_envelopes import canary, encoded
from tests.end_to_end.stored_rows import StoredRows, looking_into
from tests.end_to_end.test_sample_week import WEEK
from tests.servers.daemon import Installation, Role, running_over
from tests.waiting import until
from veilleur_bridge.mqtt.options import MqttOptions
from veilleur_bridge.mqtt_url import MqttAddress
from veilleur_bridge.publish import Publisher

LINES = WEEK.read_bytes().splitlines(keepends=True)
WEEK_TOPIC = "veilleur/1/devices/salle-1/notifications"
PART_LINES = 30
OF_ARRIVAL = {"received_at", "notification_id"}
CANARY_EPOCH = "rounds"

Json = dict[str, Any]
Mentions = Callable[[Installation], str]


@pytest.fixture
def mentions(run_here: RunHere) -> Mentions:
    """Ask an installation for all of its mentions, as the bytes that a person would save."""

    def ask(installation: Installation) -> str:
        ran = run_here(installation, "mentions", "--format", "jsonl", "--all")
        assert (ran.code, ran.err) == (0, "")
        return ran.out

    return ask


@pytest.fixture
def played(tmp_path: Path, run_here: RunHere) -> Installation:
    """Give an installation into which the week was played once, in its own order."""
    installation = Installation(tmp_path / "played")
    assert run_here(installation, "replay", str(WEEK)).code == 0
    return installation


def as_told(written: str) -> dict[str, Json]:
    """Return mentions by id, without what the order of arrival decides."""
    parsed = [json.loads(line) for line in written.splitlines()]
    return {one["id"]: {name: value for name, value in one.items() if name not in OF_ARRIVAL} for one in parsed}


def shuffled(seed: int) -> Sequence[bytes]:
    return random.Random(seed).sample(LINES, len(LINES))


def write_logs(folder: Path, lines: Sequence[bytes]) -> list[str]:
    """Write the lines into several files: each is a commit of its own, where one file would be a single one."""
    paths = [folder / f"part-{first:03}.jsonl" for first in range(0, len(lines), PART_LINES)]
    for number, path in enumerate(paths):
        path.write_bytes(b"".join(lines[number * PART_LINES : (number + 1) * PART_LINES]))
    return [str(path) for path in paths]


ORDERS = {"reversed": LINES[::-1], **{f"shuffled {seed}": shuffled(seed) for seed in (1, 2)}}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS.keys())
def test_in_any_order_into_an_empty_database_the_mentions_are_the_same(
    empty: Installation, played: Installation, run_here: RunHere, mentions: Mentions, tmp_path: Path, order: list[bytes]
) -> None:
    """Broken once: `merge_sightings` let the first arrival tell a mention, not the earliest sighting."""
    ran = run_here(empty, "replay", *write_logs(tmp_path, order))

    assert ran.code == 0
    assert as_told(mentions(empty)) == as_told(mentions(played))


def test_the_same_log_again_and_reversed_adds_nothing_and_changes_nothing(
    empty: Installation, run_here: RunHere, mentions: Mentions, tmp_path: Path
) -> None:
    run_here(empty, "replay", str(WEEK))
    with looking_into(empty.database_url) as stored:
        before, counted = mentions(empty), everything(stored)

        again = run_here(empty, "replay", str(WEEK), *write_logs(tmp_path, LINES[::-1]))

        assert again.code == 0
        assert re.search(rf"duplicate +{2 * len(LINES)}\n", again.out)
        assert (mentions(empty), everything(stored)) == (before, counted)


def everything(stored: StoredRows) -> dict[str, int]:
    tables = ("notifications", "outcomes", "mentions", "changes", "dead_letters", "amendments", "mention_hashtags")
    return {table: stored.count(table) for table in tables}


def test_live_traffic_of_the_same_log_adds_and_changes_nothing(
    played: Installation, mentions: Mentions, tmp_path: Path
) -> None:
    """The week is replayed, and sent by `replay --via mqtt`, while a tablet sends it too, each time in another order.

    Broken once: `SortedBatch._sort_placed` took seqs that it held already for new ones. The index refused the second
    row of a place, ingest stood still, and `replay` waited for a database that was never free.
    """
    both = Installation(tmp_path / "both")
    with (
        running_over(both, Role.UP),
        tablet(both.broker()) as device,
        ThreadPoolExecutor(1) as pool,
        looking_into(both.database_url) as stored,
    ):
        is_over = Event()
        sending = pool.submit(send_again_and_again, device, stored, is_over)
        direct, through_the_broker = both.run("replay", str(WEEK)), both.run("replay", "--via", "mqtt", str(WEEK))
        is_over.set()
        rounds = sending.result()

        assert (direct.code, through_the_broker.code) == (0, 0)
        assert rounds > 1
        assert stored.count("notifications") == len(LINES) + rounds
        assert as_told(mentions(both)) == as_told(mentions(played))


@contextmanager
def tablet(broker: MqttAddress) -> Iterator[Publisher]:
    options = MqttOptions(address=broker, client_id="tablet", window=64)
    with closing(Publisher(options, clock=lambda: datetime.now(UTC))) as publisher:
        yield publisher


def send_again_and_again(device: Publisher, stored: StoredRows, is_over: Event) -> int:
    """Publish the week shuffled and then a canary, round after round, each once the last was taken in; return how many.

    The round that is under way when told that it is over comes to its end, and another follows.
    """
    rounds, is_last = 0, False
    while not is_last:
        is_last = is_over.is_set()
        rounds += 1
        for line in shuffled(100 + rounds):
            device.publish(WEEK_TOPIC, line)
        device.publish(WEEK_TOPIC, encoded(canary(rounds, epoch=CANARY_EPOCH) | {"device": "salle-1"}))
        wait_for_canary(stored, rounds)
    return rounds


def wait_for_canary(stored: StoredRows, seq: int) -> None:
    where = f"notifications WHERE epoch = '{CANARY_EPOCH}' AND seq = {seq}"
    until(lambda: stored.count(where), within_seconds=30, what=f"canary {seq} is stored")


def test_reparse_reproduces_every_mention_byte_for_byte(
    empty: Installation, run_here: RunHere, mentions: Mentions
) -> None:
    run_here(empty, "replay", str(WEEK))
    before = mentions(empty)

    ran = run_here(empty, "reparse")

    assert ran.code == 0
    assert mentions(empty) == before


HARM = {
    "outcomes are gone": ["DELETE FROM outcomes WHERE notification_id % 2 = 0"],
    "every mention is gone": ["DELETE FROM mentions"],
    "nothing can be found": ["DELETE FROM mention_hashtags", "DELETE FROM mention_words"],
    "words find something else": [
        "UPDATE mention_words SET words = 'falsch'",
        "UPDATE mention_hashtags SET hashtag = 'falsch' || hashtag",
    ],
    "mentions tell something else": [
        "UPDATE mentions SET body = 'falsch', kind = 'follow', actor_name = 'personne' WHERE notification_id % 2 = 0",
        "UPDATE mentions SET deleted = true, is_shown = false WHERE notification_id % 3 = 0",
        "UPDATE outcomes SET outcome = 'ignored', reason = 'invented', mention_ids = NULL",
    ],
    "a mention was invented": [
        "CREATE TABLE invented AS SELECT * FROM mentions WHERE body LIKE '%plastique%'",
        "UPDATE invented SET ord = ord + 1, id = 'f' || substr(id, 2), body = 'inventé'",
        "INSERT INTO mentions SELECT * FROM invented",
        "DROP TABLE invented",
    ],
}


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM.keys())
def test_reparse_restores_what_was_falsified_by_hand(
    played: Installation, run_here: RunHere, mentions: Mentions, harm: list[str]
) -> None:
    """Seen to catch a reparse that asked neither amendments nor folds, and one that a stray word stopped."""
    with looking_into(played.database_url) as stored:
        before, listed = projections(stored), mentions(played)
        for statement in harm:
            stored.change(statement)
        assert projections(stored) != before

        ran = run_here(played, "reparse")

        assert (ran.code, ran.err) == (0, "")
        assert projections(stored) == before
        assert mentions(played) == listed
        stored.change("INSERT INTO mention_index(mention_index, rank) VALUES ('integrity-check', 1)")


def projections(stored: StoredRows) -> dict[str, list[tuple[object, ...]]]:
    tables = ("outcomes", "mentions", "mention_hashtags", "mention_handles", "mention_links", "mention_words")
    return {table: sorted(stored.rows(f"SELECT * FROM {table}"), key=repr) for table in tables}
