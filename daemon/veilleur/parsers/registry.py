"""Which parser reads which app: an explicit list, asked once for each envelope."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from veilleur.model.errors import ParserConflict
from veilleur.model.kinds import Platform
from veilleur.model.outcome import Ignored, Outcome, Quarantined
from veilleur.parsers.catalogue_loading import catalogues_later, load_catalogues, refuse_unknown_apps
from veilleur.parsers.chat_export import WHATSAPP_CATALOGUE, ChatExportParser
from veilleur.parsers.containing import OnFailure, contained
from veilleur.parsers.conversation import ConversationParser
from veilleur.parsers.conversation_apps import messaging_app
from veilleur.parsers.feed import FeedParser
from veilleur.parsers.generic import AllowedAppParser, GenericParser
from veilleur.parsers.mail import MailParser
from veilleur.parsers.protocol import Fault, Parser, PluggedIn, Reading
from veilleur.parsers.push import PushParser
from veilleur.parsers.screening import ANDROID_CATALOGUE, hides_words, lacks_words, screen_record
from veilleur.parsers.source_app import Reader, SourceApp, source_apps
from veilleur.parsers.whatsapp import WHATSAPP
from veilleur.parsers.wordings import Wordings
from veilleur_bridge.envelope import Envelope
from veilleur_bridge.export_package import ExportPackage

MESSAGING_APPS: Final = (WHATSAPP,)


def builtin_parsers(
    user_catalogues: Path | None = None, on_failure: OnFailure | None = None, plugged: Sequence[PluggedIn] = ()
) -> ParserRegistry:
    """Return the parsers that ship, with a user's catalogues over theirs, and plug-ins beside them.

    `on_failure` is told the name of a parser that raised and the type of what it raised. Raises
    CatalogueError, and ParserConflict where two read one package.
    """
    if user_catalogues is not None:
        refuse_unknown_apps(user_catalogues)
    parsers: tuple[Parser, ...] = (
        *(ConversationParser(app, catalogues_later(app.name, user_catalogues)) for app in MESSAGING_APPS),
        *(_parser_of(app, user_catalogues) for app in source_apps(user_catalogues)),
        FeedParser(),
        ChatExportParser(
            Platform.WHATSAPP, ExportPackage.WHATSAPP, catalogues_later(WHATSAPP_CATALOGUE, user_catalogues)
        ),
        ChatExportParser(Platform.TELEGRAM, ExportPackage.TELEGRAM),
        ChatExportParser(Platform.TIKTOK, ExportPackage.TIKTOK),
    )
    android = Wordings(load_catalogues(ANDROID_CATALOGUE, user_catalogues))
    return ParserRegistry(parsers, GenericParser(), android, on_failure, plugged)


def _parser_of(app: SourceApp, user_catalogues: Path | None) -> Parser:
    """Return the parser of an app that is data alone."""
    catalogues = catalogues_later(app.name, user_catalogues)
    match app.reader:
        case Reader.PUSH:
            return PushParser(app, catalogues)
        case Reader.CONVERSATION:
            return ConversationParser(messaging_app(app), catalogues)
        case Reader.MAIL:
            return MailParser(app, catalogues)
        case Reader.ANYTHING:
            return AllowedAppParser(app)


class ParserRegistry:
    """Reads any envelope: what is common first, then the app's parser, else the generic one."""

    def __init__(
        self,
        parsers: Sequence[Parser],
        generic: Parser,
        android: Wordings,
        on_failure: OnFailure | None = None,
        plugged: Sequence[PluggedIn] = (),
    ) -> None:
        self._by_package: dict[str, Parser] = {}
        self._plugged: dict[str, PluggedIn] = {}
        self._owners: dict[str, Parser | PluggedIn] = {}
        for parser in parsers:
            self._register(parser)
            self._by_package |= dict.fromkeys(parser.packages, parser)
        for plug_in in plugged:
            self._register(plug_in)
            self._plugged |= dict.fromkeys(plug_in.packages, plug_in)
        self._generic = generic
        self._android = android
        self._on_failure = on_failure

    def read(self, envelope: Envelope) -> Reading:
        """Return what the envelope is and who read it; never raises."""
        if self._plugged and envelope.app.package in self._plugged:
            return self.read_all((envelope,))[0]
        parser = self._by_package.get(envelope.app.package, self._generic)
        outcome = screen_record(envelope) or self._screen_words(envelope) or self._parse(parser, envelope)
        return Reading(outcome, parser.name, parser.version, parser.platform)

    def read_all(self, envelopes: Sequence[Envelope]) -> list[Reading]:
        """Return a reading for each envelope, in order; each plug-in is asked once, for all that is its own."""
        if not self._plugged:
            return [self.read(envelope) for envelope in envelopes]
        readings: dict[int, Reading] = {}
        asked: dict[PluggedIn, list[int]] = {}
        for place, envelope in enumerate(envelopes):
            plug_in = self._plugged.get(envelope.app.package)
            if plug_in is None:
                readings[place] = self.read(envelope)
                continue
            outcome = screen_record(envelope) or self._screen_words(envelope)
            if outcome is None:
                asked.setdefault(plug_in, []).append(place)
            else:
                readings[place] = plug_in.reading(outcome)
        for plug_in, places in asked.items():
            told = plug_in.read([envelopes[place] for place in places])
            readings |= dict(zip(places, told, strict=True))
        return [readings[place] for place in range(len(envelopes))]

    @property
    def names_by_package(self) -> dict[str, str]:
        """The packages that have a parser of their own, each with the parser's name."""
        return {package: parser.name for package, parser in self._owners.items()}

    def reads(self, envelope: Envelope) -> bool:
        """Whether a parser of its app is asked for the words of this envelope."""
        return envelope.notification is not None and envelope.app.package in self._owners

    def is_plugged_in(self, envelope: Envelope) -> bool:
        """Whether somebody else's parser is asked for this app."""
        return envelope.app.package in self._plugged

    def _screen_words(self, envelope: Envelope) -> Outcome | None:
        if envelope.app.package in self._owners and lacks_words(envelope):
            return Quarantined("words_missing")
        return Ignored("redacted") if hides_words(envelope, self._android) else None

    def _parse(self, parser: Parser, envelope: Envelope) -> Outcome:
        outcome = contained(parser.parse, envelope, parser.name, self._on_failure)
        return outcome or Quarantined(Fault.FAILED)

    def _register(self, parser: Parser | PluggedIn) -> None:
        for package in parser.packages:
            other = self._owners.setdefault(package, parser)
            if other is not parser:
                raise ParserConflict(f"two parsers read {package}: {other.name} and {parser.name}; remove one of them")
