"""The words that no pattern reads, or reads wrongly, taken out of the raw log for proposals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from veilleur.model.outcome import UNKNOWN_WORDING, Outcome, Parsed, Quarantined, has_unknown_words
from veilleur.parsers.catalogue import Catalogue
from veilleur.parsers.conversation_message import WORDED_PATTERN
from veilleur.parsers.hidden_names import NamedText, behind_beginnings
from veilleur.parsers.plaintext import clean_name, make_plain
from veilleur.parsers.proposals import UnknownText
from veilleur.parsers.record import full_text
from veilleur.parsers.registry import ParserRegistry
from veilleur.store.rereading import StoredNotification
from veilleur_bridge.codec import Codec, Undecodable
from veilleur_bridge.envelope import Envelope

Catalogues = Mapping[str, Mapping[str, Catalogue]]
NumberedEnvelope = tuple[int, Envelope]


class UnknownWords(Struct, frozen=True):
    """The texts that need a pattern, and the people that the notifications name."""

    texts: tuple[UnknownText, ...]
    names: frozenset[str]


class UnknownWordings:
    """Finds the unknown texts among notifications, as today's parsers and catalogues see them."""

    def __init__(self, codec: Codec, parsers: ParserRegistry, catalogues: Catalogues) -> None:
        self._codec = codec
        self._parsers = parsers
        self._headings = {
            app: frozenset(make_plain(one).text for catalogue in known.values() for one in catalogue.headings)
            for app, known in catalogues.items()
        }

    def decoded(self, stored: Iterable[StoredNotification]) -> Iterator[NumberedEnvelope]:
        """Yield the envelopes of stored notifications, each with its number."""
        for row in stored:
            decoded = self._codec.decode_stored(row.payload)
            if not isinstance(decoded, Undecodable):
                yield row.id, decoded.envelope

    def gather(self, envelopes: Iterable[NumberedEnvelope]) -> UnknownWords:
        """Return the words that are unknown, and those that only a look at many shows to be read wrongly.

        The envelopes come oldest first.
        """
        texts: list[UnknownText] = []
        named: list[NamedText] = []
        names: set[str] = set()
        for number, envelope in envelopes:
            reading = self._parsers.read(envelope)
            if reading.parser not in self._headings:
                continue
            name = self._name(envelope, reading.parser)
            names |= {name} if name else set()
            text = self._text(envelope, number, reading.parser, reading.outcome, name)
            if text is None:
                continue
            if _is_unknown(reading.outcome):
                texts.append(text)
            elif isinstance(reading.outcome, Parsed) and name is None:
                named += _named(text, reading.outcome)
        known = frozenset(names | {one.actor for one in named})
        return UnknownWords((*texts, *behind_beginnings(named, known)), known)

    def is_unknown(self, envelope: Envelope) -> bool:
        """Whether this one notification alone shows that its words are unknown."""
        return _is_unknown(self._parsers.read(envelope).outcome)

    def _text(
        self, envelope: Envelope, number: int, app: str, outcome: Outcome, name: str | None
    ) -> UnknownText | None:
        notification = envelope.notification
        if notification is None:
            return None
        newest = notification.messages[-1] if notification.messages else None
        drafts = outcome.mentions if isinstance(outcome, Parsed) else ()
        is_message = newest is not None or any(draft.pattern == WORDED_PATTERN for draft in drafts)
        shown = newest.text if newest else full_text(notification)
        plain = make_plain(shown or notification.title or "").text
        if not plain:
            return None
        return UnknownText(
            notification_id=number,
            app=app,
            package=envelope.app.package,
            language=_language(envelope.locale),
            channel=notification.channel,
            name=name if shown and not is_message else None,
            text=plain,
            kind=drafts[-1].kind if drafts else None,
            is_message=is_message,
        )

    def _name(self, envelope: Envelope, app: str) -> str | None:
        """Return the title where it may name somebody, as it stands in a plain text."""
        notification = envelope.notification
        title = notification.title if notification else None
        if notification is None or not title or title in (envelope.app.label, notification.channel_name):
            return None
        plain = make_plain(clean_name(title)).text
        return None if plain in self._headings[app] else plain or None


def _is_unknown(outcome: Outcome) -> bool:
    if isinstance(outcome, Parsed):
        return has_unknown_words(outcome)
    return isinstance(outcome, Quarantined) and outcome.reason == UNKNOWN_WORDING


def _named(text: UnknownText, parsed: Parsed) -> Iterator[NamedText]:
    for draft in parsed.mentions:
        if draft.actor is not None and text.text.startswith(draft.actor.name):
            yield NamedText(text, draft.pattern, draft.actor.name)


def _language(locale: str | None) -> str | None:
    return locale.replace("_", "-").partition("-")[0].lower() if locale else None
