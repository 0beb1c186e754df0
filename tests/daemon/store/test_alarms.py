"""Alarms: open once however often they are raised, closed once, and kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import event, insert

from veilleur.model.alarms import Alarm, AlarmCode, AlarmKey
from veilleur.model.scope import Scope
from veilleur.store.alarms import clear_alarm, list_alarms, open_alarms, raise_alarm, settle_alarms
from veilleur.store.database import Database
from veilleur.store.tables import alarms, devices, projects

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MINE = Scope()


def raised(code: AlarmCode, subject: str, since: datetime, detail: str, until: datetime | None = None) -> Alarm:
    return Alarm(code=code, subject=subject, since_at=since, until_at=until, detail=detail)


def test_an_alarm_raised_again_keeps_its_beginning_and_says_what_is_known_now(database: Database) -> None:
    assert raise_alarm(database, AlarmCode.DEVICE_SILENT, "salon-1", "no status for 3 min", NOON)
    assert not raise_alarm(database, AlarmCode.DEVICE_SILENT, "salon-1", "no status for 9 min", NOON + MINUTE)
    assert open_alarms(database) == (raised(AlarmCode.DEVICE_SILENT, "salon-1", NOON, "no status for 9 min"),)


def test_a_closed_alarm_is_kept_and_the_next_one_stands_beside_it(database: Database) -> None:
    raise_alarm(database, AlarmCode.GAP, "salon-1", "seq 7", NOON)
    assert clear_alarm(database, AlarmCode.GAP, "salon-1", NOON + MINUTE)
    assert not clear_alarm(database, AlarmCode.GAP, "salon-1", NOON + 2 * MINUTE)
    assert raise_alarm(database, AlarmCode.GAP, "salon-1", "seq 9", NOON + 3 * MINUTE)
    first = raised(AlarmCode.GAP, "salon-1", NOON, "seq 7", NOON + MINUTE)
    second = raised(AlarmCode.GAP, "salon-1", NOON + 3 * MINUTE, "seq 9")
    assert list_alarms(database, MINE) == (first, second)
    assert list_alarms(database, MINE, is_open=False) == (first,)
    assert list_alarms(database, MINE, since=NOON + 2 * MINUTE) == (second,)


def test_one_raised_again_in_the_millisecond_it_was_closed_goes_on(database: Database) -> None:
    raise_alarm(database, AlarmCode.FLOOD, "salon-1", "before", NOON)
    clear_alarm(database, AlarmCode.FLOOD, "salon-1", NOON)
    assert raise_alarm(database, AlarmCode.FLOOD, "salon-1", "after", NOON)
    assert open_alarms(database) == (raised(AlarmCode.FLOOD, "salon-1", NOON, "after"),)


def test_settling_closes_what_is_no_longer_wrong_among_its_own_codes_alone(database: Database) -> None:
    raise_alarm(database, AlarmCode.BROKER_DOWN, "broker", "no answer", NOON)
    for subject in ("salon-1", "salon-2"):
        raise_alarm(database, AlarmCode.DEVICE_SILENT, subject, "silent", NOON)
    wanted = {AlarmKey(AlarmCode.DEVICE_SILENT, "salon-2"): "silent", AlarmKey(AlarmCode.GAP, "salon-2"): "seq 7"}
    assert settle_alarms(database, wanted, ruled=(AlarmCode.DEVICE_SILENT, AlarmCode.GAP), now=NOON + MINUTE)
    assert {(alarm.code, alarm.subject) for alarm in open_alarms(database)} == {
        (AlarmCode.BROKER_DOWN, "broker"),
        (AlarmCode.DEVICE_SILENT, "salon-2"),
        (AlarmCode.GAP, "salon-2"),
    }


def test_settling_what_has_not_changed_writes_nothing(database: Database) -> None:
    """A look every few seconds must keep no writer waiting: not even a transaction of a writer is begun."""
    wanted = {AlarmKey(AlarmCode.GAP, "salon-1"): "seq 7"}
    settle_alarms(database, wanted, ruled=(AlarmCode.GAP,), now=NOON)
    statements: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    assert not settle_alarms(database, wanted, ruled=(AlarmCode.GAP,), now=NOON + MINUTE)
    assert [one for one in statements if not one.startswith("SELECT") and one != "BEGIN"] == []
    assert statements


def test_alarms_about_another_projects_devices_do_not_exist_for_a_reader(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(insert(projects).values(id="other", name="other", created_at=0))
        for name, project in (("mine", MINE.project), ("theirs", "other")):
            connection.execute(insert(devices).values(name=name, project_id=project, first_seen_at=0))
    for subject in ("theirs", "theirs:com.whatsapp", "mine", "broker"):
        raise_alarm(database, AlarmCode.SATURATED, subject, "25 active", NOON)
    assert [alarm.subject for alarm in list_alarms(database, MINE)] == ["broker", "mine"]
    assert [alarm.subject for alarm in list_alarms(database, Scope("other"))] == [
        "broker",
        "theirs",
        "theirs:com.whatsapp",
    ]
    with database.writing() as connection:
        connection.execute(devices.delete())
        connection.execute(projects.delete().where(projects.c.id == "other"))


def test_a_code_of_a_newer_release_is_left_alone(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(insert(alarms).values(code="of_tomorrow", subject="x", since=1, until=None, detail=""))
    assert open_alarms(database) == ()
