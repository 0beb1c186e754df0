"""A report's figures are those of a count by hand, on both databases, and its notable mentions keep their rule."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from veilleur.model.counts import Facet
from veilleur.model.coverage import CoverageCause
from veilleur.model.identity import MentionId
from veilleur.model.kinds import Visibility
from veilleur.model.qualification import QualificationChange, Qualifier, Tone
from veilleur.model.report import LEAVE_OUT_TAG, PIN_TAG, NotableReason, Period, Report
from veilleur.model.scope import Scope
from veilleur.reports.making import Subject, make_report
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.qualifying import Deed, qualify

EVERYONE = Scope(may_read_private=True)
NOW = datetime.fromtimestamp(NOON_MS / 1000, UTC)
WEEK = timedelta(days=7)
PERIOD = Period(NOW - WEEK, NOW, NOW - 2 * WEEK, NOW - WEEK)


@pytest.fixture
def told(database: Database) -> dict[str, tuple[int, bool, MentionId]]:
    """Store 300 mentions of three weeks; return when each happened, whether it is public, and its id, by its words."""
    dice, found, log = random.Random(9), {}, []
    for number in range(300):
        at_ms = NOON_MS - dice.randrange(1, 21 * 86_400_000)
        visibility = dice.choice((Visibility.PUBLIC, Visibility.PUBLIC, Visibility.GROUP))
        words = f"strike number {number}"
        one = sighting(words, at_ms=at_ms, sender=f"A{dice.randrange(9)}", visibility=visibility, hashtags=("ratp",))
        found[words] = (at_ms, visibility is Visibility.PUBLIC, one.id)
        log.append(arrival(number + 1, one))
    commit_batch(database, log, now_ms=NOON_MS)
    return found


def made(database: Database, scope: Scope = EVERYONE) -> Report:
    subject = Subject(title="strike", query="strike", zone="Europe/Paris")
    return make_report(database, scope, subject, PERIOD, now=NOW)


def say(database: Database, ids: list[MentionId], change: QualificationChange) -> None:
    qualify(database, EVERYONE, ids, Deed(by=Qualifier("lea"), change=change, at=NOW))


@pytest.mark.parametrize("scope", [EVERYONE, Scope()])
def test_the_figures_are_those_of_a_count_by_hand(
    database: Database, told: dict[str, tuple[int, bool, MentionId]], scope: Scope
) -> None:
    seen = [one for one in told.values() if one[1] or scope.may_read_private]
    week = [one[2] for one in seen if NOON_MS - 7 * 86_400_000 <= one[0] < NOON_MS]
    before = [one for one in seen if NOON_MS - 14 * 86_400_000 <= one[0] < NOON_MS - 7 * 86_400_000]
    say(database, week[:5], QualificationChange(tone=Tone.NEGATIVE))
    say(database, week[3:9], QualificationChange(is_treated=True))
    say(database, week[9:11], QualificationChange(is_off_topic=True))

    report = made(database, scope)

    volume = report.volume
    assert (volume.count, volume.before) == (len(week), len(before))
    assert volume.count == report.timeline.total == sum(one.count for one in report.timeline.buckets)
    assert (volume.treated, volume.off_topic, volume.open_negative) == (6, 2, 3)
    assert volume.to_read == len(week) - 8
    assert volume.without_tone == len(week) - 5
    hashtags = report.facet(Facet.HASHTAG)
    assert hashtags is not None
    assert [(one.key, one.count) for one in hashtags.counts] == [("ratp", len(week))]
    assert {one.mention.id for one in report.notable} <= set(week)


def test_what_was_said_comes_first_and_what_is_left_out_is_not_there(
    database: Database, told: dict[str, tuple[int, bool, MentionId]]
) -> None:
    """All of them are of one conversation: two in a row are never told."""
    week = [one[2] for one in told.values() if NOON_MS - 7 * 86_400_000 <= one[0] < NOON_MS]
    say(database, week[:1], QualificationChange(add_tags=(PIN_TAG,)))
    say(database, week[1:2], QualificationChange(add_tags=(LEAVE_OUT_TAG,), tone=Tone.NEGATIVE))

    notable = made(database).notable

    assert [(one.mention.id, one.reason) for one in notable] == [(week[0], NotableReason.PINNED)]
    assert all(_thread(one) != _thread(other) for one, other in pairwise(notable))


def _thread(one: object) -> object:
    return getattr(getattr(one, "mention", None), "conversation", None)


def test_a_period_before_the_first_device_was_not_seen_and_others_people_are_not_counted(database: Database) -> None:
    """Catches a shortfall of the whole project told of one subject, and "none before" where nobody was there."""
    log = [
        arrival(number, sighting(words, at_ms=NOON_MS - 60_000 * number, others=others))
        for number, (words, others) in enumerate([("strike", 12), ("strike again", None), ("picnic", 1_300)], 1)
    ]
    commit_batch(database, log, now_ms=NOON_MS)

    report = made(database)

    assert (report.volume.is_before_seen, report.volume.is_before_whole) == (False, False)
    assert [(one.cause, one.count) for one in report.completeness.shortfalls] == [(CoverageCause.COLLAPSED, 12)]


def test_what_was_there_before_is_compared(database: Database, told: dict[str, tuple[int, bool, MentionId]]) -> None:
    assert told
    assert made(database).volume.is_before_seen
