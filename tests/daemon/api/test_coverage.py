"""What was not seen, over the API: asked for itself, and beside every list and count."""

from __future__ import annotations

from datetime import timedelta

import pytest
from starlette.types import ASGIApp

from tests.daemon.api.asking import Asker
from tests.daemon.api.device_story import tell_of_the_device
from tests.daemon.api.story import NOW, make_token
from veilleur.model.scope import TokenScope
from veilleur.model.wire import instant_text
from veilleur.store.database import Database

READER = (TokenScope.READ_MENTIONS, TokenScope.READ_PRIVATE)


@pytest.fixture
def told(database: Database) -> Database:
    """Give the story with a tablet of which something is known."""
    tell_of_the_device(database)
    return database


def causes(reader: Asker, path: str = "/api/v1/coverage", **asked: str | int) -> list[str]:
    answer = reader.read(path, **asked)
    return [one["cause"] for one in answer.get("completeness", answer)["intervals"]]


def test_what_is_known_of_coverage_begins_with_a_first_status(private_reader: Asker, database: Database) -> None:
    assert private_reader.read("/api/v1/coverage") == {
        "known": False,
        "intervals": [],
        "omitted": 0,
        "shortfalls": [{"cause": "collapsed", "count": 12, "is_more": False}],
        "next_cursor": None,
    }
    tell_of_the_device(database)
    assert private_reader.read("/api/v1/coverage")["known"] is True


@pytest.mark.usefixtures("told")
def test_intervals_come_latest_first_with_every_field(private_reader: Asker) -> None:
    listed = private_reader.read("/api/v1/coverage")["intervals"]
    assert [one["cause"] for one in listed] == ["offline", "dropped", "quarantined", "gap"]
    assert listed[0] == {
        "device": "salle-1",
        "cause": "offline",
        "subject": "device",
        "since_at": instant_text(NOW - timedelta(hours=2)),
        "until_at": None,
        "count": 4,
        "detail": "test",
    }


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"since": "10h"}, ["offline", "dropped"]),
        ({"since": "25h"}, ["offline", "dropped", "quarantined"]),
        ({"until": "25h"}, ["quarantined", "gap"]),
        ({"since": "25h", "until": "5h"}, ["quarantined"]),
        ({"since": "2026-11-13", "zone": "Europe/Paris"}, ["offline", "dropped"]),
        ({"cause": "gap"}, ["gap"]),
        ({"device": "salle-1"}, ["offline", "dropped", "quarantined", "gap"]),
    ],
)
def test_it_is_asked_by_time_device_and_cause(
    private_reader: Asker, asked: dict[str, str], expected: list[str]
) -> None:
    assert causes(private_reader, **asked) == expected


@pytest.mark.usefixtures("told")
def test_a_limit_says_how_many_it_leaves_out(private_reader: Asker) -> None:
    answer = private_reader.read("/api/v1/coverage", limit=1)
    assert ([one["cause"] for one in answer["intervals"]], answer["omitted"]) == (["offline"], 3)


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("name", "text"), [("since", "soon"), ("until", "7y"), ("since", "a b"), ("cause", "x"), ("device", "salle-9")]
)
def test_a_wrong_parameter_is_named(private_reader: Asker, name: str, text: str) -> None:
    answer = private_reader.ask("/api/v1/coverage", **{name: text})
    assert answer.status_code == 422
    assert [error["parameter"] for error in answer.json()["errors"]] == [name]


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("path", ["/api/v1/mentions", "/api/v1/facets", "/api/v1/timeline"])
def test_lists_and_counts_carry_what_overlaps_the_time_they_ask_about(private_reader: Asker, path: str) -> None:
    assert causes(private_reader, path) == ["offline", "quarantined", "gap"]
    assert causes(private_reader, path, q="since:10h") == ["offline"]
    assert causes(private_reader, path, q="since:25h until:5h") == ["quarantined"]
    assert private_reader.read(path)["completeness"]["known"] is True


@pytest.mark.privacy
@pytest.mark.usefixtures("told")
def test_how_many_private_notifications_were_not_understood_is_told_to_those_who_may_read_them(
    public_reader: Asker, private_reader: Asker
) -> None:
    def counts(reader: Asker) -> dict[str, int | None]:
        return {one["cause"]: one["count"] for one in reader.read("/api/v1/coverage")["intervals"]}

    assert counts(private_reader)["quarantined"] == 4
    assert counts(public_reader) == {"offline": 4, "dropped": 4, "quarantined": None, "gap": 4}


@pytest.mark.usefixtures("told")
def test_another_project_is_told_nothing(api: ASGIApp, database: Database) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO projects (id, name, created_at) VALUES ('other', 'Other', 0)")
    reader = Asker(api, make_token(database, *READER, project="other"))
    nothing = {"known": False, "intervals": [], "omitted": 0, "shortfalls": [], "next_cursor": None}
    assert reader.read("/api/v1/coverage") == nothing
    assert [alarm["subject"] for alarm in reader.read("/api/v1/alarms")["alarms"]] == ["broker"]
    assert reader.ask("/api/v1/devices/salle-1").status_code == 404


@pytest.mark.usefixtures("told")
def test_alarms_are_listed_open_or_over(private_reader: Asker) -> None:
    def codes(**asked: str) -> list[str]:
        return [alarm["code"] for alarm in private_reader.read("/api/v1/alarms", **asked)["alarms"]]

    assert codes() == ["broker_down", "saturated"]
    assert codes(is_open="true") == ["saturated"]
    assert codes(is_open="false") == ["broker_down"]


@pytest.mark.usefixtures("told")
def test_a_devices_health_holds_status_spool_clock_config_and_open_alarms(private_reader: Asker) -> None:
    health = private_reader.read("/api/v1/devices/salle-1")
    assert (health["name"], health["is_online"], health["told_at"]) == ("salle-1", True, instant_text(NOW))
    assert (health["epoch"], health["spool"]["depth"], health["spool"]["stored_through_seq"]) == ("e1", 2, 5)
    assert (health["clock_offset_s"], health["battery_percent"], health["is_charging"]) == (3600.0, 97, True)
    assert health["config"] == {
        "asked_revision": 1,
        "asked_at": instant_text(NOW),
        "in_force_revision": 0,
        "in_force_at": instant_text(NOW),
        "error": None,
    }
    assert [alarm["code"] for alarm in health["alarms"]] == ["saturated"]


def test_a_device_that_never_told_its_state_has_a_health_of_unknowns(private_reader: Asker) -> None:
    health = private_reader.read("/api/v1/devices/salle-1")
    assert (health["is_online"], health["spool"], health["problems"], health["alarms"]) == (None, None, [], [])
    assert private_reader.ask("/api/v1/devices/salle-9").status_code == 404
