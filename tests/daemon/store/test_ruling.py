"""Rules qualify what comes as it comes, and the past when they are told to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from veilleur.model.errors import QualificationError, QueryError
from veilleur.model.identity import MentionId
from veilleur.model.kinds import Visibility
from veilleur.model.qualification import Clearable, Qualification, QualificationChange, Qualifier, Speaker, Tone
from veilleur.model.rules import QualificationRule
from veilleur.model.scope import Scope
from veilleur.store.changes import page_changes
from veilleur.store.commit import commit_batch
from veilleur.store.consumers import consume, register
from veilleur.store.database import Database
from veilleur.store.mentions import get_mention
from veilleur.store.qualification_journal import list_acts, undo_act
from veilleur.store.qualifying import Deed, qualify
from veilleur.store.rules import add_rule, apply_rule, count_for_rule, find_rule, list_rules, remove_rule
from veilleur.store.ruling import rules_consumer, verdicts

EVERYONE, PUBLIC = Scope(may_read_private=True), Scope()
NOW = datetime(2026, 11, 10, 12, tzinfo=UTC)
NEGATIVE = QualificationChange(tone=Tone.NEGATIVE)


def rule(name: str, change: QualificationChange, *words: str, query: str = "") -> QualificationRule:
    return QualificationRule(
        name=name,
        project="default",
        query=query,
        words=words,
        change=change,
        may_read_private=True,
        created_by="léa",
        created_at=NOW,
    )


def told(database: Database, mention_id: MentionId) -> Qualification | None:
    mention = get_mention(database, EVERYONE, mention_id)
    assert mention is not None
    return mention.qualification


def let_rules_speak(database: Database) -> None:
    while consume(database, rules_consumer(database, lambda: NOW)):
        pass


def test_a_list_of_words_gives_its_tone_to_what_comes(database: Database) -> None:
    """Seen to fail with rules that see everything: the public rule then spoke of the private mention."""
    register(database, "rules")
    add_rule(database, EVERYONE, rule("colère", NEGATIVE, "honteu*", "plus jamais"))
    add_rule(database, PUBLIC, rule("livraison", QualificationChange(add_tags=("Livraison",)), query="colis"))
    angry, calm = sighting("C'est HONTEUX ce colis"), sighting("jamais plus", sender="Bo")
    hidden = sighting("plus jamais de colis", sender="Cy", visibility=Visibility.PRIVATE)
    commit_batch(database, [arrival(seq, one) for seq, one in enumerate((angry, calm, hidden), 1)], now_ms=NOON_MS)
    let_rules_speak(database)
    by = Qualifier("colère", is_rule=True)
    assert told(database, angry.id) == Qualification(tone=Tone.NEGATIVE, tone_by=by, tags=("Livraison",))
    assert told(database, calm.id) is None
    assert told(database, hidden.id) == Qualification(tone=Tone.NEGATIVE, tone_by=by)
    acts = len(list_acts(database, EVERYONE, limit=10))
    let_rules_speak(database)
    assert len(list_acts(database, EVERYONE, limit=10)) == acts == 2


def test_acts_of_people_are_found_among_those_of_rules(database: Database) -> None:
    """Broken line: `is_rule.is_(by is Speaker.PEOPLE)`; then people's acts were those of rules."""
    register(database, "rules")
    add_rule(database, EVERYONE, rule("colère", NEGATIVE, "honteux"))
    one = sighting("C'est honteux")
    commit_batch(database, [arrival(1, one)], now_ms=NOON_MS)
    let_rules_speak(database)
    qualify(database, EVERYONE, [one.id], Deed(by=Qualifier("Léa"), change=NEGATIVE, at=NOW))

    told_by = {by: [act.done_by.name for act in list_acts(database, EVERYONE, limit=9, by=by)] for by in Speaker}
    assert told_by == {Speaker.PEOPLE: ["Léa"], Speaker.RULES: ["colère"]}
    assert len(list_acts(database, EVERYONE, limit=9)) == 2


