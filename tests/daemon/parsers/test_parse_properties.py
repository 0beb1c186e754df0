"""What holds for every notification, believable or not: an outcome, the same each time, and nothing raised."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.daemon.parsers.golden import GoldenCase, golden_cases, outcome_as_json
from tests.daemon.parsers.parser_parts import WHATSAPP, envelope_of
from veilleur.model.identity import Identity
from veilleur.model.outcome import Ignored, Parsed, Quarantined
from veilleur.parsers.catalogue_loading import APP_FILE, BUILT_IN, load_catalogues
from veilleur.parsers.registry import builtin_parsers

CASES = list(golden_cases())[::9]
APPS = sorted(folder.name for folder in BUILT_IN.iterdir())
EXAMPLES = [entry.example for app in APPS for catalogue in load_catalogues(app).values() for entry in catalogue.entries]
MARKS = "\u200e\u2068\u2069\u00a0\u202f\u0301’:… ()@#+"
PIECES = st.sampled_from([*EXAMPLES, *"\u0600\U0001f525\ud800\x00\n", *MARKS]) | st.text(max_size=12)
TEXTS = st.none() | st.lists(PIECES, max_size=5).map("".join)
TIMES = st.none() | st.integers(-(2**63), 2**63)
FLAGS = st.none() | st.booleans()
APP_FILES = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(BUILT_IN.glob(f"*/{APP_FILE}"))]
OF_APPS = [one["id"] for file in APP_FILES for table in ("channel", "category") for one in file.get(table, ())]
OF_WHATSAPP = ["individual_chat_defaults_1", "group_chat_defaults", "silent_notifications_3", "voip_notification_8"]
CHANNELS = st.none() | st.sampled_from([*OF_APPS, *OF_WHATSAPP, "comment_push_associated_4", "other_channel"])
FINER = sorted({file["category_extra"] for file in APP_FILES if "category_extra" in file})
EXTRAS = st.none() | st.dictionaries(st.sampled_from([*FINER, "link", "feed", "line.message.id"]), CHANNELS | TEXTS)
MESSAGES = st.none() | st.lists(
    st.fixed_dictionaries({"sender": TEXTS, "text": TEXTS, "at_ms": TIMES, "mime": TEXTS, "sender_key": TEXTS}),
    max_size=4,
)
NOTIFICATIONS = st.fixed_dictionaries(
    {
        "title": TEXTS,
        "text": TEXTS,
        "big_text": TEXTS,
        "ticker": TEXTS,
        "sub_text": TEXTS,
        "text_lines": st.none() | st.lists(TEXTS.map(lambda text: text or ""), max_size=3).map(tuple),
        "group": TEXTS,
        "is_group_summary": FLAGS,
        "extras": EXTRAS,
        "conversation_title": TEXTS,
        "self_name": TEXTS,
        "tag": TEXTS,
        "channel": CHANNELS | TEXTS,
        "shortcut_id": st.none() | st.sampled_from(["1@g.us", "33600000000@s.whatsapp.net", "1@lid"]) | TEXTS,
        "is_group_conversation": FLAGS,
        "category": st.none() | st.sampled_from(["msg", "call", "progress"]),
        "flags": st.none() | st.integers(-(2**31), 2**31),
        "when_ms": TIMES,
        "posted_at_ms": TIMES,
    }
)
LOCALES = st.sampled_from([None, "fr-FR", "en_GB", "vi", "", "-", "zh-Hant-TW"])


REGISTRY, ANOTHER = builtin_parsers(), builtin_parsers()
PACKAGES = st.sampled_from([*sorted(REGISTRY.names_by_package), "org.example"])
SLICES = 10


def read_twice(package: str, locale: str | None, fields: dict[str, Any], messages: list[dict[str, Any]] | None) -> None:
    envelope = envelope_of(package, {**fields, **({"messages": messages} if messages else {})}, locale=locale)
    outcome = REGISTRY.read(envelope).outcome
    assert isinstance(outcome, Parsed | Ignored | Quarantined)
    assert outcome != Quarantined("parser_failed")
    assert ANOTHER.read(envelope).outcome == outcome


ANY_NOTIFICATION = given(package=PACKAGES, locale=LOCALES, fields=NOTIFICATIONS, messages=MESSAGES)


@ANY_NOTIFICATION
@settings(max_examples=400, deadline=None)
def test_any_notification_has_one_outcome_and_raises_nothing(
    package: str, locale: str | None, fields: dict[str, Any], messages: list[dict[str, Any]] | None
) -> None:
    read_twice(package, locale, fields, messages)


@pytest.mark.soak
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("_part", range(SLICES))
@ANY_NOTIFICATION
@settings(max_examples=100_000 // SLICES, deadline=None, database=None)
def test_a_hundred_thousand_notifications_raise_nothing(
    _part: int, package: str, locale: str | None, fields: dict[str, Any], messages: list[dict[str, Any]] | None
) -> None:
    read_twice(package, locale, fields, messages)


def test_every_app_that_has_a_parser_is_among_them() -> None:
    assert len(REGISTRY.names_by_package) > len(APPS)
    assert {package for app in APP_FILES for package in app["packages"]} <= set(REGISTRY.names_by_package)


@given(st.permutations(CASES))
@settings(max_examples=20, deadline=None)
def test_what_was_read_before_changes_nothing(cases: list[GoldenCase]) -> None:
    assert all(outcome_as_json(REGISTRY.read(case.envelope).outcome) == case.expected for case in cases)


@given(NOTIFICATIONS, MESSAGES)
@settings(max_examples=200, deadline=None)
def test_identity_is_made_of_raw_fields_whatever_the_language(
    fields: dict[str, Any], messages: list[dict[str, Any]] | None
) -> None:
    shown = {**fields, **({"messages": messages} if messages else {})}
    in_french, in_english = _identities(shown, "fr"), _identities(shown, "en")
    assert in_french == in_english or not in_french or not in_english


def _identities(fields: dict[str, Any], locale: str) -> list[Identity]:
    outcome = REGISTRY.read(envelope_of(WHATSAPP, fields, locale=locale)).outcome
    return [draft.identity for draft in outcome.mentions] if isinstance(outcome, Parsed) else []
