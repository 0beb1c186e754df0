"""A log as a tablet's story: every event of it, at its own pace, with the words it had."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest

from tests.architecture.source_file import PROJECT
from veilleur_bridge.codec import Codec, Undecodable
from veilleur_bridge.envelope import Envelope
from veilleur_bridge.errors import LogError
from veilleur_bridge.simulation.invented import invented
from veilleur_bridge.simulation.moments import at_rate
from veilleur_bridge.simulation.replayed import packages_of, replayed

WEEK = PROJECT / "samples" / "restaurant-week.jsonl"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def decoded(line: bytes) -> Envelope:
    read = Codec().decode(line, topic_device=None)
    assert not isinstance(read, Undecodable)
    return read.envelope


def test_every_event_of_a_log_is_shown_as_the_decoder_reads_it() -> None:
    envelopes = [decoded(line) for line in WEEK.read_bytes().splitlines()]
    shown = [moment.show(NOW) for moment in replayed(WEEK, speed=1.0)]

    assert [one.notification for one in shown] == [envelope.notification for envelope in envelopes]
    assert [(one.event, one.app, one.removal_reason, one.captured_at) for one in shown] == [
        (envelope.event, envelope.app, envelope.removal_reason, NOW) for envelope in envelopes
    ]
    assert set(packages_of(WEEK)) == {envelope.app.package for envelope in envelopes}


def test_a_log_is_played_so_many_times_as_fast_as_it_was_captured() -> None:
    at_its_pace = [moment.after_s for moment in replayed(WEEK, speed=1.0)]
    faster = [moment.after_s for moment in replayed(WEEK, speed=60.0)]

    assert at_its_pace[:2] == [0.0, pytest.approx(910.003)]
    assert faster == [pytest.approx(after_s / 60) for after_s in at_its_pace]


@pytest.mark.parametrize("line", ["no json", "[]", "{}", '{"event": "posted"}', '{"event": "strange"}'])
def test_a_line_that_is_no_envelope_is_named(tmp_path: Path, line: str) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text(f"{WEEK.read_text().splitlines()[0]}\n{line}\n")

    with pytest.raises(LogError, match="line 2"):
        list(replayed(log, 1.0))


def test_what_is_lost_in_a_log_is_not_shown(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text(json.dumps({"event": "lost", "seq": 1, "through_seq": 1}) + "\n")

    assert list(replayed(log, 1.0)) == []


def test_invented_events_are_as_many_a_second_as_asked_and_go_on_from_any_number() -> None:
    moments = list(islice(at_rate(invented, 4.0, 7), 3))

    assert [moment.after_s for moment in moments] == [0.0, 0.25, 0.5]
    assert [moment.show(NOW).notification.text for moment in moments] == [
        "Ondine a commenté : assiette numéro 7",
        "table numéro 8",
        "Ondine a commenté : assiette numéro 9",
    ]
