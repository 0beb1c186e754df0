"""`veilleur coverage`: what was not seen, as a table and for programs; and `doctor`, which tells open alarms."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.daemon.cli.conftest import BOTH_PLACES, Keep, Run
from tests.daemon.store.arrivals import arrival, sighting
from tests.daemon.store.device_rows import online, tell_status
from veilleur.model.alarms import AlarmCode
from veilleur.model.coverage import CoverageCause
from veilleur.store.alarms import raise_alarm
from veilleur.store.coverage_rows import LedgerRow, StateChanges, write_states
from veilleur.store.instants import to_ms
from veilleur.store.opening import open_database
from veilleur.store.watching import note_look

NOW = datetime.now(UTC)


def row(cause: CoverageCause, subject: str, days: float, until_days: float | None, detail: str) -> LedgerRow:
    return LedgerRow(
        device_id=1,
        cause=cause,
        subject=subject,
        since_ms=to_ms(NOW - timedelta(days=days)),
        until_ms=None if until_days is None else to_ms(NOW - timedelta(days=until_days)),
        count=None if until_days is None else 3,
        detail=detail,
    )


@pytest.fixture
def missed(keep: Keep, data_dir: Path) -> None:
    """Keep a device that was away, lost something last month, and did not get three seqs through."""
    keep(arrival(1, sighting("hello")))
    database = open_database(f"sqlite:///{data_dir / 'veilleur.db'}")
    tell_status(database, 1, online())
    rows = (
        row(CoverageCause.OFFLINE, "device", 0.2, None, "it left the broker"),
        row(CoverageCause.GAP, "e1:4-6", 2, 1.9, "missing"),
        row(CoverageCause.GAP, "e1:7-9", 30, 29, "cap"),
    )
    write_states(database, StateChanges(rows))
    raise_alarm(database, AlarmCode.GAP, "salle-1", "3 notifications have not come", NOW)
    note_look(database, NOW)
    database.close()


@BOTH_PLACES
@pytest.mark.usefixtures("missed")
def test_the_last_week_is_shown_with_what_each_means(run: Run) -> None:
    shown = run("coverage", "--utc").out
    lines = [line for line in shown.splitlines() if "salle-1" in line]
    assert len(lines) == 2
    assert "still" in lines[0]
    assert "away" in lines[0]
    assert "everything" in lines[0]
    assert "never came" in lines[1]
    assert "e1:4-6" in lines[1]
    assert "the device may still send" in lines[1]


@BOTH_PLACES
@pytest.mark.usefixtures("missed")
def test_programs_get_the_fields_of_the_api(run: Run) -> None:
    found = json.loads(run("coverage", "--since", "60d", "--format", "json").out)
    assert (found["known"], found["omitted"]) == (True, 0)
    assert [(one["cause"], one["detail"]) for one in found["intervals"]][1:] == [("gap", "missing"), ("gap", "cap")]
    lines = run("coverage", "--since", "60d", "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == found["intervals"]
    header, *rows = run("coverage", "--since", "60d", "--format", "csv").out.splitlines()
    assert header == "device,cause,subject,since_at,until_at,count,detail"
    assert len(rows) == 3


@BOTH_PLACES
@pytest.mark.usefixtures("missed")
def test_it_is_asked_by_time_device_and_cause(run: Run) -> None:
    def count(*options: str) -> int:
        return len(run("coverage", *options, "--format", "jsonl").out.splitlines())

    found = [count("--cause", "gap"), count("--device", "salle-1"), count("--since", "60d", "--until", "10d")]
    assert found == [1, 2, 1]


@BOTH_PLACES
@pytest.mark.usefixtures("missed")
def test_a_device_that_is_not_there_is_said_so_and_does_not_read_as_complete(run: Run) -> None:
    ran = run("coverage", "--device", "salon-9")
    assert (ran.code, ran.out) == (2, "")
    assert "no device is named salon-9" in " ".join(ran.err.split())


@BOTH_PLACES
def test_where_no_device_told_its_state_that_is_said(run: Run) -> None:
    ran = run("coverage")
    assert (ran.code, "nothing is known of what was missed" in ran.err) == (0, True)


@BOTH_PLACES
def test_a_wrong_time_names_what_is_expected(run: Run) -> None:
    ran = run("coverage", "--since", "soon")
    assert ran.code == 2
    assert "7d" in ran.err


@BOTH_PLACES
@pytest.mark.usefixtures("missed")
def test_mentions_as_json_carry_what_their_time_could_not_see(run: Run) -> None:
    unseen = json.loads(run("mentions", "since:1h", "--format", "json").out)["completeness"]
    assert (unseen["known"], [one["cause"] for one in unseen["intervals"]]) == (True, ["offline"])


@BOTH_PLACES
@pytest.mark.usefixtures("missed")
def test_a_table_of_mentions_says_that_its_time_has_holes(run: Run) -> None:
    assert "1 interval was not seen: `veilleur coverage`" in run("mentions", "since:1h").err
    assert "intervals" not in run("mentions", "since:1h", "--format", "csv").err


@pytest.mark.usefixtures("missed")
def test_doctor_tells_open_alarms_and_when_somebody_last_looked(run: Run) -> None:
    ran = run("doctor")
    assert ran.code == 1
    said = " ".join(ran.out.split())
    assert "1 open (last looked" in said
    assert "gap salle-1 since" in said
    assert "docs/guides/coverage.md" in said
