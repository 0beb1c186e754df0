"""The sample week as an analyst leaves it: what is negative said, one treated, one chosen, and a tablet that slept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.architecture.source_file import PROJECT
from tests.daemon.api.device_story import device_row
from tests.daemon.store.device_rows import online, tell_status
from veilleur.app.opening import open_store
from veilleur.app.replaying import ReplayOptions, replay_files
from veilleur.app.settings import Settings
from veilleur.model.coverage import WHOLE_DEVICE, CoverageCause
from veilleur.model.qualification import QualificationChange, Qualifier, Tone
from veilleur.model.report import PIN_TAG, Report
from veilleur.model.scope import Scope
from veilleur.query.periods import read_period
from veilleur.query.reading import read_query
from veilleur.reports.making import Subject, make_report
from veilleur.store.coverage_rows import LedgerRow, StateChanges, write_states
from veilleur.store.database import Database
from veilleur.store.instants import to_ms
from veilleur.store.qualifying import Deed, qualify, query_ids

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
SAMPLE = PROJECT / "samples" / "restaurant-week.jsonl"
WORDS = {
    "fr": (
        "Une plainte restée cinq jours sans réponse est devenue publique vendredi : #pouletrose a dépassé en deux "
        "jours les compliments de jeudi sur l’île flottante.\n\nLes excuses en vidéo de dimanche sont bien reçues. "
        "Nous conseillons de répondre aux trois commentaires négatifs encore ouverts avant mardi."
    ),
    "en": (
        "A complaint left without an answer for five days became public on Friday: within two days #pouletrose "
        "outgrew Thursday’s praise of the floating island.\n\nSunday’s apology on video is well received. We advise "
        "to answer the negative comments that are still open before Tuesday."
    ),
}
LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 260 64"><circle cx="32" cy="32" r="30" fill="#0e4f5c"/>'
    b'<path d="M20 22h24l-4 22H24z" fill="#f2c14e"/><text x="74" y="41" font-family="Georgia,serif" font-size="26" '
    b'fill="#0e4f5c">Le Tire-Louche</text></svg>'
)


@contextmanager
def sample_week(folder: Path) -> Iterator[Database]:
    """Give a database with the week, qualified."""
    settings = Settings(data_dir=folder, database_url=f"sqlite:///{folder / 'veilleur.db'}", mqtt_url=None)
    replay_files(settings, [SAMPLE], ReplayOptions(), lambda _: None)
    database = open_store(settings)
    qualify_week(database)
    tell_of_a_night(database)
    yield database
    database.close()


def qualify_week(database: Database) -> None:
    """Say of some mentions what an analyst would."""
    negative = QualificationChange(tone=Tone.NEGATIVE)
    _say(database, "#pouletrose platform:tiktok until:2026-11-14", negative)
    _say(database, "kind:article plastique", QualificationChange(tone=Tone.NEGATIVE, is_treated=True))
    _say(database, "#teamtirelouche", QualificationChange(tone=Tone.POSITIVE))
    _say(database, "from:@solene.raconte.vb cloche", QualificationChange(add_tags=(PIN_TAG,)))
    _say(database, "guts", QualificationChange(add_tags=(PIN_TAG,), note="From abroad"))


def tell_of_a_night(database: Database) -> None:
    """Have the tablet sleep from Wednesday evening to Thursday noon."""
    device = device_row(database)
    tell_status(database, device, online("e1", NOW), NOW)
    asleep = LedgerRow(
        device_id=device,
        cause=CoverageCause.OFFLINE,
        subject=WHOLE_DEVICE,
        since_ms=to_ms(datetime(2026, 11, 11, 21, 40, tzinfo=UTC)),
        until_ms=to_ms(datetime(2026, 11, 12, 11, 5, tzinfo=UTC)),
    )
    write_states(database, StateChanges((asleep,)))


def week_report(database: Database, *, with_private: bool = False, query: str = "") -> Report:
    """Return the report of the sample's week."""
    subject = Subject(
        title="Le Tire-Louche",
        query=query,
        zone=PARIS.key,
        watch=None,
        description="Restaurant Le Tire-Louche, Vaubrume",
    )
    period = read_period("2026-W46", now=NOW, zone=PARIS)
    return make_report(database, Scope(may_read_private=with_private), subject, period, now=NOW)


def _say(database: Database, query: str, change: QualificationChange) -> None:
    scope = Scope(may_read_private=True)
    deed = Deed(by=Qualifier("lea"), change=change, at=NOW)
    ids = query_ids(database, scope, read_query(query, now=NOW, zone=PARIS))
    if ids:
        qualify(database, scope, ids, deed)
