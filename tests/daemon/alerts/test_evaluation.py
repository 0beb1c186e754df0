"""Catches: a rule on every burst that tells one key's bursts again and again, or keeps quiet about another's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
from msgspec.structs import replace

from veilleur.alerts.evaluation import hear_bursts, new_state
from veilleur.alerts.states import read_state
from veilleur.model.alert import AlertRule, AlertRuleDraft, AlertRuleId, AlertTrigger
from veilleur.model.trends import Burst, KeptBurst, TrendKey, TrendKind

_BEGIN_AT = datetime(2026, 1, 1, tzinfo=UTC)
_HUNT = TrendKey(TrendKind.HASHTAG, "chasse")


def test_a_burst_of_the_same_is_told_again_after_the_cool_down_and_another_at_once() -> None:
    """Broken line: `hear_bursts` without its cool-down; the hashtag was told after 20 and 40 minutes."""
    rule = _rule(cool_down_minutes=60)
    word = TrendKey(TrendKind.WORD, "chasse")
    kept = [_kept(1, _HUNT, 0), _kept(2, _HUNT, 20), _kept(3, word, 30), _kept(4, _HUNT, 40), _kept(5, _HUNT, 60)]

    state, told = replace(new_state(rule), through_burst=0), []
    for one in kept:
        state, found = hear_bursts(rule, state, [one])
        told += [((finding.at - _BEGIN_AT) // timedelta(minutes=1), finding.reason.subject) for finding in found]

    assert told == [(0, "#chasse"), (30, "chasse"), (60, "#chasse")]
    assert b"chasse" not in msgspec.json.encode(state)


def test_a_burst_that_is_known_late_is_held_against_those_around_it() -> None:
    """Broken line: `at_ms - told_ms < cool_down_ms`, true of all that was before; it told 200 and 270 alone."""
    rule = _rule(cool_down_minutes=60)
    state, told = replace(new_state(rule), through_burst=0), []
    for number, minute in enumerate((200, 0, 30, 100, 270, 210, 141), start=1):
        state, found = hear_bursts(rule, state, [_kept(number, _HUNT, minute)])
        told += [(finding.at - _BEGIN_AT) // timedelta(minutes=1) for finding in found]

    assert told == [200, 0, 100, 270]
    later, _ = hear_bursts(rule, state, [_kept(9, TrendKey(TrendKind.WORD, "chasse"), 3 * 24 * 60)])
    assert len(later.bursts) == 1


def test_what_an_older_release_told_keeps_its_cool_down() -> None:
    """Broken line: `bursts` read as several times alone; it reported a ValidationError."""
    rule = _rule(cool_down_minutes=60)
    state, _ = hear_bursts(rule, replace(new_state(rule), through_burst=0), [_kept(1, _HUNT, 0)])
    ((name, times),) = state.bursts.items()
    assert isinstance(times, tuple)
    text = msgspec.json.encode(replace(state, bursts={name: times[0]})).decode()

    _, found = hear_bursts(rule, read_state(rule, text), [_kept(2, _HUNT, 59)])

    assert found == []


def test_without_a_cool_down_each_burst_is_told() -> None:
    rule = _rule(cool_down_minutes=0)
    kept = [_kept(number, _HUNT, number) for number in range(1, 4)]

    _, found = hear_bursts(rule, replace(new_state(rule), through_burst=0), kept)

    assert len(found) == len(kept)


def _rule(*, cool_down_minutes: int) -> AlertRule:
    return AlertRule(
        id=AlertRuleId(1),
        name="pics",
        project="default",
        draft=AlertRuleDraft(trigger=AlertTrigger.BURST, cool_down_minutes=cool_down_minutes),
        may_read_private=True,
        version=1,
        made_by="somebody",
        created_at=_BEGIN_AT,
        changed_by="somebody",
        changed_at=_BEGIN_AT,
        archived_by=None,
        archived_at=None,
    )


def _kept(burst_id: int, key: TrendKey, minute: int) -> KeptBurst:
    seen_at = _BEGIN_AT + timedelta(minutes=minute)
    burst = Burst(
        key=key,
        window_s=60,
        count=5,
        usual=0.1,
        most_before=1,
        chance=1e-9,
        began_at=seen_at - timedelta(seconds=50),
        seen_at=seen_at,
    )
    return KeptBurst(project="default", is_private=False, burst=burst, mention_ids=(), id=burst_id)
