"""What a broker remembers is told as far as it was seen: kept, kept over a restart, or forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.servers.embedded import running_embedded_broker
from tests.servers.mosquitto import MosquittoServer, running_mosquitto
from veilleur_bridge.broker.memory import Mark, ask_memory, read_mark
from veilleur_bridge.mqtt_url import parse_mqtt_url


def look(broker: MosquittoServer, left: Mark | None, *, later: timedelta = timedelta(0)) -> tuple[bool, str, Mark]:
    finding, mark = ask_memory(parse_mqtt_url(broker.url), left, now=datetime.now(UTC) + later)
    return finding.is_ok, finding.detail, mark


def test_a_mark_is_written_and_read_as_one_text() -> None:
    mark = Mark("0f", datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC))

    assert read_mark(str(mark)) == mark


@pytest.mark.fault
def test_a_broker_that_forgot_over_a_restart_is_found(tmp_path: Path) -> None:
    """Seen to catch an `ask_memory` that leaves a new mark at each look: nothing was ever forgotten."""
    with running_mosquitto(tmp_path, persistence=False) as broker:
        is_ok, said, mark = look(broker, None)
        assert is_ok
        assert "the first look after one will tell" in said
        broker.restart()
        is_ok, said, new_mark = look(broker, mark)

        assert not is_ok
        assert "it has forgotten a retained message" in said
        assert look(broker, new_mark)[0]


def test_a_broker_that_remembers_is_believed_only_once_it_was_restarted(tmp_path: Path) -> None:
    """Seen to catch a `_remembered` that takes the broker's start as later than the mark whatever it is."""
    an_hour = timedelta(hours=1)
    with running_mosquitto(tmp_path) as broker:
        mark = look(broker, None, later=an_hour)[2]
        unproven = look(broker, mark, later=an_hour)
        broker.restart()
        proven = look(broker, mark, later=2 * an_hour)

    assert (unproven[0], proven[0]) == (True, True)
    assert "it was not restarted since, so nothing is proven" in unproven[1]
    assert ", over its start at " in proven[1]
    assert unproven[2] == proven[2] == mark


def test_the_embedded_broker_remembers_and_does_not_say_when_it_was_started(tmp_path: Path) -> None:
    with running_embedded_broker(tmp_path) as server:
        _, mark = ask_memory(server.broker.address, None, now=datetime.now(UTC))
        again, same = ask_memory(server.broker.address, mark, now=datetime.now(UTC))

    assert same == mark
    assert again.is_ok
    assert "does not say when it was last started" in again.detail
