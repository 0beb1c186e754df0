"""WhatsApp and WhatsApp Business: threads posted again and again, calls, notices, channels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from veilleur.model.kinds import Platform
from veilleur.model.outcome import Ignored, Outcome, Quarantined
from veilleur.parsers.catalogue import Catalogue
from veilleur.parsers.whatsapp_message import make_thread
from veilleur.parsers.whatsapp_record import NOISE, channel_of, is_group, is_summary
from veilleur.parsers.whatsapp_single import read_single
from veilleur.parsers.whatsapp_thread import read_thread
from veilleur.parsers.whatsapp_title import read_title
from veilleur.parsers.wordings import Wordings
from veilleur_bridge.envelope import Envelope

CATALOGUE: Final = "whatsapp"


class WhatsAppParser:
    """Reads both apps; the package tells them apart."""

    name = "whatsapp"
    version = 3
    platform: str = Platform.WHATSAPP
    packages = frozenset({"com.whatsapp", "com.whatsapp.w4b"})

    def __init__(self, catalogues: Mapping[str, Catalogue]) -> None:
        self._wordings = Wordings(catalogues)

    def parse(self, envelope: Envelope) -> Outcome:
        """Read one notification by its shape: summary, noise, thread, or a title and a text."""
        notification = envelope.notification
        if notification is None:
            return Quarantined("no_notification")
        if is_summary(notification):
            return Ignored("summary")
        channel = channel_of(notification)
        if channel in NOISE:
            return Ignored(NOISE[channel])
        if not notification.messages and not notification.historic_messages:
            return read_single(envelope, notification, channel, self._wordings)
        flagged = is_group(notification, channel)
        title = read_title(notification, self._wordings, envelope.locale, is_group=bool(flagged))
        thread = make_thread(notification, title.conversation, is_group=bool(flagged))
        return read_thread(notification, thread, self._wordings, envelope.locale)
