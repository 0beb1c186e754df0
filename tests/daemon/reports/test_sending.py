"""Scheduled reports: each is queued once, whatever ends in between, and what was missed comes once, late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from msgspec.structs import replace
from sqlalchemy import select

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from tests.daemon.store.receiver_rows import make_receiver
from veilleur.model.delivery import Notice
from veilleur.model.report_schedule import Every, ReportKind, ReportSchedule, ReportScheduleDraft
from veilleur.model.scope import Scope
from veilleur.model.watch import Saved, WatchDraft
from veilleur.reports.due import due_after, due_before, told_period
from veilleur.reports.sending import send_due
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.delivery_tables import deliveries
from veilleur.store.report_additions import keep_logo, keep_words
from veilleur.store.report_schedules import add_schedule, list_schedules, queue_report, remove_schedule
from veilleur.store.watches import save_watch

NOW = datetime.fromtimestamp(NOON_MS / 1000, UTC)
DAY = timedelta(days=1)
EVERYONE = Scope(may_read_private=True)


@pytest.fixture
def schedule(database: Database) -> ReportSchedule:
    """Give a morning message at eight in Paris, made on a Tuesday noon, of a watch that one mention fits."""
    commit_batch(database, [arrival(1, sighting("strike", at_ms=NOON_MS + 1000))], now_ms=NOON_MS)
    assert save_watch(database, EVERYONE, "strike", WatchDraft("strike"), by="cli", now=NOW) is Saved.SAVED
    make_receiver(database, "lea")
    draft = ReportScheduleDraft(
        watch="strike",
        kind=ReportKind.MORNING,
        every=Every.DAY,
        zone="Europe/Paris",
        language="fr",
        receivers=("lea",),
    )
    assert add_schedule(database, EVERYONE, draft, due_at=due_after(draft, NOW), by="cli", now=NOW)
    return list_schedules(database, EVERYONE)[0]


def queued(database: Database) -> list[Notice]:
    with database.reading() as connection:
        rows = connection.execute(select(deliveries.c.message).order_by(deliveries.c.id)).scalars().all()
    return [msgspec.json.decode(row, type=Notice) for row in rows]


def test_a_message_is_queued_once_when_it_is_due(database: Database, schedule: ReportSchedule) -> None:
    assert send_due(database, now=schedule.due_at - timedelta(seconds=1)) == 0
    assert send_due(database, now=schedule.due_at) == 1
    assert send_due(database, now=schedule.due_at + timedelta(hours=1)) == 0

    (notice,) = queued(database)
    assert notice.subject == "strike\u00a0: rien d’urgent, 1 à lire"
    assert "en retard" not in notice.text
    assert list_schedules(database, EVERYONE)[0].due_at == schedule.due_at + DAY


def test_a_report_that_is_sent_by_itself_holds_the_words_and_the_logo_that_are_kept(
    database: Database, schedule: ReportSchedule
) -> None:
    """Broken line: the words left out of its presentation; it reported a mail without `Semaine calme.`.

    Broken line: `mail_logo` left out of the mail; it reported a mail without the picture.
    """
    report = replace(schedule.draft, kind=ReportKind.REPORT)
    assert add_schedule(database, EVERYONE, report, due_at=schedule.due_at, by="cli", now=NOW)
    assert keep_words(database, EVERYONE, "strike", "Semaine calme.", by="lea", now=NOW)
    keep_logo(database, EVERYONE, "data:image/png;base64,AAAA", by="lea", now=NOW)

    assert send_due(database, now=schedule.due_at) == 2

    mail = next(one.html for one in queued(database) if one.html is not None)
    assert "Semaine calme." in mail
    assert 'src="data:image/png;base64,AAAA"' in mail

    keep_logo(database, EVERYONE, "data:image/svg+xml;base64,AAAA", by="lea", now=NOW)
    assert send_due(database, now=schedule.due_at + DAY) == 2
    assert "image/svg" not in [one.html for one in queued(database) if one.html is not None][-1]


def test_what_was_missed_for_days_is_sent_once_and_says_that_it_is_late(
    database: Database, schedule: ReportSchedule
) -> None:
    assert send_due(database, now=schedule.due_at + 5 * DAY + timedelta(hours=3)) == 1

    (notice,) = queued(database)
    assert "Ce message est en retard" in notice.text
    assert list_schedules(database, EVERYONE)[0].due_at == schedule.due_at + 6 * DAY


def test_of_two_that_look_at_once_one_queues(database: Database, schedule: ReportSchedule) -> None:
    later = schedule.due_at + DAY

    assert queue_report(database, schedule, (), next_at=later)
    assert not queue_report(database, schedule, (), next_at=later)


def test_an_end_before_the_commit_leaves_both_undone(database: Database, schedule: ReportSchedule) -> None:
    notice = Notice(receiver_id=schedule.receiver_ids[0], subject="s", text="t", queued_at=NOW, dedup="d")

    def broken() -> object:
        yield notice
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        queue_report(database, schedule, broken(), next_at=schedule.due_at + DAY)  # type: ignore[arg-type]  # it ends badly

    assert queued(database) == []
    assert send_due(database, now=schedule.due_at) == 1


def test_a_removed_schedule_sends_nothing(database: Database, schedule: ReportSchedule) -> None:
    assert remove_schedule(database, EVERYONE, schedule.id, by="cli", now=NOW) is not None

    assert send_due(database, now=schedule.due_at) == 0
    assert list_schedules(database, EVERYONE) == ()


def test_weeks_begin_on_monday_and_months_on_the_first_through_a_change_of_clocks() -> None:
    week = ReportScheduleDraft(watch="w", every=Every.WEEK, zone="Europe/Paris", receivers=("r",))
    month = ReportScheduleDraft(watch="w", every=Every.MONTH, zone="Europe/Paris", receivers=("r",))

    monday = due_after(week, datetime(2026, 10, 24, tzinfo=UTC))
    assert monday == datetime(2026, 10, 26, 7, tzinfo=UTC)
    assert due_before(week, monday - timedelta(seconds=1)) == datetime(2026, 10, 19, 6, tzinfo=UTC)
    told = told_period(week, monday)
    assert (told.since_at, told.until_at) == (
        datetime(2026, 10, 18, 22, tzinfo=UTC),
        datetime(2026, 10, 25, 23, tzinfo=UTC),
    )
    first = due_after(month, monday)
    assert first == datetime(2026, 11, 1, 7, tzinfo=UTC)
    assert told_period(month, first).since_at == datetime(2026, 9, 30, 22, tzinfo=UTC)
