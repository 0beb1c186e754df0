"""What people and rules say of mentions: where it stands, who may say it, and how it is undone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from veilleur.model.arrival import Sighting
from veilleur.model.errors import QualificationError
from veilleur.model.identity import MentionId
from veilleur.model.kinds import Visibility
from veilleur.model.qualification import (
    Clearable,
    Qualification,
    QualificationAct,
    QualificationChange,
    Qualifier,
    Said,
    Tone,
)
from veilleur.model.scope import Scope
from veilleur.query.expression import EVERYTHING
from veilleur.query.reading import read_query
from veilleur.store.commit import commit_batch
from veilleur.store.database import Database
from veilleur.store.mentions import get_mention, page_mentions, total_mentions
from veilleur.store.qualification_journal import find_act, list_acts, mention_history, undo_act
from veilleur.store.qualification_tables import qualification_acts
from veilleur.store.qualifying import Deed, qualify, query_ids

EVERYONE, PUBLIC = Scope(may_read_private=True), Scope()
NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
LEA, RULE = Qualifier("Léa"), Qualifier("gros mots", is_rule=True)
NEGATIVE, POSITIVE = QualificationChange(tone=Tone.NEGATIVE), QualificationChange(tone=Tone.POSITIVE)
LATE = QualificationChange(add_tags=("Retard",))


def kept(database: Database, *sightings: Sighting) -> list[MentionId]:
    commit_batch(database, [arrival(seq, one) for seq, one in enumerate(sightings, 1)], now_ms=NOON_MS)
    return [one.id for one in sightings]


def said(
    database: Database, mention_id: MentionId, change: QualificationChange, by: Qualifier = LEA, scope: Scope = EVERYONE
) -> QualificationAct | None:
    return qualify(database, scope, [mention_id], Deed(by=by, change=change, at=NOW))


def told(database: Database, mention_id: MentionId) -> Qualification | None:
    mention = get_mention(database, EVERYONE, mention_id)
    assert mention is not None
    return mention.qualification


def found(database: Database, text: str, scope: Scope = EVERYONE) -> int:
    return total_mentions(database, scope, read_query(text, now=NOW))


def test_all_that_can_be_said_stands_on_the_page_and_is_searched(database: Database) -> None:
    first, second = kept(database, sighting("one"), sighting("two", sender="Bo"))
    assert told(database, first) is None
    change = QualificationChange(
        tone=Tone.MIXED, add_tags=("SAV", "#Qualité"), is_off_topic=True, is_treated=True, note="rappelée"
    )
    said(database, first, change)
    expected = Qualification(
        tone=Tone.MIXED,
        tone_by=LEA,
        tags=("Qualité", "SAV"),
        is_off_topic=True,
        treated_by="Léa",
        treated_at=NOW,
        note="rappelée",
    )
    assert told(database, first) == expected
    assert told(database, second) is None
    page = page_mentions(database, EVERYONE, EVERYTHING, limit=10)
    assert {one.id: one.qualification for one in page.mentions} == {first: expected, second: None}
    for text in ("tag:qualite", "tag:other,SAV", "tone:mixed,negative", "is:treated", "is:offtopic", "NOT tag:x one"):
        assert found(database, text) == 1, text
    assert [found(database, text) for text in ("tag:sa", "tone:negative", "NOT is:treated", "NOT tag:sav")] == [
        0,
        0,
        1,
        1,
    ]


def test_each_field_is_the_last_writers_and_a_person_stands_over_a_rule(database: Database) -> None:
    """Seen to fail without `standing.is_rule` in `_is_new`: the rule's word then stood over Léa's."""
    (mention,) = kept(database, sighting("one"))
    said(database, mention, QualificationChange(tone=Tone.NEGATIVE, add_tags=("Retard",)), RULE)
    assert told(database, mention) == Qualification(tone=Tone.NEGATIVE, tone_by=RULE, tags=("Retard",))
    said(database, mention, POSITIVE)
    said(database, mention, QualificationChange(remove_tags=("retard",)))
    assert said(database, mention, QualificationChange(tone=Tone.NEGATIVE, add_tags=("Retard",)), RULE) is None
    assert told(database, mention) == Qualification(tone=Tone.POSITIVE, tone_by=LEA)
    said(database, mention, NEGATIVE, Qualifier("Bo"))
    assert told(database, mention) == Qualification(tone=Tone.NEGATIVE, tone_by=Qualifier("Bo"))
    said(database, mention, QualificationChange(clear=(Clearable.TONE,)))
    assert told(database, mention) is None


def test_saying_what_stands_already_changes_nothing_and_takes_no_credit(database: Database) -> None:
    (mention,) = kept(database, sighting("one"))
    treated = QualificationChange(is_treated=True)
    said(database, mention, treated)
    assert said(database, mention, treated, Qualifier("Bo")) is None
    assert told(database, mention) == Qualification(treated_by="Léa", treated_at=NOW)
    assert len(list_acts(database, EVERYONE, limit=10)) == 1


def test_an_act_is_undone_where_its_word_still_stands(database: Database) -> None:
    first, second = kept(database, sighting("one"), sighting("two", sender="Bo"))
    said(database, first, POSITIVE)
    act = qualify(database, EVERYONE, [first, second], Deed(by=LEA, change=NEGATIVE, at=NOW, query_text="x"))
    assert act is not None
    assert (act.mention_count, act.query) == (2, "x")
    said(database, second, QualificationChange(tone=Tone.NEUTRAL))
    assert undo_act(database, EVERYONE, act.id, by="Bo", now=NOW) == 1
    assert told(database, first) == Qualification(tone=Tone.POSITIVE, tone_by=LEA)
    assert told(database, second) == Qualification(tone=Tone.NEUTRAL, tone_by=LEA)
    assert undo_act(database, EVERYONE, act.id, by="Bo", now=NOW) is None
    undone = find_act(database, EVERYONE, act.id)
    assert undone is not None
    assert (undone.undone_by, undone.undone_at) == ("Bo", NOW)


def test_an_undoing_that_was_interrupted_is_gone_on_with(database: Database) -> None:
    """Catches an act that says undone while its word stands: killed after the first step, it could never be undone."""
    (mention,) = kept(database, sighting("one"))
    act = said(database, mention, POSITIVE)
    assert act is not None
    with database.writing() as connection:
        connection.execute(update(qualification_acts).values(undone_at=0, undone_by="Bo"))

    assert undo_act(database, EVERYONE, act.id, by="Bo", now=NOW) == 1
    assert told(database, mention) is None
    assert undo_act(database, EVERYONE, act.id, by="Bo", now=NOW) is None


def test_undoing_passes_over_what_was_undone_before(database: Database) -> None:
    """Seen to fail with the journal's `before` taken as it is: Léa's undone word came back."""
    (mention,) = kept(database, sighting("one"))
    acts = [said(database, mention, change) for change in (POSITIVE, NEGATIVE, QualificationChange(tone=Tone.MIXED))]
    numbers = [act.id for act in acts if act]
    undo_act(database, EVERYONE, numbers[1], by="Bo", now=NOW)
    assert told(database, mention) == Qualification(tone=Tone.MIXED, tone_by=LEA)
    undo_act(database, EVERYONE, numbers[2], by="Bo", now=NOW)
    assert told(database, mention) == Qualification(tone=Tone.POSITIVE, tone_by=LEA)
    undo_act(database, EVERYONE, numbers[0], by="Bo", now=NOW)
    assert told(database, mention) is None


def test_the_journal_tells_who_said_what_when_and_what_stood_before(database: Database) -> None:
    (mention,) = kept(database, sighting("one"))
    said(database, mention, POSITIVE, RULE)
    said(database, mention, QualificationChange(tone=Tone.NEGATIVE, add_tags=("SAV",)))
    history = mention_history(database, EVERYONE, mention)
    assert history is not None
    assert {(one.field, one.tag, one.before, one.after, one.said_by) for one in history} == {
        (Said.TONE, None, None, "positive", RULE),
        (Said.TONE, None, "positive", "negative", LEA),
        (Said.TAG, "SAV", None, "SAV", LEA),
    }


@pytest.mark.attack
def test_who_may_not_read_private_mentions_neither_qualifies_nor_infers_them(database: Database) -> None:
    """Seen to fail with `readable` that knows the project alone, and with acts of everybody listed."""
    open_one, hidden = kept(database, sighting("one"), sighting("two", sender="Bo", visibility=Visibility.PRIVATE))
    assert said(database, hidden, NEGATIVE, scope=PUBLIC) is None
    assert told(database, hidden) is None
    assert query_ids(database, PUBLIC, EVERYTHING) == [open_one]
    act = said(database, hidden, LATE)
    assert act is not None
    assert found(database, "tag:retard", PUBLIC) == 0
    assert mention_history(database, PUBLIC, hidden) is None
    assert list_acts(database, PUBLIC, limit=10) == ()
    assert undo_act(database, PUBLIC, act.id, by="x", now=NOW) is None
    assert told(database, hidden) == Qualification(tags=("Retard",))


def test_what_is_said_of_a_member_holds_for_its_fold_whoever_is_shown(database: Database) -> None:
    small, large = sighting("a and 2", others=2, fold="f1"), sighting("a and 9", others=9, fold="f1")
    commit_batch(database, [arrival(1, small)], now_ms=NOON_MS)
    said(database, small.id, LATE)
    commit_batch(database, [arrival(2, large)], now_ms=NOON_MS)
    assert get_mention(database, EVERYONE, small.id) is None
    assert told(database, large.id) == Qualification(tags=("Retard",))
    assert found(database, "tag:retard") == 1
    said(database, small.id, NEGATIVE)
    assert told(database, large.id) == Qualification(tags=("Retard",), tone=Tone.NEGATIVE, tone_by=LEA)


def test_what_is_said_goes_with_its_mention_into_another_fold(database: Database) -> None:
    """Seen to fail without `follow_mentions` in the merge: the mention came out of its new fold unqualified."""
    later = sighting("a and 2", others=2, fold="f1")
    commit_batch(database, [arrival(1, later, captured_at_ms=NOON_MS + 9_000)], now_ms=NOON_MS)
    act = said(database, later.id, LATE)
    assert act is not None
    commit_batch(database, [arrival(2, sighting("a and 2", others=2, fold="f2"))], now_ms=NOON_MS)
    assert told(database, later.id) == Qualification(tags=("Retard",))
    history = mention_history(database, EVERYONE, later.id)
    assert history is not None
    assert len(history) == 1
    undo_act(database, EVERYONE, act.id, by="Bo", now=NOW)
    assert told(database, later.id) is None


def test_a_qualification_outlives_a_replay_into_the_same_database(database: Database) -> None:
    (mention,) = kept(database, sighting("one"))
    said(database, mention, LATE)
    kept(database, sighting("one"))
    assert told(database, mention) == Qualification(tags=("Retard",))


@pytest.mark.parametrize(
    "change",
    [
        QualificationChange(),
        QualificationChange(add_tags=("two words",)),
        QualificationChange(add_tags=("a,b",)),
        QualificationChange(add_tags=("",)),
        QualificationChange(add_tags=("x" * 51,)),
        QualificationChange(add_tags=tuple(f"t{n}" for n in range(51))),
        QualificationChange(note="x" * 2_001),
        QualificationChange(note=""),
        QualificationChange(note="a\0b"),
        QualificationChange(tone=Tone.MIXED, clear=(Clearable.TONE,)),
    ],
)
def test_what_nobody_can_say_is_refused(database: Database, change: QualificationChange) -> None:
    (mention,) = kept(database, sighting("one"))
    with pytest.raises(QualificationError):
        said(database, mention, change)


def test_many_are_qualified_at_once_and_undone_at_once(database: Database) -> None:
    many = [sighting(f"w{n}", sender=f"s{n}", at_ms=NOON_MS + n) for n in range(1_200)]
    kept(database, *many)
    ids = query_ids(database, EVERYONE, EVERYTHING)
    act = qualify(database, EVERYONE, ids, Deed(by=LEA, change=LATE, at=NOW + timedelta(hours=1), query_text=""))
    assert act is not None
    assert (act.mention_count, found(database, "tag:retard")) == (1_200, 1_200)
    assert undo_act(database, EVERYONE, act.id, by="Léa", now=NOW) == 1_200
    assert found(database, "tag:retard") == 0
