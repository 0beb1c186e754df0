"""WhatsApp and WhatsApp Business: threads posted again and again, calls, notices, channels."""

from __future__ import annotations

from typing import Final

from veilleur.model.kinds import Exactness, Platform
from veilleur.model.parts import Actor, OpenLink
from veilleur.parsers.conversation_record import ChatRecord, MessagingApp
from veilleur.parsers.record import NO_LINK
from veilleur.parsers.whatsapp_record import phone_of_sender, read_record

_CHAT: Final = "https://wa.me/"


def _link_to(actor: Actor | None, _record: ChatRecord) -> OpenLink:
    """Return the link that opens a chat with this number, where one is known."""
    if actor is None or actor.phone is None:
        return NO_LINK
    return OpenLink(_CHAT + actor.phone.removeprefix("+"), Exactness.CONVERSATION)


WHATSAPP: Final = MessagingApp(
    name="whatsapp",
    version=12,
    platform=Platform.WHATSAPP,
    packages=frozenset({"com.whatsapp", "com.whatsapp.w4b"}),
    read_record=read_record,
    phone_of=phone_of_sender,
    link_to=_link_to,
    has_words_in_summaries=True,
    shows_edits=True,
)
