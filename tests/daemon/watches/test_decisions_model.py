"""People, rules and watches over a few mentions, in any order, beside a model of a few lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from msgspec import Struct

from tests.daemon.store.arrivals import NOON_MS, arrival, sighting
from veilleur.model.identity import MentionId
from veilleur.model.qualification import QualificationChange, Qualifier, Tone
from veilleur.model.rules import QualificationRule
from veilleur.model.scope import Scope
from veilleur.model.watch import Saved, WatchDraft
from veilleur.query.reading import read_query
from veilleur.store.commit import commit_batch
from veilleur.store.consumers import consume, register
from veilleur.store.database import Database
from veilleur.store.opening import open_database
from veilleur.store.qualification_journal import list_acts, undo_act
from veilleur.store.qualifying import Deed, qualify, query_ids
from veilleur.store.rules import add_rule, remove_rule
from veilleur.store.ruling import rules_consumer
from veilleur.store.watch_hits import mark_seen, new_mentions
from veilleur.store.watches import archive_watch, get_watch, restore_watch, save_watch
from veilleur.watches.coming_in import CONSUMER, watch_consumer

EVERYONE = Scope(may_read_private=True)
NOW = datetime.fromtimestamp(NOON_MS / 1000, UTC)
LEA = "léa"
NAME = "watched"
WORDS = ("colis", "retard", "merci")
TONE = "tone"
THINGS = (TONE, *WORDS)
"""What is said: a tone, or one of three tags, named as the words are."""


class Spoken(Struct):
    """What an act said anew in one place; None takes back."""

    act_id: int
    value: str | None
    is_rule: bool
    is_undone: bool = False


class Decisions(RuleBasedStateMachine):
    """Says, undoes, rules and watches in the store, and keeps beside what should stand."""

    def __init__(self, opened: Callable[[], Database]) -> None:
        super().__init__()
        self.database = opened()
        register(self.database, "rules")
        register(self.database, CONSUMER)
        self.words: dict[MentionId, str] = {}
        self.said: dict[tuple[MentionId, str], list[Spoken]] = defaultdict(list)
        self.speaking: dict[str, dict[str, str | None]] = {}
        self.query: str | None = None
        self.is_archived = False
        self.unseen: list[MentionId] = []

    @rule(word=st.sampled_from(WORDS))
    def arrive(self, word: str) -> None:
        one = sighting(word, at_ms=NOON_MS + len(self.words))
        commit_batch(self.database, [arrival(len(self.words) + 1, one)], now_ms=NOON_MS)
        self.words[one.id] = word
        while consume(self.database, rules_consumer(self.database, lambda: NOW)):
            pass
        while consume(self.database, watch_consumer(self.database, lambda: NOW)):
            pass
        if word in self.speaking:
            self._note(self._newest_act(), [one.id], self.speaking[word], is_rule=True)
        if word == self.query and not self.is_archived:
            self.unseen.append(one.id)

    @precondition(lambda self: self.words)
    @rule(word=st.sampled_from(WORDS), thing=st.sampled_from(THINGS), tone=st.sampled_from(Tone), adds=st.booleans())
    def say(self, word: str, thing: str, tone: Tone, *, adds: bool) -> None:
        told = ids_of(self.words, word)
        change = of_tone(tone) if thing == TONE else of_tag(thing, adds=adds)
        value = tone.value if thing == TONE else thing if adds else None
        act = qualify(self.database, EVERYONE, told, Deed(by=Qualifier(LEA), change=change, at=NOW))
        self._note(0 if act is None else act.id, told, {thing: value}, is_rule=False)

    @rule(word=st.sampled_from(WORDS), tone=st.sampled_from(Tone), is_tag=st.booleans())
    def make_rule(self, word: str, tone: Tone, *, is_tag: bool) -> None:
        change = of_tag(word, adds=True) if is_tag else of_tone(tone)
        made = QualificationRule(
            name=word,
            project="default",
            query=word,
            words=(),
            change=change,
            may_read_private=True,
            created_by=LEA,
            created_at=NOW,
        )
        assert add_rule(self.database, EVERYONE, made) is (word not in self.speaking)
        self.speaking.setdefault(word, {word: word} if is_tag else {TONE: tone.value})

    @rule(word=st.sampled_from(WORDS))
    def end_rule(self, word: str) -> None:
        assert remove_rule(self.database, EVERYONE, word) is (self.speaking.pop(word, None) is not None)

    @rule(back=st.integers(0, 4))
    def undo(self, back: int) -> None:
        acts = [act for act in list_acts(self.database, EVERYONE, limit=50) if act.undone_at is None]
        if acts:
            act_id = acts[back % len(acts)].id
            assert undo_act(self.database, EVERYONE, act_id, by=LEA, now=NOW) is not None
            for one in (one for spoken in self.said.values() for one in spoken if one.act_id == act_id):
                one.is_undone = True

    @rule(word=st.sampled_from(WORDS))
    def watch(self, word: str) -> None:
        saved = save_watch(self.database, EVERYONE, NAME, WatchDraft(word), by=LEA, now=NOW)
        assert saved is (Saved.ARCHIVED if self.is_archived else Saved.SAVED)
        if not self.is_archived and word != self.query:
            self.query, self.unseen = word, []

    @precondition(lambda self: self.query)
    @rule()
    def turn_watch(self) -> None:
        if self.is_archived:
            assert restore_watch(self.database, EVERYONE, NAME)
        else:
            assert archive_watch(self.database, EVERYONE, NAME, by=LEA, now=NOW)
        self.is_archived = not self.is_archived

    @precondition(lambda self: self.query and not self.is_archived)
    @rule(count=st.integers(1, 3))
    def see(self, count: int) -> None:
        found = get_watch(self.database, EVERYONE, NAME)
        assert found is not None
        page = new_mentions(self.database, EVERYONE, found, LEA, limit=count)
        mark_seen(self.database, found, LEA, page.next_cursor, now=NOW)
        self.unseen = self.unseen[count:]

    @invariant()
    def _what_is_found_is_what_stands(self) -> None:
        for thing in THINGS:
            for value in Tone if thing == TONE else (thing,):
                query = read_query(f"tone:{value}" if thing == TONE else f"tag:{thing}", now=NOW)
                stands = {one for one in self.words if self._standing(one, thing) == value}
                assert set(query_ids(self.database, EVERYONE, query)) == stands, (thing, value)

    @invariant()
    def _what_is_new_is_what_came_in(self) -> None:
        found = get_watch(self.database, EVERYONE, NAME)
        assert (found is not None) is (self.query is not None)
        if found is not None and not self.is_archived:
            new = new_mentions(self.database, EVERYONE, found, LEA, limit=100)
            assert [one.id for one in new.mentions] == self.unseen

    def teardown(self) -> None:
        self.database.close()

    def _note(self, act_id: int, told: list[MentionId], said: dict[str, str | None], *, is_rule: bool) -> None:
        for mention_id in told:
            for thing, value in said.items():
                spoken = self.said[mention_id, thing]
                last = next((one for one in reversed(spoken) if not one.is_undone), None)
                if is_new(last, value, is_rule=is_rule):
                    spoken.append(Spoken(act_id, value, is_rule))

    def _standing(self, mention_id: MentionId, thing: str) -> str | None:
        """Return the last word that nobody took back: an undone act is as if nobody had spoken."""
        return next((one.value for one in reversed(self.said[mention_id, thing]) if not one.is_undone), None)

    def _newest_act(self) -> int:
        return list_acts(self.database, EVERYONE, limit=1)[0].id


def is_new(last: Spoken | None, value: str | None, *, is_rule: bool) -> bool:
    """Return whether this is said anew: no rule speaks over a person, and a person may repeat a rule."""
    if last is None:
        return value is not None
    return last.value != value if last.is_rule == is_rule else last.is_rule


def ids_of(words: dict[MentionId, str], word: str) -> list[MentionId]:
    return [one for one, held in words.items() if held == word]


def of_tone(tone: Tone) -> QualificationChange:
    return QualificationChange(tone=tone)


def of_tag(tag: str, *, adds: bool) -> QualificationChange:
    return QualificationChange(add_tags=(tag,)) if adds else QualificationChange(remove_tags=(tag,))


def checked(examples: int, opened: Callable[[], Database]) -> None:
    """Run the machine so often; the ordinary suite asks the same each time, the long form seeks new ones."""

    class Opened(Decisions):
        def __init__(self) -> None:
            super().__init__(opened)

    run_state_machine_as_test(
        Opened,
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            deadline=None,
            database=None,
            derandomize=examples <= FEW,
            suppress_health_check=list(HealthCheck),
        ),
    )


FEW = 5


@pytest.mark.parametrize(
    "examples",
    [
        pytest.param(FEW, marks=pytest.mark.timeout(300)),
        pytest.param(400, marks=[pytest.mark.soak, pytest.mark.timeout(3_600)]),
    ],
)
def test_what_people_rules_and_watches_did_is_what_stands(examples: int, tmp_path: Path) -> None:
    """The machine asks no database but SQLite: what differs on PostgreSQL is asked by the tests of each part."""
    numbers = iter(range(10_000))
    checked(examples, lambda: open_database(f"sqlite:///{tmp_path / f'{next(numbers)}.db'}"))
