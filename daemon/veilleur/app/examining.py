"""Wires `veilleur doctor`: what is well, what is not, and what to do about it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct

from veilleur.app.alarm_findings import ADVICE, alarm_words
from veilleur.app.asking import ask_everything
from veilleur.app.ingesting import broker_address
from veilleur.app.logs import configure_logs
from veilleur.app.opening import open_store
from veilleur.app.settings import Settings
from veilleur.model.errors import StoreDamaged, StoreError
from veilleur.store.database import Database
from veilleur.store.health import (
    altered_notifications,
    count_rows,
    index_problem,
    integrity_problem,
    order_problem,
    tally_problem,
)
from veilleur.store.migrate import revision_of
from veilleur_bridge.broker.round_trip import TOPIC, make_round_trip
from veilleur_bridge.errors import BridgeError

_LOW_DISK_BYTES: Final = 1024**3
_BROKER_WITHIN_S: Final = 5.0


class Finding(Struct, frozen=True):
    """One thing looked at; `advice` says what to do where it is not well."""

    name: str
    is_ok: bool
    detail: str
    advice: str | None = None


def examine(settings: Settings, *, is_quick: bool = False) -> tuple[Finding, ...]:
    """Look at database, index, raw log, broker and disk; `is_quick` leaves the broker's queue out.

    Changes nothing but a missing schema and the mark that is left at the broker.
    """
    configure_logs(settings, is_brief=True)
    try:
        database = open_store(settings)
    except StoreError as error:
        return (_unusable(error),)
    looks: tuple[Callable[[], Finding], ...] = (
        lambda: _schema(database),
        lambda: _integrity(database),
        lambda: _raw_log(database),
        lambda: _index(database),
        lambda: _order(database),
        lambda: _tallies(database),
        lambda: _quarantine(database),
        lambda: _alarms(database),
        lambda: _disk(settings),
    )
    return (*_looked(looks), *_broker(settings, database, is_quick=is_quick))


def _looked(looks: tuple[Callable[[], Finding], ...]) -> Iterator[Finding]:
    for look in looks:
        try:
            yield look()
        except StoreError as error:
            yield _unusable(error)


def _unusable(error: StoreError) -> Finding:
    advice = "restore a backup" if isinstance(error, StoreDamaged) else None
    return Finding("database", is_ok=False, detail=str(error), advice=advice)


def _schema(database: Database) -> Finding:
    current, ours = revision_of(database)
    return Finding("schema", current == ours, f"revision {current}", "run `veilleur db upgrade`")


def _integrity(database: Database) -> Finding:
    problem = integrity_problem(database)
    return Finding("integrity", problem is None, problem or "whole", "stop the daemon and restore a backup")


def _raw_log(database: Database) -> Finding:
    altered = list(altered_notifications(database))
    detail = f"{len(altered)} altered: {altered[:10]}" if altered else "every checksum matches"
    return Finding("raw log", not altered, detail, "restore these rows from a backup, or replay their log")


def _index(database: Database) -> Finding:
    counts = count_rows(database)
    problem = index_problem(database)
    is_ok = problem is None and counts.mentions == counts.indexed_mentions
    detail = f"{counts.mentions:,} wordings of mentions, {counts.indexed_mentions:,} indexed"
    return Finding("search index", is_ok, f"{detail}; {problem}" if problem else detail, "run `veilleur reparse`")


def _order(database: Database) -> Finding:
    problem = order_problem(database, count_rows(database).indexed_mentions)
    advice = "install Veilleur with a Python that brings a newer SQLite (Debian 13's, or that of python.org)"
    return Finding("search order", problem is None, problem or "every mention is found newest first", advice)


def _tallies(database: Database) -> Finding:
    problem = tally_problem(database)
    return Finding("roll-up", problem is None, problem or "every count is the mentions'", "run `veilleur reparse`")


def _quarantine(database: Database) -> Finding:
    counts = count_rows(database)
    detail = (
        f"{counts.notifications:,} notifications stored, {counts.quarantined:,} of them in quarantine; "
        f"{counts.dead_letters:,} dead letters"
    )
    return Finding("raw rows", is_ok=True, detail=detail)


def _broker(settings: Settings, database: Database, *, is_quick: bool) -> Iterator[Finding]:
    try:
        address = broker_address(settings)
        make_round_trip(address, timeout_seconds=_BROKER_WITHIN_S)
        yield Finding("broker", is_ok=True, detail=f"a message went through {address}")
        for found in ask_everything(database, address, is_quick=is_quick):
            yield Finding(found.question, found.is_ok, found.detail, found.advice)
    except BridgeError as error:
        is_ours = settings.mqtt_url is None
        advice = "start it with `veilleur up`" if is_ours else f"let its account write and read {TOPIC}/#"
        yield Finding("broker", is_ok=False, detail=str(error), advice=advice)
    except StoreError as error:
        yield _unusable(error)


def _alarms(database: Database) -> Finding:
    are_none, detail = alarm_words(database)
    return Finding("alarms", are_none, detail, ADVICE)


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.data_dir).free
    return Finding("disk", free > _LOW_DISK_BYTES, f"{free / 1024**3:.1f} GiB free", "make room on this disk")
