"""`veilleur doctor` and the daemon ask a broker what it would lose, and leave nothing behind in what is stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deploy.deployed_mosquitto import running_with_password_file
from tests.end_to_end.stored_rows import looking_into
from tests.servers.daemon import Installation, Role, running_over
from tests.servers.mosquitto import running_mosquitto
from tests.waiting import until

USERS = {"veilleur": "watch-keeper"}
RULES = "user veilleur\ntopic readwrite veilleur/1/#\n"
EMPTY = ("notifications", "dead_letters", "devices", "device_statuses")


def test_doctor_is_content_with_the_deployed_mosquitto_beside_a_running_daemon(tmp_path: Path) -> None:
    """Seen to catch a source that stores canaries: a dead letter of a device that does not exist."""
    with running_with_password_file(tmp_path / "broker") as broker:
        ours = Installation(tmp_path / "ours", settings={"VEILLEUR_MQTT_URL": broker.own_url()})
        alone = ours.run("doctor")  # five seconds after its start the daemon looks too, and would be the first
        with running_over(ours, Role.UP):
            first, second = ours.run("doctor"), ours.run("doctor")
        with looking_into(ours.database_url) as rows:
            counted = {table: rows.count(table) for table in EMPTY}

    assert (first.code, second.code) == (0, 0), first.out
    assert "2,000 messages waited for a reader that was away" in first.out
    assert "the first look after one will tell" in alone.out
    assert "it holds what was left at" in first.out
    assert "it holds what was left at" in second.out
    assert counted == dict.fromkeys(EMPTY, 0)


@pytest.mark.fault
def test_doctor_names_a_queue_that_loses_unless_it_is_to_be_quick(tmp_path: Path) -> None:
    """Seen to catch a `doctor` that prints the finding and ends with 0."""
    limit = "max_queued_messages 1000"
    with running_mosquitto(tmp_path / "broker", users=USERS, access_rules=RULES, extra=limit) as broker:
        ours = Installation(tmp_path / "ours", settings={"VEILLEUR_MQTT_URL": broker.url})
        thorough, quick = ours.run("doctor"), ours.run("doctor", "--quick")

    assert (thorough.code, quick.code) == (1, 0), quick.out
    assert "acknowledged 2,000 messages for a reader that was away, and kept 1,000" in thorough.out
    assert "max_queued_messages 0" in thorough.out
    assert "broker queue" not in quick.out


@pytest.mark.fault
def test_the_daemon_raises_an_alarm_for_such_a_queue_by_itself(tmp_path: Path) -> None:
    """Seen to catch a `running_ingest` that asks nothing."""
    limit = "max_queued_messages 1000"
    with running_mosquitto(tmp_path / "broker", users=USERS, access_rules=RULES, extra=limit) as broker:
        ours = Installation(tmp_path / "ours", settings={"VEILLEUR_MQTT_URL": broker.url})
        with running_over(ours, Role.INGEST), looking_into(ours.database_url) as rows:
            raised = "SELECT subject, detail FROM alarms WHERE code = 'broker_limits'"
            alarms = until(lambda: rows.rows(raised), within_seconds=30, what="the alarm broker_limits")

    assert [subject for subject, _ in alarms] == ["broker queue"]
    assert "kept 1,000" in alarms[0][1]
