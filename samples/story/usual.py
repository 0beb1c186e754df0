"""Moments that come back every day, by their short names: canaries, backups, sessions, photos."""

from __future__ import annotations

from typing import Final

from samples.story.cast import BUSINESS, COMPANION, WHATSAPP
from samples.story.moments import App, Chat, Hides, Says, Shows

BACKUP: Final = 5
WEB_SESSION: Final = 9
CHECKING: Final = 11


def canary(at: str, number: int) -> Shows:
    """Show the companion's own marked notification, which proves that the whole path works."""
    return Shows(at, COMPANION, 77, "canary", "Veilleur", f"Témoin {number}", "canary")


def backup(at: str, progress: int, text: str = "Sauvegarde en cours") -> Shows:
    """Show the backup's progress bar."""
    channel = "chat_history_backup@1"
    return Shows(at, BUSINESS, BACKUP, channel, BUSINESS.label, text, progress=progress, is_ongoing=True)


def web_session(at: str) -> Shows:
    """Say that WhatsApp is open in a browser too."""
    return _ongoing(at, WEB_SESSION, "WhatsApp Web est actuellement actif")


def checking(at: str) -> Shows:
    """Say that WhatsApp looks for new messages."""
    return _ongoing(at, CHECKING, "Recherche de nouveaux messages")


def withdraws(at: str, app: App, number: int) -> Hides:
    """Take the app's own notification away."""
    return Hides(at, app, "REASON_APP_CANCEL", number=number)


def photo(at: str, chat: Chat, caption: str, by: str | None = None) -> Says:
    """Send a photo with a caption."""
    return Says(at, chat, caption, by, shown=f"📷 {caption}", mime="image/jpeg", media="photo")


def voice(at: str, chat: Chat, length: str) -> Says:
    """Send a voice message, which has no words."""
    return Says(at, chat, None, shown=f"🎤 Message vocal ({length})", mime="audio/ogg", media="voice")


def _ongoing(at: str, number: int, text: str) -> Shows:
    channel = "other_notifications@1"
    return Shows(at, WHATSAPP, number, channel, WHATSAPP.label, text, is_ongoing=True)
