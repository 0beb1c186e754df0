"""What the story's tablet says of itself, what is asked of it, and what of it was not seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from tests.daemon.api.story import NOW
from tests.daemon.store.device_rows import online, tell_status
from veilleur.alerts.telling import Teller
from veilleur.api.alert_examples import DRAFT
from veilleur.model.alarms import AlarmCode
from veilleur.model.alert import Finding, Reason, RuleSaved
from veilleur.model.campaign import CampaignKind
from veilleur.model.coverage import CoverageCause
from veilleur.model.device_config import first_config
from veilleur.model.people import Standing
from veilleur.model.scope import Scope
from veilleur.model.watch import Saved, WatchDraft
from veilleur.store.alarms import clear_alarm, raise_alarm
from veilleur.store.alert_rules import get_alert_rule, save_rule
from veilleur.store.alerting import Move, move_rules
from veilleur.store.campaigns import save_campaign
from veilleur.store.coverage_rows import LedgerRow, StateChanges, write_states
from veilleur.store.database import Database
from veilleur.store.device_configs import give_first_config, newest_config, save_config
from veilleur.store.instants import to_ms
from veilleur.store.pairing import set_password
from veilleur.store.projects import let_person_in, save_project
from veilleur.store.tables import devices
from veilleur.store.watches import save_watch

HOUR = timedelta(hours=1)
DEVICE = "salle-1"


def device_row(database: Database) -> int:
    """Return the id of the story's tablet."""
    with database.reading() as connection:
        return int(connection.execute(select(devices.c.id).where(devices.c.name == DEVICE)).scalar_one())


def interval(database: Database, cause: CoverageCause, subject: str, hours: tuple[int, int | None]) -> LedgerRow:
    """Return what was not seen between two hours before NOW."""
    first, last = hours
    return LedgerRow(
        device_id=device_row(database),
        cause=cause,
        subject=subject,
        since_ms=to_ms(NOW - first * HOUR),
        until_ms=None if last is None else to_ms(NOW - last * HOUR),
        count=4,
        detail="test",
    )


def tell_of_a_campaign(database: Database) -> None:
    """Store the campaign that the examples name."""
    openings = ("Bonjour, je voudrais en savoir plus sur votre brunch",)
    save_campaign(database, Scope(), "brunch", CampaignKind.AD, openings, now=NOW)


def tell_of_a_watch(database: Database) -> None:
    """Store the watch that the examples name."""
    draft = WatchDraft("plastique OR #pouletrose since:7d", "Europe/Paris", "What is said of the plastic")
    assert save_watch(database, Scope(), "plastique", draft, by="cli", now=NOW) is Saved.SAVED


def tell_of_an_alert(database: Database) -> None:
    """Store the rule and the alert that the examples name, and somebody to tell."""
    assert save_rule(database, Scope(), "plastique en nombre", DRAFT, by="cli", now=NOW) is RuleSaved.SAVED
    rule = get_alert_rule(database, Scope(), "plastique en nombre")
    assert rule is not None
    reason = Reason(trigger=DRAFT.trigger, watch="plastique", count=5, window_s=3_600)
    found = Finding(at=NOW, reason=reason)
    move_rules(database, Move(frozenset({rule.id}), lambda _rule, _kept: ("{}", [found])), Teller("http://x"), now=NOW)


def tell_of_projects(database: Database) -> None:
    """Make a project that somebody belongs to and a device is to move to, and one that holds nothing."""
    save_project(database, "maison-dupont", "Maison Dupont", now=NOW)
    save_project(database, "essai", "Essai", now=NOW)
    assert let_person_in(database, "maison-dupont", "Zoé", Standing(), now=NOW) is not None
    set_password(database, Scope(), "salon-2", "hash", to_ms(NOW))


def tell_of_a_second_config(database: Database) -> None:
    """Ask something else of the story's tablet, so that there is a configuration before the newest."""
    newest = newest_config(database, Scope(), DEVICE)
    assert newest is not None
    save_config(database, Scope(), DEVICE, replace(newest.config, pictures=True), now=NOW)


def tell_of_the_device(database: Database) -> None:
    """Store a status, a configuration, two alarms and what was not seen at three times."""
    status = online(
        "e1", NOW + HOUR, next_seq=7, spool_depth=2, battery_percent=97, charging=True, active_notifications={"a": 3}
    )
    tell_status(database, device_row(database), status, NOW)
    give_first_config(database, device_row(database), first_config("companion"), now=NOW)
    raise_alarm(database, AlarmCode.SATURATED, f"{DEVICE}:com.whatsapp", "20 active", NOW - HOUR)
    raise_alarm(database, AlarmCode.BROKER_DOWN, "broker", "no answer", NOW - 2 * HOUR)
    clear_alarm(database, AlarmCode.BROKER_DOWN, "broker", NOW - HOUR)
    rows = (
        interval(database, CoverageCause.GAP, "e1:2-5", (200, 190)),
        interval(database, CoverageCause.QUARANTINED, "com.whatsapp", (30, 20)),
        interval(database, CoverageCause.DROPPED, "e1:app", (4, 3)),
        interval(database, CoverageCause.OFFLINE, "device", (2, None)),
    )
    write_states(database, StateChanges(rows))
