"""Simulator → mosquitto with TLS and access rules → daemon → API: what was posted is what is queried."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from tests.companion.place import CompanionPlace, companion_place
from tests.companion.shown import bodies, comments
from tests.end_to_end.test_sample_week import WEEK
from tests.waiting import until

COUNT = 400
KILLS = 5
LONGEST_LIFE_SECONDS = 0.5
STORED_WITHIN_SECONDS = 60.0


def test_the_sample_week_shown_by_a_tablet_gives_the_mentions_of_the_sample_week(tmp_path: Path) -> None:
    expected = json.loads(WEEK.with_suffix(".expected.json").read_text(encoding="utf-8"))
    with companion_place(tmp_path) as place, place.tablet() as tablet:
        place.daemon.start()
        tablet.start_with(WEEK, "--until-drained")
        tablet.wait_until_drained()

        assert place.stored.count("dead_letters") == 0
        kinds = Counter(mention["kind"] for mention in place.mentions())
        assert kinds == expected["mentions"]["by_kind"]
        assert watermark_is_at_the_end(place)


@pytest.mark.fault
def test_tablet_and_broker_killed_midway_lose_nothing_and_count_nothing_twice(tmp_path: Path) -> None:
    """Seen to catch a `Spool.open` that gives each start a new epoch: nothing of the second life was stored in 60 s."""
    chance = random.Random(26)
    shown = comments(COUNT)
    with companion_place(tmp_path) as place, place.tablet() as tablet:
        place.daemon.start()
        for _ in range(KILLS):
            stored = place.stored.count("notifications")
            tablet.start(shown, "--rate", "300", "--until-drained")
            until(
                partial(stores_more_than, place, stored),
                within_seconds=STORED_WITHIN_SECONDS,
                what="something of this life is stored",
            )
            pause(chance.uniform(0, LONGEST_LIFE_SECONDS))
            victims = chance.choice([[tablet.kill], [place.broker.kill], [tablet.kill, place.broker.kill]])
            end(victims)
            pause(chance.uniform(0, 0.5))
            tablet.kill()
            restart_broker(place)
        tablet.start(shown, "--until-drained")
        tablet.wait_until_drained()

        assert place.bodies() == bodies(COUNT)
        assert place.stored.count("dead_letters") == 0
        assert watermark_is_at_the_end(place)


def test_a_power_cut_in_the_middle_of_a_replay_costs_no_envelope(tmp_path: Path) -> None:
    """Seen to catch a `Spool.open` that gives each start a new epoch: not within 15 s: all is stored, each once."""
    with companion_place(tmp_path) as place, place.tablet() as tablet:
        tablet.start(comments(COUNT), "--kill-after", "250")
        assert tablet.ended() == 137
        place.daemon.start()
        tablet.start(comments(COUNT), "--skip", "250", "--until-drained")
        tablet.wait_until_drained()

        until(lambda: len(place.raw()) == COUNT, within_seconds=STORED_WITHIN_SECONDS, what="all is stored, each once")
        assert place.bodies() == bodies(COUNT)


def stores_more_than(place: CompanionPlace, count: int) -> bool:
    return place.stored.count("notifications") > count


def watermark_is_at_the_end(place: CompanionPlace) -> bool:
    """Tell whether nothing is missing below the last seq of the one epoch."""
    ((watermark,),) = place.stored.rows("SELECT watermark FROM epochs")
    return bool(watermark == place.stored.one("max(seq)", "notifications"))


def pause(seconds: float) -> None:
    """Let the processes run: nothing is awaited here, an accident comes at any moment."""
    Event().wait(seconds)


def end(victims: Sequence[Callable[[], None]]) -> None:
    for kill in victims:
        kill()


def restart_broker(place: CompanionPlace) -> None:
    place.broker.kill()
    place.broker.start()
