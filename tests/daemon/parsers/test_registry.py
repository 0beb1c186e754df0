"""What the registry says before any parser is asked, and what it does when one fails."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.daemon.parsers.parser_parts import TIKTOK, WHATSAPP, Fields, envelope_of
from veilleur.model.errors import ParserConflict
from veilleur.model.outcome import Ignored, Outcome, Parsed, Quarantined
from veilleur.parsers.catalogue_loading import load_catalogues
from veilleur.parsers.generic import GenericParser
from veilleur.parsers.protocol import Parser
from veilleur.parsers.registry import ParserRegistry, builtin_parsers
from veilleur.parsers.screening import COMPANION_PACKAGE
from veilleur.parsers.wordings import Wordings
from veilleur_bridge.envelope import Envelope
from veilleur_bridge.sources.imported import MISSING_EXTRA

LIKE: Fields = {"title": "Ayo", "text": "liked your video.", "channel": "digg_push"}


class FailingParser:
    """Breaks at every notification, as a plug-in may."""

    name = "failing"
    version = 3
    platform = "other"
    packages = frozenset({"org.example"})

    def parse(self, envelope: Envelope) -> Outcome:
        raise LookupError(envelope.id)


def registry_of(*parsers: Parser, failures: list[tuple[str, type[Exception]]] | None = None) -> ParserRegistry:
    noted = failures if failures is not None else []
    on_failure = lambda name, error: noted.append((name, error))  # noqa: E731  # the shortest callback
    return ParserRegistry(parsers, GenericParser(), Wordings(load_catalogues("android")), on_failure)


@pytest.mark.parametrize("event", ["removed", "lost"])
def test_an_event_without_words_is_ignored_by_its_name(event: str, registry: ParserRegistry) -> None:
    envelope = replace(envelope_of(TIKTOK, LIKE), event=event)
    assert registry.read(envelope).outcome == Ignored(event)
    assert registry.read(replace(envelope, notification=None)).outcome == Ignored(event)


@pytest.mark.parametrize(
    ("envelope", "reason"),
    [
        (envelope_of(TIKTOK, LIKE, event="snoozed"), "unknown_event"),
        (envelope_of(TIKTOK, LIKE, source="watch"), "unknown_source"),
        (envelope_of(TIKTOK, LIKE, redacted=["otp", "passport"]), "unknown_redaction"),
        (replace(envelope_of(TIKTOK, LIKE), notification=None), "no_notification"),
        (envelope_of("org.example", LIKE), "no_parser"),
    ],
)
def test_what_a_later_release_may_understand_is_kept(envelope: Envelope, reason: str, registry: ParserRegistry) -> None:
    assert registry.read(envelope).outcome == Quarantined(reason)


@pytest.mark.parametrize(
    ("package", "fields", "reason"),
    [
        (COMPANION_PACKAGE, {"title": "canary"}, "canary"),
        (TIKTOK, {**LIKE, "ongoing": True}, "ongoing"),
        (TIKTOK, {**LIKE, "flags": 0x2}, "ongoing"),
        (TIKTOK, {**LIKE, "flags": 0x40}, "foreground"),
        (TIKTOK, {**LIKE, "progress": 40}, "progress"),
        (TIKTOK, {**LIKE, "category": "progress"}, "progress"),
        ("org.example.player", {"title": "A song", "category": "transport"}, "media"),
        ("org.example", {"title": "Bank", "text": "Sensitive notification content hidden"}, "redacted"),
    ],
)
def test_noise_of_any_app_is_ignored_with_its_reason(
    package: str, fields: Fields, reason: str, registry: ParserRegistry
) -> None:
    assert registry.read(envelope_of(package, fields)).outcome == Ignored(reason)


def test_words_that_the_device_hid_are_redacted(registry: ParserRegistry) -> None:
    assert registry.read(envelope_of(WHATSAPP, LIKE, redacted=["sensitive"])).outcome == Ignored("redacted")


def test_a_code_taken_out_of_the_words_leaves_the_mention(registry: ParserRegistry) -> None:
    assert isinstance(registry.read(envelope_of(TIKTOK, LIKE, redacted=["otp"])).outcome, Parsed)


@pytest.mark.parametrize("flags", [0x100, 0x10, 0x8])
def test_local_only_and_other_flags_are_no_noise(flags: int, registry: ParserRegistry) -> None:
    assert isinstance(registry.read(envelope_of(TIKTOK, {**LIKE, "flags": flags})).outcome, Parsed)


def test_progress_of_zero_is_what_android_writes_everywhere(registry: ParserRegistry) -> None:
    assert isinstance(registry.read(envelope_of(TIKTOK, {**LIKE, "progress": 0})).outcome, Parsed)


def test_a_dump_without_its_words_says_so(registry: ParserRegistry) -> None:
    hidden: Fields = {"channel": "digg_push", "extras": {MISSING_EXTRA: "title,text"}}
    assert registry.read(envelope_of(TIKTOK, hidden)).outcome == Quarantined("words_missing")
    assert registry.read(envelope_of(TIKTOK, {**hidden, "flags": 0x200})).outcome == Ignored("summary")
    assert registry.read(envelope_of("org.example", hidden)).outcome == Quarantined("no_parser")


def test_a_dump_that_lacks_only_the_thread_is_read_by_title_and_text(registry: ParserRegistry) -> None:
    fields: Fields = {"title": "Ayo", "text": "hi", "category": "msg", "extras": {MISSING_EXTRA: "messages"}}
    assert isinstance(registry.read(envelope_of(WHATSAPP, fields)).outcome, Parsed)


def test_a_parser_that_raises_costs_one_notification_and_is_reported() -> None:
    failures: list[tuple[str, type[Exception]]] = []
    reading = registry_of(FailingParser(), failures=failures).read(envelope_of("org.example", LIKE))
    assert reading.outcome == Quarantined("parser_failed")
    assert (reading.parser, reading.parser_version) == ("failing", 3)
    assert failures == [("failing", LookupError)]


def test_two_parsers_for_one_package_are_refused() -> None:
    with pytest.raises(ParserConflict, match=r"org\.example"):
        registry_of(FailingParser(), FailingParser())


def test_a_reading_names_parser_version_and_platform() -> None:
    reading = builtin_parsers().read(envelope_of(WHATSAPP, {"title": "Ayo", "text": "hi"}))
    assert (reading.parser, reading.parser_version, reading.platform) == ("whatsapp", 12, "whatsapp")
