"""A scheduled report of the real daemon, to a real mail server that refuses at first, over a kill in between."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select, update

from tests.daemon.store.arrivals import arrival, sighting
from tests.servers.daemon import Daemon, Role, running_daemon
from tests.servers.mail import running_mail
from tests.waiting import until
from veilleur.app.clock import utc_now
from veilleur.model.delivery import DeliveryState
from veilleur.model.scope import Scope
from veilleur.reports.due import due_before
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.deliveries import page_deliveries
from veilleur.store.delivery_tables import delivery_attempts
from veilleur.store.instants import to_ms
from veilleur.store.report_schedules import list_schedules
from veilleur.store.report_tables import report_schedules

_SOON_S = 60.0
_SETTINGS = {
    "VEILLEUR_DELIVERY_NETWORKS": "127.0.0.0/8",
    "VEILLEUR_DELIVERY_PAUSE_S": "0.05",
    "VEILLEUR_DELIVERY_LONGEST_PAUSE_S": "0.5",
}
pytestmark = pytest.mark.timeout(300)


def run(daemon: Daemon, *arguments: str) -> None:
    ran = daemon.installation.run(*arguments)
    assert ran.code == 0, ran.err


def schedule(daemon: Daemon, database: Database, port: int, *arguments: str) -> None:
    """Have something sent of a watch with one mention, of the day before it was due, which is a while ago.

    It is due when a schedule of its kind is: what a morning message tells begins at the time before that. A mention of
    yesterday lay before it from Monday morning to Tuesday morning, and nothing was left to read.
    """
    address = daemon.installation.folder / "address.txt"
    address.write_text(f"mailto://127.0.0.1:{port}/?from=veilleur@example.org&to=direction@example.org")
    address.chmod(0o600)
    run(daemon, "receiver", "add", "direction", "--address-file", str(address))
    run(daemon, "watch", "add", "plastique", "plastique")
    run(daemon, "report", "schedule", "plastique", *arguments, "--language", "fr", "--to", "direction")
    (made,) = list_schedules(database, Scope())
    due_at = due_before(made.draft, utc_now())
    at_ms = to_ms(due_at - timedelta(days=1))
    commit_batch(database, [arrival(1, sighting("plastique & <b>poulet</b>", at_ms=at_ms))], now_ms=at_ms)
    with database.writing() as connection:
        connection.execute(update(report_schedules).values(due_at=to_ms(due_at)))


def has_tried(database: Database) -> bool:
    with database.reading() as connection:
        return connection.execute(select(delivery_attempts.c.number)).first() is not None


def is_sent(database: Database) -> bool:
    return bool(page_deliveries(database, Scope(), limit=5, state=DeliveryState.SENT).deliveries)


def part_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None, f"the mail has no part that is {kind}"
    return str(part.get_content())


def subject_of(message: EmailMessage) -> str:
    """Return the subject with plain spaces: a header is folded at others too."""
    return " ".join(message["Subject"].split())


def test_a_scheduled_report_comes_once_as_a_page_though_the_daemon_is_killed_while_the_mail_server_refuses(
    tmp_path: Path,
) -> None:
    """Catches a schedule whose next time is not written with what it queues."""
    with (
        running_mail() as mailbox,
        running_daemon(tmp_path, Role.UP, **_SETTINGS) as daemon,
        closing(Database(daemon.installation.database_url)) as database,
    ):
        mailbox.refusals.extend(["451 later"] * 10_000)
        schedule(daemon, database, mailbox.port, "--every", "week")
        until(lambda: has_tried(database), within_seconds=_SOON_S, what="the report was tried")
        daemon.kill()
        mailbox.refusals.clear()
        daemon.start()
        until(lambda: is_sent(database), within_seconds=_SOON_S, what="the report was taken")
        (due,) = list_schedules(database, Scope())
        deliveries = page_deliveries(database, Scope(), limit=5).deliveries

    (came,) = mailbox.came
    assert subject_of(came).startswith("plastique : revue de veille")
    assert came["X-Veilleur-Delivery"] == deliveries[0].id
    page = part_of(came, "html")
    assert "Mentions marquantes" in page
    assert "plastique &amp; &lt;b&gt;poulet&lt;/b&gt;" in page
    assert "Angles morts" in page
    assert due.due_at > utc_now()
    assert len(deliveries) == 1


def test_a_morning_message_says_how_much_is_urgent_and_what_to_read(tmp_path: Path) -> None:
    with (
        running_mail() as mailbox,
        running_daemon(tmp_path, Role.UP, **_SETTINGS) as daemon,
        closing(Database(daemon.installation.database_url)) as database,
    ):
        schedule(daemon, database, mailbox.port, "--morning", "--every", "week")
        until(lambda: is_sent(database), within_seconds=_SOON_S, what="the message was taken")

    (came,) = mailbox.came
    assert subject_of(came) == "plastique : rien d’urgent, 1 à lire"
    assert "plastique & <b>poulet</b>" in part_of(came, "plain")
