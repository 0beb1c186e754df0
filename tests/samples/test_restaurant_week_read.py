"""The sample log as the codec and the built-in parsers read it, against what the story says it should become."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any, NamedTuple

import pytest

from tests.architecture.source_file import PROJECT
from veilleur.model.identity import FoldId, MentionId, Owner, fold_id, mention_id
from veilleur.model.outcome import Draft, Ignored, Outcome, Parsed, Quarantined
from veilleur.parsers.registry import builtin_parsers
from veilleur_bridge.codec import Codec, Decoded
from veilleur_bridge.envelope import Envelope

LOG = PROJECT / "samples" / "restaurant-week.jsonl"
ORACLE = PROJECT / "samples" / "restaurant-week.expected.json"
OUTCOMES = {Parsed: "parsed", Ignored: "ignored", Quarantined: "quarantined"}

Json = dict[str, Any]


class ReadLine(NamedTuple):
    """One envelope, what it became, and what the story says that it should become."""

    envelope: Envelope
    outcome: Outcome
    verdict: Json


class Sighting(NamedTuple):
    """One draft of a parser beside the story's label for it."""

    label: str
    id: MentionId
    draft: Draft


@pytest.fixture(scope="module")
def oracle() -> Json:
    loaded: Json = json.loads(ORACLE.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def week(oracle: Json) -> list[ReadLine]:
    codec, parsers = Codec(), builtin_parsers()
    decoded = [codec.decode(line, topic_device="salle-1") for line in LOG.read_bytes().splitlines()]
    envelopes = [one.envelope for one in decoded if isinstance(one, Decoded) and not one.changed]
    assert len(envelopes) == len(decoded)
    return [
        ReadLine(envelope, parsers.read(envelope).outcome, verdict)
        for envelope, verdict in zip(envelopes, oracle["sightings"], strict=True)
    ]


@pytest.fixture(scope="module")
def sightings(week: list[ReadLine]) -> list[Sighting]:
    return [sighting for line in week for sighting in sightings_of(line)]


def sightings_of(line: ReadLine) -> list[Sighting]:
    drafts = line.outcome.mentions if isinstance(line.outcome, Parsed) else ()
    owner = owner_of(line.envelope)
    labels = line.verdict.get("mentions", [])
    return [
        Sighting(label, mention_id(owner, draft.identity), draft) for label, draft in zip(labels, drafts, strict=True)
    ]


def owner_of(envelope: Envelope) -> Owner:
    return Owner(envelope.device, envelope.user or 0, envelope.app.package)


def test_every_envelope_becomes_what_the_story_says(week: list[ReadLine]) -> None:
    wrong = [
        (line.envelope.seq, line.verdict, line.outcome)
        for line in week
        if OUTCOMES[type(line.outcome)] != line.verdict["outcome"]
    ]

    assert wrong == []


def test_what_is_ignored_is_ignored_for_the_storys_reason(week: list[ReadLine]) -> None:
    wrong = [
        (line.envelope.seq, line.verdict, line.outcome)
        for line in week
        if isinstance(line.outcome, Ignored) and line.verdict["reason"] not in ("noise", line.outcome.reason)
    ]

    assert wrong == []


def test_a_message_shown_again_is_the_same_mention(sightings: list[Sighting], oracle: Json) -> None:
    ids = {(sighting.label, sighting.id) for sighting in sightings}

    assert len(ids) == oracle["mentions_before_folding"]
    assert len({label for label, _ in ids}) == len({identity for _, identity in ids}) == len(ids)


def test_mentions_are_of_the_storys_kinds_from_its_people_in_their_words(
    sightings: list[Sighting], oracle: Json
) -> None:
    read = {sighting.label: described(sighting.draft) for sighting in sightings}
    told = {line["mention"]: line for line in oracle["listed"]}
    wrong = {
        label: (line, read[label])
        for label, line in told.items()
        if any(read[label][name] != line[name] for name in read[label].keys() & line.keys())
    }

    assert wrong == {}


def described(draft: Draft) -> Json:
    return {
        "kind": draft.kind,
        "visibility": draft.visibility,
        "actor": draft.actor.name if draft.actor else None,
        "others_count": draft.actor.others_count if draft.actor else None,
        "body": draft.body,
        "media": draft.media.kind if draft.media else None,
    }


def test_growing_crowds_fold_and_nothing_else_does(week: list[ReadLine], oracle: Json) -> None:
    folds: defaultdict[FoldId, set[MentionId]] = defaultdict(set)
    for line in week:
        for sighting in sightings_of(line):
            if sighting.draft.folds:
                folds[fold_of(line.envelope)].add(sighting.id)
    grown = [len(wordings) for wordings in folds.values() if len(wordings) > 1]

    assert sorted(grown) == [2, 5]
    assert oracle["mentions_before_folding"] - oracle["mentions"]["total"] == sum(grown) - len(grown)


def fold_of(envelope: Envelope) -> FoldId:
    shown = envelope.notification
    assert shown is not None
    return fold_id(owner_of(envelope), shown.key, shown.when_ms or shown.posted_at_ms or 0)


def test_the_message_taken_back_is_amended_in_its_own_place(week: list[ReadLine]) -> None:
    amended = {
        (amendment.conversation_key, amendment.sender, amendment.at_ms)
        for line in week
        if isinstance(line.outcome, Parsed)
        for amendment in line.outcome.amendments
    }

    assert [(sender, at_ms) for _, sender, at_ms in amended] == [("Bastien Orvanne", 1794490286000)]