def test_of_two_rules_the_later_made_stands_and_neither_over_a_person(database: Database) -> None:
    register(database, "rules")
    add_rule(database, EVERYONE, rule("first", NEGATIVE, "colis"))
    add_rule(database, EVERYONE, rule("second", QualificationChange(tone=Tone.POSITIVE), "merci"))
    both = sighting("merci pour le colis")
    commit_batch(database, [arrival(1, both)], now_ms=NOON_MS)
    let_rules_speak(database)
    assert told(database, both.id) == Qualification(tone=Tone.POSITIVE, tone_by=Qualifier("second", is_rule=True))
    person = Deed(by=Qualifier("léa"), change=QualificationChange(tone=Tone.MIXED), at=NOW)
    qualify(database, EVERYONE, [both.id], person)
    let_rules_speak(database)
    assert told(database, both.id) == Qualification(tone=Tone.MIXED, tone_by=Qualifier("léa"))


def test_a_rule_speaks_of_the_past_when_told_and_is_undone(database: Database) -> None:
    one, other = sighting("le colis"), sighting("un colis", sender="Bo", visibility=Visibility.PRIVATE)
    commit_batch(database, [arrival(1, one), arrival(2, other)], now_ms=NOON_MS)
    assert add_rule(database, EVERYONE, rule("colis", NEGATIVE, "colis"))
    assert not add_rule(database, EVERYONE, rule("colis", NEGATIVE, "colis"))
    kept = find_rule(database, EVERYONE, "colis")
    assert kept is not None
    assert [count_for_rule(database, scope, kept, now=NOW) for scope in (EVERYONE, PUBLIC)] == [2, 1]
    act = apply_rule(database, EVERYONE, kept, now=NOW)
    assert act is not None
    assert (act.mention_count, act.done_by) == (2, Qualifier("colis", is_rule=True))
    assert list_rules(database, PUBLIC) == ()
    assert not remove_rule(database, PUBLIC, "colis")
    assert remove_rule(database, EVERYONE, "colis")
    assert undo_act(database, EVERYONE, act.id, by="léa", now=NOW) == 2
    assert told(database, one.id) is None


def test_what_is_taken_back_of_a_rules_word_is_not_said_again(database: Database) -> None:
    """Catches rules that hear of what is said: the consumer said it again in the same second."""
    register(database, "rules")
    add_rule(database, EVERYONE, rule("colis", NEGATIVE, "colis"))
    one = sighting("le colis")
    commit_batch(database, [arrival(1, one)], now_ms=NOON_MS)
    let_rules_speak(database)
    (act,) = list_acts(database, EVERYONE, limit=10)

    assert undo_act(database, EVERYONE, act.id, by="léa", now=NOW) == 1
    let_rules_speak(database)

    assert told(database, one.id) is None
    assert len(list_acts(database, EVERYONE, limit=10)) == 1


def test_a_rule_that_this_release_cannot_read_silences_no_other(database: Database) -> None:
    unread = rule("broken", NEGATIVE, query="mood:grim")
    one = sighting("le colis")
    commit_batch(database, [arrival(1, one)], now_ms=NOON_MS)
    changes = page_changes(database, EVERYONE, limit=10).changes

    found = verdicts([unread, rule("colis", NEGATIVE, "colis")], changes, now=NOW)

    assert [speaker.name for speaker, _ in found] == ["colis"]


@pytest.mark.parametrize(
    "wrong",
    [
        rule("nothing", NEGATIVE),
        rule("chases", NEGATIVE, query="a NOT tag:b"),
        rule("chases", NEGATIVE, query="a OR (b is:treated)"),
        rule("empty word", NEGATIVE, "a", "  "),
        rule("no word", NEGATIVE, "!?"),
        rule("many", NEGATIVE, *("a",) * 501),
        rule("a/b", NEGATIVE, "a"),
        rule(" ", NEGATIVE, "a"),
        rule("says nothing", QualificationChange(), "a"),
        rule("treats", QualificationChange(is_treated=True), "a"),
        rule("clears", QualificationChange(clear=(Clearable.TONE,)), "a"),
        rule("cannot be read", NEGATIVE, query="a AND"),
    ],
    ids=lambda one: one.name,
)
def test_a_rule_that_cannot_be_is_refused(database: Database, wrong: QualificationRule) -> None:
    with pytest.raises((QualificationError, QueryError)):
        add_rule(database, EVERYONE, wrong)
