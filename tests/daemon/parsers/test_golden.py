"""Every golden case is read as it says, and every wording of every catalogue has one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from tests.daemon.parsers.golden import GoldenCase, golden_cases, outcome_as_json
from veilleur.parsers.catalogue import Entry
from veilleur.parsers.catalogue_loading import BUILT_IN, load_catalogues
from veilleur.parsers.plaintext import make_plain
from veilleur.parsers.registry import ParserRegistry
from veilleur.parsers.wording_forms import ActorPlace
from veilleur.parsers.wordings import Wordings

CASES = list(golden_cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_notification_becomes_what_its_golden_case_says(case: GoldenCase, registry: ParserRegistry) -> None:
    assert outcome_as_json(registry.read(case.envelope).outcome) == case.expected


def test_no_two_cases_have_one_name() -> None:
    names = [case.name for case in CASES]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("app", sorted(folder.name for folder in BUILT_IN.iterdir()))
def test_every_wording_has_a_golden_case(app: str) -> None:
    catalogues = load_catalogues(app)
    wordings = Wordings(catalogues)
    shown = {text for case in CASES if case.app == app for text in shown_texts(case)}
    read = {(entry.language, entry.name) for text in shown for entry in entries_of(text, wordings, catalogues)}
    every = {(entry.language, entry.name) for catalogue in catalogues.values() for entry in catalogue.entries}
    assert every - read == set()


def shown_texts(case: GoldenCase) -> Iterator[str]:
    shown = case.envelope.notification
    assert shown is not None
    messages = [message.text for message in shown.messages or ()]
    yield from (text for text in (shown.title, shown.text, shown.ticker, *messages) if text)


def entries_of(text: str, wordings: Wordings, languages: Iterable[str]) -> Iterator[Entry]:
    for place in ActorPlace:
        for language in languages:
            found = wordings.find(make_plain(text), language, lambda _meaning: True, place)
            if found is not None:
                yield found.entry
