"""What doctor finds in a database that opens: health, and each harm by its own name with what to do about it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from tests.servers.ports import free_port
from veilleur.app.examining import Finding, examine
from veilleur.app.settings import Settings, load_settings
from veilleur.model.kinds import OutcomeKind
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.migrate import revision_of
from veilleur.store.opening import open_database


@pytest.fixture
def settings(bare: Path) -> Settings:
    """Give settings over a store with a mention and a quarantined record; their broker is not there."""
    settings = load_settings(data_dir=bare, mqtt_url=f"mqtt://127.0.0.1:{free_port()}")
    with closing(open_database(settings.effective_database_url)) as database:
        batch = [arrival(1, sighting("froid")), arrival(2, outcome=OutcomeKind.QUARANTINED)]
        commit_batch(database, batch, now_ms=NOON_MS)
    return settings


def ill(findings: tuple[Finding, ...]) -> dict[str, str | None]:
    """Return what is not well, with its advice; the broker is never there."""
    return {one.name: one.advice for one in findings if not one.is_ok and one.name != "broker"}


def test_a_whole_store_is_well_and_a_broker_that_is_away_is_said(settings: Settings) -> None:
    findings = {one.name: one for one in examine(settings)}
    assert ill(tuple(findings.values())) == {}
    assert not findings["broker"].is_ok
    with closing(Database(settings.effective_database_url)) as database:
        assert findings["schema"].detail == f"revision {revision_of(database)[1]}"
    assert findings["raw rows"].detail == "2 notifications stored, 1 of them in quarantine; 0 dead letters"


@pytest.mark.fault
@pytest.mark.parametrize(
    ("harm", "name", "advice"),
    [
        ("INSERT INTO mention_index (mention_index) VALUES ('delete-all')", "search index", "veilleur reparse"),
        ("DELETE FROM mention_words", "search index", "veilleur reparse"),
        ("UPDATE notifications SET payload = x'00' WHERE id = 1", "raw log", "backup"),
    ],
)
def test_a_harm_is_found_by_its_name_with_what_to_do(settings: Settings, harm: str, name: str, advice: str) -> None:
    with closing(Database(settings.effective_database_url)) as database, database.writing() as connection:
        connection.exec_driver_sql(harm)
    found = ill(examine(settings))
    assert list(found) == [name]
    assert advice in (found[name] or "")
