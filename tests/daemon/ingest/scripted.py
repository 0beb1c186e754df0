"""A parser that does what an envelope says, in two releases, and the reader, envelopes and deliveries around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final

from tests.bridge.envelopes import good_envelope, payload_of
from tests.daemon.ingest.line import Line
from veilleur.ingest.reading import Reader
from veilleur.ingest.repeats import Repeats
from veilleur.model.identity import MessageSlot
from veilleur.model.kinds import AmendmentKind, MentionKind, Platform, Visibility
from veilleur.model.outcome import Amendment, Draft, Ignored, Outcome, Parsed, Quarantined
from veilleur.model.parts import Actor, Conversation
from veilleur.parsers.catalogue_loading import load_catalogues
from veilleur.parsers.generic import GenericParser
from veilleur.parsers.protocol import Parser, PluggedIn, Reading
from veilleur.parsers.registry import ParserRegistry
from veilleur.parsers.screening import ANDROID_CATALOGUE
from veilleur.parsers.wordings import Wordings
from veilleur.store.database import Database
from veilleur_bridge.codec import Codec
from veilleur_bridge.delivery import Delivery
from veilleur_bridge.envelope import Envelope, Message
from veilleur_bridge.redaction import Screen
from veilleur_bridge.redaction_rules import load_rules

PACKAGE: Final = "app.scripted"
DEVICE: Final = "salle-1"
NOON: Final = datetime(2026, 11, 10, 12, tzinfo=UTC)
NOON_MS: Final = int(NOON.timestamp()) * 1_000
RECEIVED_AT: Final = NOON + timedelta(hours=1)
_GROWN: Final = re.compile(r"(?:old |new |loose )?([0-9]+) others")


@dataclass(frozen=True, slots=True)
class ScriptedParser:
    """Tells each message of a notification as a mention, but for those that say otherwise.

    `new …` is understood from version 2 on, `old …` up to version 1; `deletes SENDER MS` deletes what was sent MS
    after noon, `undeletes …` and `redeletes …` do so in one of the two releases; `N others` grows in place (`loose N
    others` up to version 1); `huge` states a number of 71 bits; `changed …` is told otherwise by version 2.
    """

    version: int = 1
    name: str = "scripted"
    platform: str = "scripted"
    packages: frozenset[str] = frozenset({PACKAGE})

    def parse(self, envelope: Envelope) -> Outcome:
        shown = envelope.notification
        if shown is None or not shown.messages:
            return Ignored("no_messages")
        if shown.title == "unknown":
            return Quarantined("unknown_wording")
        if shown.title == "raise":
            raise ZeroDivisionError(shown.text)
        told = [one for message in shown.messages for one in self._told(message)]
        drafts = tuple(one for one in told if isinstance(one, Draft))
        return Parsed(drafts, tuple(one for one in told if isinstance(one, Amendment)))

    def _told(self, message: Message) -> list[Draft | Amendment]:
        words = message.text or ""
        order, _, rest = words.partition(" ")
        is_new = self.version > 1
        match order:
            case "deletes" | "undeletes" | "redeletes":
                is_told = {"deletes": True, "undeletes": not is_new, "redeletes": is_new}[order]
                sender, _, after_ms = rest.partition(" ")
                at_ms, kind = NOON_MS + int(after_ms), AmendmentKind.DELETED
                return [Amendment(kind=kind, conversation_key="chat", sender=sender, at_ms=at_ms)] * is_told
            case "new":
                return [self._draft(message, words)] * is_new
            case "old":
                return [self._draft(message, words)] * (not is_new)
            case _:
                return [self._draft(message, words)]

    def _draft(self, message: Message, words: str) -> Draft:
        sender, at_ms = message.sender or "", message.at_ms or 0
        grown = _GROWN.fullmatch(words)
        is_private = words.startswith("private")
        return Draft(
            kind=MentionKind.REPLY if self.version > 1 and words.startswith("changed") else MentionKind.COMMENT,
            visibility=Visibility.PRIVATE if is_private else Visibility.PUBLIC,
            identity=MessageSlot("chat", sender, at_ms, words),
            pattern="scripted",
            confidence=1.0,
            actor=Actor(sender, others_count=int(grown[1]) if grown else None) if sender else None,
            conversation=Conversation("chat"),
            body=f"{words} v{self.version}" if words.startswith("changed") else words,
            count=2**70 if words == "huge" else None,
            occurred_at_ms=at_ms,
            folds=grown is not None and not (self.version > 1 and words.startswith("loose")),
        )


@dataclass(frozen=True, slots=True)
class PluginOutOfOrder:
    """The scripted app's parser as a plug-in that cannot be asked: all that it is given is quarantined for a reason."""

    reason: str
    name: ClassVar[str] = "scripted"
    packages: ClassVar[frozenset[str]] = frozenset({PACKAGE})

    def read(self, envelopes: Sequence[Envelope]) -> list[Reading]:
        return [self.reading(Quarantined(self.reason)) for _ in envelopes]

    def reading(self, outcome: Outcome) -> Reading:
        return Reading(outcome, self.name, 0, Platform.OTHER)


