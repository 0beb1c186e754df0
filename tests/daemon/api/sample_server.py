"""An API over the sample log with everything that the description's examples name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.architecture.source_file import PROJECT
from tests.daemon.api.device_story import (
    tell_of_a_campaign,
    tell_of_a_second_config,
    tell_of_a_watch,
    tell_of_an_alert,
    tell_of_projects,
    tell_of_the_device,
)
from tests.daemon.store.arrivals import NOON_MS, dead
from tests.daemon.store.receiver_rows import make_receiver
from veilleur.app.opening import open_store
from veilleur.app.replaying import ReplayOptions, replay_files
from veilleur.app.settings import Settings
from veilleur.model.qualification import QualificationChange, Qualifier, Tone
from veilleur.model.scope import Scope
from veilleur.query.expression import EVERYTHING
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.instants import from_ms
from veilleur.store.qualifying import Deed, qualify, query_ids

SAMPLE = PROJECT / "samples" / "restaurant-week.jsonl"


@contextmanager
def sample_database(folder: Path) -> Iterator[Database]:
    """Give a database into which the sample log was played, and what no log tells: a new operation adds its own."""
    settings = Settings(data_dir=folder, database_url=f"sqlite:///{folder / 'veilleur.db'}", mqtt_url=None)
    replay_files(settings, [SAMPLE], ReplayOptions(), lambda _: None)
    database = open_store(settings)
    tell_what_examples_name(database)
    yield database
    database.close()


def tell_what_examples_name(database: Database) -> None:
    """Store a status, configurations, alarms, a campaign, a watch, a receiver, projects, a tone and a dead letter."""
    tell_of_the_device(database)
    tell_of_a_second_config(database)
    tell_of_a_campaign(database)
    _qualify(database)
    tell_of_a_watch(database)
    make_receiver(database, "direction")
    tell_of_an_alert(database)
    tell_of_projects(database)
    commit_batch(database, [dead(b"no envelope")], now_ms=NOON_MS)


def _qualify(database: Database) -> None:
    deed = Deed(by=Qualifier("lea"), change=QualificationChange(tone=Tone.NEGATIVE), at=from_ms(NOON_MS))
    scope = Scope(may_read_private=True)
    assert qualify(database, scope, query_ids(database, scope, EVERYTHING)[:1], deed) is not None
