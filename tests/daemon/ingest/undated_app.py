"""An app that shows messages as real ones do (LINE, Telegram, WhatsApp's summaries), and the parser that reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tests.bridge.envelopes import good_envelope
from tests.daemon.ingest.line import Line
from veilleur.ingest.reading import Reader
from veilleur.model.identity import Identity, MessageSlot, UndatedSlot
from veilleur.model.kinds import MentionKind, Visibility
from veilleur.model.outcome import Draft, Ignored, Outcome, Parsed, Quarantined, UndatedLine, UndatedThread
from veilleur.model.parts import Actor, Conversation
from veilleur.parsers.catalogue_loading import load_catalogues
from veilleur.parsers.generic import GenericParser
from veilleur.parsers.registry import ParserRegistry
from veilleur.parsers.screening import ANDROID_CATALOGUE
from veilleur.parsers.wordings import Wordings
from veilleur.store.database import Database
from veilleur_bridge.codec import Codec
from veilleur_bridge.envelope import Envelope, Notification
from veilleur_bridge.redaction import Screen
from veilleur_bridge.redaction_rules import load_rules

PACKAGE: Final = "app.undated"
GROUP: Final = "messages"
INBOX, GROWING, THREAD, SUMMARY = "inbox", "growing", "thread", "summary"
DELETED: Final = "(deleted)"
OWN: Final = "You"
WINDOW: Final = 7
NOON: Final = datetime(2026, 11, 10, 12, tzinfo=UTC)
RECEIVED_AT: Final = NOON + timedelta(days=30)


@dataclass(frozen=True, slots=True)
class UndatedParser:
    """Reads what the app below shows; version 2 knows that lines of `Robot` are no messages, and is loud.

    Version 3 knows of no deletions: what stands in their place is words.
    """

    version: int = 1
    name: str = "undated"
    platform: str = "undated"
    packages: frozenset[str] = frozenset({PACKAGE})

    def parse(self, envelope: Envelope) -> Outcome:
        shown = envelope.notification
        if shown is None:
            return Quarantined("no_notification")
        match shown.template:
            case "inbox":
                return Parsed((), undated=self._lines(shown, shown.key), group=shown.group)
            case "growing":
                line = self._line(shown.key, shown.title or "", shown.text or "")
                return Parsed((), undated=UndatedThread(shown.key, (line,), grows=True))
            case "summary":
                return Ignored("summary", self._lines(shown, GROUP))
            case _:
                return self._thread(shown)

    def _thread(self, shown: Notification) -> Parsed:
        slots = [
            MessageSlot(shown.key, one.sender or "", one.at_ms or 0, one.text or "") for one in shown.messages or ()
        ]
        return Parsed(tuple(self._draft(slot, slot.sender, slot.words) for slot in slots), group=shown.group)

    def _lines(self, shown: Notification, key: str) -> UndatedThread:
        lines = [one.partition(": ") for one in shown.text_lines or ()]
        return UndatedThread(key, tuple(self._line(key, sender, words) for sender, _, words in lines))

    def _line(self, key: str, sender: str, words: str) -> UndatedLine:
        slot = UndatedSlot(key, sender, words)
        if words == DELETED and self.version < 3:
            return UndatedLine(slot, is_deleted=True)
        is_silent = sender == OWN or (sender == "Robot" and self.version > 1)
        return UndatedLine(slot, None if is_silent else self._draft(slot, sender, words))

    def _draft(self, slot: Identity, sender: str, words: str) -> Draft:
        return Draft(
            kind=MentionKind.DIRECT_MESSAGE,
            visibility=Visibility.PRIVATE,
            identity=slot,
            pattern="undated",
            confidence=1.0,
            actor=Actor(sender),
            conversation=Conversation("chat"),
            body=words.upper() if words.startswith("loud") and self.version > 1 else words,
        )


def undated_reader(version: int = 1) -> Reader:
    """Return a reader that knows the app alone."""
    codec = Codec()
    android = Wordings(load_catalogues(ANDROID_CATALOGUE, None))
    registry = ParserRegistry((UndatedParser(version),), GenericParser(), android)
    return Reader(codec, Screen(load_rules(), codec), registry)


def undated_line(database: Database, version: int = 1) -> Line:
    """Return the line into a database."""
    return Line(database, undated_reader(version), lambda: RECEIVED_AT)


def shows(
    seq: int,
    template: str,
    *lines: str,
    event: str = "updated",
    key: str = "k",
    device: str = "salle-1",
    epoch: str = "e1",
    later: timedelta = timedelta(),
    **words: Any,
) -> dict[str, Any]:
    """Return the tree of an envelope that shows these lines, `Sender: words` each; of a growing text its words."""
    at = NOON + later + timedelta(milliseconds=seq)
    said = {"title": "Ayo", "text": lines[0]} if template == GROWING else {"text_lines": list(lines)}
    notification = {"key": key, "template": template, "posted_at_ms": int(at.timestamp() * 1_000), **said, **words}
    return good_envelope(
        id=f"{device}-{epoch}-{seq}",
        device=device,
        epoch=epoch,
        seq=seq,
        event=event,
        captured_at=at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        app={"package": PACKAGE},
        notification=notification,
    )


@dataclass
class Chat:
    """One conversation as the app holds it: what was written, and what its notification shows of it."""

    key: str
    template: str
    written: list[tuple[str, str]] = field(default_factory=list)
    deleted: set[int] = field(default_factory=set)
    unread: list[int] = field(default_factory=list)
    is_posted: bool = False

    def say(self, sender: str, words: str) -> None:
        self.written.append((sender, words))
        self.unread.append(len(self.written) - 1)

    @property
    def shown(self) -> list[int]:
        """Return the numbers of the messages that the notification shows."""
        return self.unread if self.template == GROWING else self.unread[-WINDOW:]

    def lines(self) -> list[str]:
        """Return what the notification says, oldest first."""
        if self.template == GROWING:
            return [" ".join(self.written[number][1] for number in self.shown)]
        return [
            f"{self.written[number][0]}: {DELETED if number in self.deleted else self.written[number][1]}"
            for number in self.shown
        ]

    def clear(self) -> None:
        self.unread, self.is_posted = [], False

    def expected(self) -> list[tuple[str, str, bool]]:
        """Return the messages that a reader must find: sender, words, whether it was deleted."""
        return [
            (sender, words, number in self.deleted)
            for number, (sender, words) in enumerate(self.written)
            if sender != OWN
        ]
