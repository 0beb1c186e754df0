"""The words that no pattern reads, taken out of the raw log for proposals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from veilleur.model.outcome import UNKNOWN_WORDING, Parsed, Quarantined, is_by_channel_alone
from veilleur.parsers.catalogue import Catalogue
from veilleur.parsers.plaintext import clean_name, make_plain
from veilleur.parsers.proposals import UnknownText
from veilleur.parsers.record import full_text
from veilleur.parsers.registry import ParserRegistry
from veilleur.store.rereading import StoredNotification
from veilleur_bridge.codec import Codec, Undecodable
from veilleur_bridge.envelope import Envelope

Catalogues = Mapping[str, Mapping[str, Catalogue]]


class UnknownWordings:
    """Finds the unknown texts among stored notifications, as today's parsers and catalogues see them."""

    def __init__(self, codec: Codec, parsers: ParserRegistry, catalogues: Catalogues) -> None:
        self._codec = codec
        self._parsers = parsers
        self._headings = {
            app: frozenset(make_plain(one).text for catalogue in known.values() for one in catalogue.headings)
            for app, known in catalogues.items()
        }

    def texts(self, stored: Iterable[StoredNotification]) -> Iterator[UnknownText]:
        """Yield the text of each notification whose words are still unknown."""
        for row in stored:
            decoded = self._codec.decode_stored(row.payload)
            if not isinstance(decoded, Undecodable):
                text = self.text_of(decoded.envelope, row.id)
                if text is not None:
                    yield text

    def text_of(self, envelope: Envelope, notification_id: int) -> UnknownText | None:
        """Return the words of an envelope where no pattern reads them, None where one does."""
        reading = self._parsers.read(envelope)
        outcome, notification = reading.outcome, envelope.notification
        is_alone = isinstance(outcome, Parsed) and is_by_channel_alone(outcome)
        is_unknown = isinstance(outcome, Quarantined) and outcome.reason == UNKNOWN_WORDING
        if notification is None or not (is_alone or is_unknown) or reading.parser not in self._headings:
            return None
        title, shown = notification.title, full_text(notification)
        plain = make_plain(shown or title or "").text
        if not plain:
            return None
        return UnknownText(
            notification_id=notification_id,
            app=reading.parser,
            package=envelope.app.package,
            language=_language(envelope.locale),
            channel=notification.channel,
            name=self._name(envelope, reading.parser) if shown else None,
            text=plain,
            kind=outcome.mentions[0].kind if isinstance(outcome, Parsed) else None,
        )

    def _name(self, envelope: Envelope, app: str) -> str | None:
        """Return the title where it may name somebody, as it stands in a plain text."""
        notification = envelope.notification
        title = notification.title if notification else None
        if notification is None or not title or title in (envelope.app.label, notification.channel_name):
            return None
        plain = make_plain(clean_name(title)).text
        return None if plain in self._headings[app] else plain or None


def _language(locale: str | None) -> str | None:
    return locale.replace("_", "-").partition("-")[0].lower() if locale else None
