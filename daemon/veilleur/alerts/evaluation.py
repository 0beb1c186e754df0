"""What a rule makes of the mentions that it asked for, one at a time, and of the time that passes. Pure.

How mentions were put together, and how often the process began anew, makes no difference: each is one step from a state
that holds all that the next step needs.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from veilleur.alerts.rhythm import Silence
from veilleur.model.alarms import Alarm
from veilleur.model.alert import MOST_EVIDENCE, OF_ALARMS, AlertRule, AlertTrigger, Finding, Reason
from veilleur.model.condition import Condition, ConditionKind, Telling
from veilleur.model.identity import MentionId
from veilleur.model.trends import Burst, KeptBurst, TrendKey, TrendKind
from veilleur.trends.bursts import SAME_TURN_MS, WINDOWS_MS, Past, Told, find_burst, untold
from veilleur.watches.conditions import Match, Progress, begun, step

_CONDITIONS: Final = {
    AlertTrigger.EVERY: ConditionKind.EVERY,
    AlertTrigger.NEGATIVE: ConditionKind.EVERY,
    AlertTrigger.NEW_ACTOR: ConditionKind.EVERY,
    AlertTrigger.COUNT: ConditionKind.COUNT,
    AlertTrigger.SILENCE: ConditionKind.SILENCE,
}
_SIGNS: Final = {TrendKind.HASHTAG: "#", TrendKind.WORD: "", TrendKind.ACTOR: "", TrendKind.CONVERSATION: ""}
_MOST_COMPLAINTS: Final = 200
_REMEMBERED: Final = timedelta(days=30)
_MOST_TIMES: Final = 2_000
_LATE_MS: Final = 24 * 3_600_000
_MILLISECOND: Final = timedelta(milliseconds=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Matched(Struct, frozen=True):
    """A mention that a rule asked for; `writer` is one person in one conversation, None outside of conversations.

    For a spillway, `complaint_id` and `sign` say of a public mention which complaint it tells, and how that shows.
    """

    at: datetime
    mention_id: MentionId
    writer: str | None = None
    complaint_id: MentionId | None = None
    sign: str | None = None


class Surge(Struct, frozen=True):
    """How far the detection of bursts has come: the times of the longest window, and what was told of them."""

    times_ms: tuple[int, ...] = ()
    mention_ids: tuple[MentionId, ...] = ()
    turns: dict[str, int] = {}
    told: Told = Told()
    told_at: datetime | None = None


class Complaint(Struct, frozen=True):
    """A private mention that waits for an answer; `is_told` once it waited too long."""

    mention_id: MentionId
    at: datetime
    is_told: bool = False
    is_out: bool = False


class RuleState(Struct, frozen=True, kw_only=True):
    """All that the next step of a rule needs, of any trigger: ids, times and counts, never words.

    `bursts` are when those that were told of late happened, in ms, by a digest of what each was of; a number alone is
    of a state that an older release kept.
    """

    progress: Progress
    surge: Surge = Surge()
    alarms: dict[str, int] = {}
    through_burst: int | None = None
    bursts: dict[str, int | tuple[int, ...]] = {}
    complaints: tuple[Complaint, ...] = ()


def new_state(rule: AlertRule) -> RuleState:
    """Return where a version of a rule begins: nothing from before it is told."""
    return RuleState(progress=begun(rule.changed_at))


def take_matches(
    rule: AlertRule, state: RuleState, matches: Iterable[Matched], past: Past | None
) -> tuple[RuleState, list[Finding]]:
    """Return how a rule stands after these mentions, in the order in which they came, and what it found on the way."""
    findings: list[Finding] = []
    for one in matches:
        match rule.draft.trigger:
            case AlertTrigger.BURST:
                state, found = _burst(rule, state, one, past)
            case AlertTrigger.SPILLWAY:
                state, found = _spilt(rule, state, one)
            case _:
                state, found = _condition(rule, state, [one], None)
        findings += found
    return state, findings


def pass_time(
    rule: AlertRule, state: RuleState, now: datetime, answered: frozenset[MentionId] = frozenset()
) -> tuple[RuleState, list[Finding]]:
    """Return how a rule on a watch stands at `now`: a silence is found so, and a complaint that nobody answered."""
    match rule.draft.trigger:
        case AlertTrigger.SILENCE:
            return _condition(rule, state, [], now)
        case AlertTrigger.SPILLWAY:
            return _waited(rule, state, now, answered)
        case _:
            return state, []


def hear_alarms(
    rule: AlertRule, state: RuleState, alarms: Sequence[Alarm], silences: Mapping[str, Silence]
) -> tuple[RuleState, list[Finding]]:
    """Return how a rule on alarms stands when these are open: one is told once, and again only after its cool-down.

    `silences` are those of apps, by the alarm's subject, as far as they are known.
    """
    codes, known = OF_ALARMS[rule.draft.trigger], state.alarms
    heard = {f"{one.code} {one.subject}": one for one in alarms if one.code in codes}
    cool_down_ms = rule.draft.cool_down_minutes * 60_000
    kept, findings = {}, []
    for name, alarm in heard.items():
        at_ms = (alarm.since_at - _EPOCH) // _MILLISECOND
        told_ms = known.get(name)
        if told_ms is None or (at_ms != told_ms and at_ms - told_ms >= cool_down_ms):
            silence = silences.get(alarm.subject) if rule.draft.trigger is AlertTrigger.APP_SILENT else None
            findings.append(_alarmed(rule, alarm, silence))
            told_ms = at_ms
        kept[name] = told_ms
    newest_ms = max((*kept.values(), 0))
    # What is over is remembered as long as it must not be told again.
    lasting = {name: ms for name, ms in known.items() if name not in kept and newest_ms - ms < cool_down_ms}
    return replace(state, alarms=lasting | kept), findings


def hear_bursts(rule: AlertRule, state: RuleState, bursts: Sequence[KeptBurst]) -> tuple[RuleState, list[Finding]]:
    """Return how a rule on every burst stands after those that were kept; older ones than the rule are passed over.

    Of a key's bursts none is told within the rule's cool-down of another, by when they happened: one that comes to be
    known later, of a tablet that was away, is held against the bursts around it.
    """
    through = state.through_burst
    newest = max((one.id for one in bursts), default=through or 0)
    if through is None:
        return replace(state, through_burst=newest), []
    fresh = [one for one in bursts if one.id > through and (rule.may_read_private or not one.is_private)]
    told, findings, cool_down_ms = dict(state.bursts), [], rule.draft.cool_down_minutes * 60_000
    for one in fresh:
        name, at_ms = _digest(one), (one.burst.seen_at - _EPOCH) // _MILLISECOND
        if all(abs(at_ms - told_ms) >= cool_down_ms for told_ms in _told_of(told, name)):
            told[name] = (*_told_of(told, name), at_ms)
            findings.append(_of_burst(rule, one))
    return replace(state, through_burst=max(through, newest), bursts=_still_told(told, cool_down_ms)), findings


def _told_of(told: Mapping[str, int | tuple[int, ...]], name: str) -> tuple[int, ...]:
    held = told.get(name, ())
    return (held,) if isinstance(held, int) else held


def _still_told(told: Mapping[str, int | tuple[int, ...]], cool_down_ms: int) -> dict[str, int | tuple[int, ...]]:
    """Return what was told, without what no burst can come near that is known within a day of its happening."""
    newest_ms = max((ms for name in told for ms in _told_of(told, name)), default=0)
    since_ms = newest_ms - max(cool_down_ms, _LATE_MS)
    kept = {name: tuple(ms for ms in _told_of(told, name) if ms > since_ms) for name in told}
    return {name: times for name, times in kept.items() if times and cool_down_ms}


def condition_of(rule: AlertRule) -> Condition:
    """Return the condition that a rule on a watch waits for, as a back-test tries it."""
    draft = rule.draft
    return Condition(
        kind=_CONDITIONS[draft.trigger],
        at_least=draft.at_least,
        window_minutes=draft.window_minutes,
        cool_down_minutes=draft.cool_down_minutes,
    )


def _condition(
    rule: AlertRule, state: RuleState, matches: Sequence[Matched], until: datetime | None
) -> tuple[RuleState, list[Finding]]:
    condition = condition_of(rule)
    given = [Match(match.at, match.mention_id) for match in matches]
    progress, tellings = step(condition, state.progress, given, until=until)
    findings = [_told(rule, condition, progress, telling) for telling in tellings]
    if not findings and given and (condition.kind is ConditionKind.EVERY or progress.is_reached):
        findings = [_more(rule, match) for match in matches]
    return replace(state, progress=progress), findings


def _told(rule: AlertRule, condition: Condition, progress: Progress, telling: Telling) -> Finding:
    held = [match.mention_id for match in progress.matches] if condition.kind is ConditionKind.COUNT else []
    ids = held or [one for one in (telling.last_mention_id,) if one is not None]
    is_counted = condition.kind is not ConditionKind.EVERY
    last = progress.last
    return Finding(
        at=telling.at,
        reason=Reason(
            trigger=rule.draft.trigger,
            watch=rule.draft.watch,
            # What came while nobody was to be told again is in the alert before this one.
            count=telling.evidence_count if is_counted else 1,
            window_s=condition.window_minutes * 60 if is_counted else None,
            since_at=last.at if condition.kind is ConditionKind.SILENCE and last is not None else None,
        ),
        mention_ids=tuple(ids[-MOST_EVIDENCE:]),
    )


def _more(rule: AlertRule, match: Matched) -> Finding:
    reason = Reason(trigger=rule.draft.trigger, watch=rule.draft.watch, count=1)
    return Finding(at=match.at, reason=reason, mention_ids=(match.mention_id,), is_new=False)


def _alarmed(rule: AlertRule, alarm: Alarm, silence: Silence | None) -> Finding:
    lasted = None if silence is None else int(silence.lasted.total_seconds())
    reason = Reason(
        trigger=rule.draft.trigger,
        subject=alarm.subject,
        detail=alarm.detail,
        count=1,
        window_s=lasted,
        usual=None if silence is None else silence.usual.total_seconds(),
        since_at=alarm.since_at,
    )
    return Finding(at=alarm.since_at, reason=reason)


def _digest(kept: KeptBurst) -> str:
    """Return what tells keys apart, and private from public, without telling a word or a name."""
    said = f"{kept.is_private} {kept.burst.key.kind} {kept.burst.key.value}"
    return blake2b(said.encode(), digest_size=8).hexdigest()


def _of_burst(rule: AlertRule, kept: KeptBurst) -> Finding:
    sign = _SIGNS.get(kept.burst.key.kind, "")
    return _surged(rule, kept.burst, kept.mention_ids, subject=f"{sign}{kept.burst.key.value}")


def _spilt(rule: AlertRule, state: RuleState, match: Matched) -> tuple[RuleState, list[Finding]]:
    if match.complaint_id is None:
        kept = (*state.complaints, Complaint(match.mention_id, match.at))[-_MOST_COMPLAINTS:]
        return replace(state, complaints=kept), []
    told = [one for one in state.complaints if one.mention_id == match.complaint_id and not one.is_out]
    if not told:
        return state, []
    kept = tuple(replace(one, is_out=True) if one in told else one for one in state.complaints)
    found = _complained(rule, match.at, (match.complaint_id, match.mention_id), sign=match.sign)
    return replace(state, complaints=kept), [found]


def _waited(
    rule: AlertRule, state: RuleState, now: datetime, answered: frozenset[MentionId]
) -> tuple[RuleState, list[Finding]]:
    patience = timedelta(minutes=rule.draft.window_minutes)
    findings, kept = [], []
    for one in state.complaints:
        if one.mention_id in answered or now - one.at > _REMEMBERED:
            continue
        is_late = not one.is_told and now - one.at >= patience
        if is_late:
            findings.append(_complained(rule, one.at + patience, (one.mention_id,)))
        kept.append(replace(one, is_told=one.is_told or is_late))
    return replace(state, complaints=tuple(kept)), findings


def _complained(rule: AlertRule, at: datetime, mention_ids: tuple[MentionId, ...], sign: str | None = None) -> Finding:
    draft = rule.draft
    reason = Reason(trigger=draft.trigger, watch=draft.watch, count=1, window_s=draft.window_minutes * 60, sign=sign)
    return Finding(at=at, reason=reason, mention_ids=mention_ids)


def _burst(rule: AlertRule, state: RuleState, match: Matched, past: Past | None) -> tuple[RuleState, list[Finding]]:
    at_ms = (match.at - _EPOCH) // _MILLISECOND
    surge, begins = _turned(state.surge, match.writer, at_ms)
    if not begins:
        return replace(state, surge=surge), []
    surge = _counted(surge, at_ms, match.mention_id)
    told, times_ms = untold(surge.told, surge.times_ms)
    if told.lasting is not None:
        return replace(state, surge=surge), [_more(rule, match)]
    key = TrendKey(TrendKind.HASHTAG, rule.draft.watch or "")
    burst = find_burst(key, times_ms, past) if past is not None and times_ms else None
    cool_down = timedelta(minutes=rule.draft.cool_down_minutes)
    surge = replace(surge, told=told if burst is None else Told(burst))
    if burst is None or (surge.told_at is not None and match.at - surge.told_at < cool_down):
        return replace(state, surge=surge), []
    found = _surged(rule, burst, surge.mention_ids)
    return replace(state, surge=replace(surge, told_at=match.at)), [found]


def _turned(surge: Surge, writer: str | None, at_ms: int) -> tuple[Surge, bool]:
    """Count what one person writes in a row in one conversation once, as `trends.bursts.Turns` does."""
    if writer is None:
        return surge, True
    kept = {one: last for one, last in surge.turns.items() if at_ms - last < SAME_TURN_MS}
    if writer in kept:
        return replace(surge, turns=kept), False
    return replace(surge, turns={**kept, writer: at_ms}), True


def _counted(surge: Surge, at_ms: int, mention_id: MentionId) -> Surge:
    times = list(surge.times_ms)
    insort(times, at_ms)
    times = times[bisect_left(times, times[-1] - WINDOWS_MS[-1]) :][-_MOST_TIMES:]
    return replace(surge, times_ms=tuple(times), mention_ids=(*surge.mention_ids, mention_id)[-MOST_EVIDENCE:])


def _surged(rule: AlertRule, burst: Burst, mention_ids: tuple[MentionId, ...], subject: str | None = None) -> Finding:
    reason = Reason(
        trigger=rule.draft.trigger,
        watch=rule.draft.watch,
        subject=subject,
        count=burst.count,
        window_s=burst.window_s,
        usual=burst.usual,
        since_at=burst.began_at,
    )
    return Finding(at=burst.seen_at, reason=reason, mention_ids=mention_ids[-min(burst.count, MOST_EVIDENCE) :])