@dataclass(frozen=True, slots=True)
class PluginTelling:
    """The scripted app's parser as a plug-in that can be asked."""

    name: ClassVar[str] = "scripted"
    packages: ClassVar[frozenset[str]] = frozenset({PACKAGE})

    def read(self, envelopes: Sequence[Envelope]) -> list[Reading]:
        return [self.reading(ScriptedParser().parse(one)) for one in envelopes]

    def reading(self, outcome: Outcome) -> Reading:
        return Reading(outcome, self.name, 1, Platform.OTHER)


def reader_of(version: int = 1, repeats: Repeats | None = None) -> Reader:
    """Return a reader that knows the scripted app alone."""
    return _reader(parsers=(ScriptedParser(version),), repeats=repeats)


def reader_plugged(plug_in: PluggedIn, repeats: Repeats | None = None) -> Reader:
    """Return a reader that knows a plug-in alone."""
    return _reader(plugged=(plug_in,), repeats=repeats)


def _reader(
    parsers: Sequence[Parser] = (), plugged: Sequence[PluggedIn] = (), repeats: Repeats | None = None
) -> Reader:
    codec = Codec()
    android = Wordings(load_catalogues(ANDROID_CATALOGUE, None))
    registry = ParserRegistry(parsers, GenericParser(), android, plugged=plugged)
    return Reader(codec, Screen(load_rules(), codec), registry, repeats)


def line_of(database: Database, version: int = 1) -> Line:
    """Return the line into a database, an hour after noon."""
    return Line(database, reader_of(version), lambda: RECEIVED_AT)


def says(words: str, sender: str = "Nadia", at_ms: int = NOON_MS) -> dict[str, Any]:
    """Return one message of a notification."""
    return {"at_ms": at_ms, "sender": sender, "text": words}


def envelope(seq: int, *messages: dict[str, Any], captured_at_ms: int | None = None, **words: Any) -> dict[str, Any]:
    """Return the tree of an envelope that shows these messages; a later seq was captured later, unless told."""
    captured_at = NOON + timedelta(milliseconds=seq if captured_at_ms is None else captured_at_ms - NOON_MS)
    return good_envelope(
        id=f"0192f0c1-7b7e-7c1e-8f3a-{seq:012}",
        device=DEVICE,
        epoch="e1",
        seq=seq,
        captured_at=captured_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        app={"package": PACKAGE},
        notification={"key": "k", "messages": list(messages), **words},
    )


def delivery(content: dict[str, Any] | bytes, device: str | None = DEVICE) -> Delivery:
    """Return what a source would hand over."""
    payload = content if isinstance(content, bytes) else payload_of(content)
    return Delivery(payload, RECEIVED_AT, "test", device)


def deliveries(envelopes: Sequence[dict[str, Any]]) -> list[Delivery]:
    return [delivery(one) for one in envelopes]
