"""Which parser reads which app: an explicit list, asked once for each envelope."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from veilleur.model.errors import ParserConflict
from veilleur.model.outcome import Ignored, Outcome, Quarantined
from veilleur.parsers import tiktok, whatsapp
from veilleur.parsers.catalogue_loading import load_catalogues, refuse_unknown_apps
from veilleur.parsers.feed import FeedParser
from veilleur.parsers.generic import GenericParser
from veilleur.parsers.protocol import Parser, Reading
from veilleur.parsers.screening import ANDROID_CATALOGUE, hides_words, lacks_words, screen_record
from veilleur.parsers.tiktok import TikTokParser
from veilleur.parsers.whatsapp import WhatsAppParser
from veilleur.parsers.wordings import Wordings
from veilleur_bridge.envelope import Envelope

OnFailure = Callable[[str, type[Exception]], None]


def builtin_parsers(user_catalogues: Path | None = None, on_failure: OnFailure | None = None) -> ParserRegistry:
    """Return the parsers that ship, with a user's catalogues over theirs.

    `on_failure` is told the name of a parser that raised and the type of what it raised. Raises
    CatalogueError.
    """
    if user_catalogues is not None:
        refuse_unknown_apps(user_catalogues)
    parsers = (
        TikTokParser(load_catalogues(tiktok.CATALOGUE, user_catalogues)),
        WhatsAppParser(load_catalogues(whatsapp.CATALOGUE, user_catalogues)),
        FeedParser(),
    )
    android = Wordings(load_catalogues(ANDROID_CATALOGUE, user_catalogues))
    return ParserRegistry(parsers, GenericParser(), android, on_failure)


class ParserRegistry:
    """Reads any envelope: what is common first, then the app's parser, else the generic one."""

    def __init__(
        self, parsers: Sequence[Parser], generic: Parser, android: Wordings, on_failure: OnFailure | None = None
    ) -> None:
        self._by_package: dict[str, Parser] = {}
        for parser in parsers:
            self._register(parser)
        self._generic = generic
        self._android = android
        self._on_failure = on_failure

    def read(self, envelope: Envelope) -> Reading:
        """Return what the envelope is and who read it; never raises."""
        parser = self._by_package.get(envelope.app.package, self._generic)
        outcome = screen_record(envelope) or self._screen_words(envelope) or self._parse(parser, envelope)
        return Reading(outcome, parser.name, parser.version, parser.platform)

    def reads(self, envelope: Envelope) -> bool:
        """Whether a parser of its app is asked for the words of this envelope."""
        return envelope.notification is not None and envelope.app.package in self._by_package

    def _screen_words(self, envelope: Envelope) -> Outcome | None:
        if envelope.app.package in self._by_package and lacks_words(envelope):
            return Quarantined("words_missing")
        return Ignored("redacted") if hides_words(envelope, self._android) else None

    def _parse(self, parser: Parser, envelope: Envelope) -> Outcome:
        try:
            outcome = parser.parse(envelope)
        except Exception as error:  # a plug-in's fault costs one notification, never the line
            if self._on_failure is not None:
                self._on_failure(parser.name, type(error))
            return Quarantined("parser_failed")
        return outcome

    def _register(self, parser: Parser) -> None:
        for package in parser.packages:
            other = self._by_package.setdefault(package, parser)
            if other is not parser:
                raise ParserConflict(f"two parsers read {package}: {other.name} and {parser.name}; remove one of them")
