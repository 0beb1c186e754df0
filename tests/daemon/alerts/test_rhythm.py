"""An app's silence against its own rhythm: nights and weekends are none, being logged out is."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from tests.daemon.alerts.alerting_house import TELLER, House
from tests.daemon.store.arrivals import arrival, sighting
from tests.daemon.store.device_rows import make_device, online, tell_status
from tests.daemon.trends.background import DAY_MS, START_MS
from veilleur.alerts.rhythm import rhythm_of, unusual_silence
from veilleur.alerts.turning import AlertTurn
from veilleur.model.alert import AlertTrigger
from veilleur.parsers.app_names import alarm_subject_name
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.trends.rates import HOUR_MS
from veilleur.wording.alert_words import alert_title
from veilleur.wording.languages import Language


def _office(seed: int, days: int) -> list[int]:
    """Return arrivals of working days between 9 and 18 h, some 15 a day, two on a day of the weekend."""
    dice = random.Random(seed)
    times = []
    for day in range(days):
        is_weekend = (day + 3) % 7 >= 5
        for _ in range(2 if is_weekend else dice.randint(11, 19)):
            hour = dice.randrange(9, 18)
            times.append(START_MS + day * DAY_MS + hour * HOUR_MS + dice.randrange(HOUR_MS))
    return sorted(times)


def test_nights_and_weekends_are_usual_and_a_day_without_anything_is_not() -> None:
    false_alarms = 0
    for seed in range(5):
        times = _office(seed, 56)
        for day in range(28, 55):
            for hour in range(24):
                now_ms = START_MS + day * DAY_MS + hour * HOUR_MS
                known = [at for at in times if now_ms - 28 * DAY_MS <= at <= now_ms]
                rhythm = rhythm_of(known)
                assert rhythm is not None
                false_alarms += unusual_silence(rhythm, known[-1], now_ms) is not None
    assert false_alarms <= 1
    times = _office(9, 28 + 5)
    silent_from = START_MS + 32 * DAY_MS  # a working day
    known = [at for at in times if at < silent_from]
    rhythm = rhythm_of(known)
    assert rhythm is not None
    told = [h for h in range(24) if unusual_silence(rhythm, known[-1], silent_from + h * HOUR_MS) is not None]
    assert told
    assert told[0] <= 18
    silence = unusual_silence(rhythm, known[-1], silent_from + 23 * HOUR_MS)
    assert silence is not None
    assert silence.usual < silence.lasted


def test_little_is_no_rhythm() -> None:
    assert rhythm_of([]) is None
    assert rhythm_of([START_MS + n * HOUR_MS for n in range(20)]) is None
    assert rhythm_of([START_MS + n for n in range(100)]) is None


def _after_ten_days(database: Database, *, is_live: bool) -> House:
    """Return a house where an app came each hour; of a live device it is known how it is."""
    house = House(database)
    house.receiver("desk")
    device = make_device(database)
    if is_live:
        tell_status(database, device, online())
    for number in range(10 * 24):
        at_ms = START_MS + number * HOUR_MS
        told = arrival(number + 1, sighting(f"n {number}", at_ms=at_ms), captured_at_ms=at_ms)
        commit_batch(database, [told], now_ms=at_ms)
    house.follow()
    house.now = datetime.fromtimestamp(START_MS / 1_000, UTC) + timedelta(hours=10 * 24)
    house.turn = AlertTurn(database, TELLER, started_at=house.now - timedelta(hours=1))
    return house


def test_the_log_of_a_tablet_that_never_was_here_has_no_rhythm(database: Database) -> None:
    """Broken, and caught: arrivals of every device; a sample log of last week alerted everybody of its apps."""
    house = _after_ten_days(database, is_live=False)
    for _ in range(14):
        house.after(hours=1)
    assert house.alerts() == []


def test_a_silent_app_is_told_without_any_set_up_and_once(database: Database) -> None:
    house = _after_ten_days(database, is_live=True)
    house.after(hours=2)
    assert house.alerts() == []
    for _ in range(12):
        house.after(hours=1)
    (alert,) = house.alerts()
    assert alert.reason.trigger is AlertTrigger.APP_SILENT
    assert alert.title.startswith("salle-1, WhatsApp: silent for")
    assert "usually 60 min" in alert.title
    french = alert_title(alert.reason, 1, alarm_subject_name, Language.FRENCH)
    assert french.startswith("salle-1, WhatsApp\u00a0: silencieuse depuis ")
    assert "d’habitude 60\u00a0min" in french
    assert len(house.told()) == 1
