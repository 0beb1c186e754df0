"""Messengers as data: an `app.toml` whose channels tell the kind, and the little that only code can say of one app."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from veilleur.parsers.conversation_ordinary import ordinary_record
from veilleur.parsers.conversation_record import ChatRecord, MessagingApp
from veilleur.parsers.line import line_record
from veilleur.parsers.messenger import messenger_record
from veilleur.parsers.source_app import SourceApp
from veilleur.parsers.telegram import telegram_record
from veilleur_bridge.envelope import Notification

_RECORDS: Final[Mapping[str, Callable[[SourceApp, Notification], ChatRecord]]] = {
    "line": line_record,
    "messenger": messenger_record,
    "telegram": telegram_record,
}


def messaging_app(app: SourceApp) -> MessagingApp:
    """Return how an app's conversations are read."""
    return MessagingApp(
        name=app.name,
        version=app.version,
        platform=app.platform,
        packages=app.packages,
        read_record=partial(_RECORDS.get(app.name, ordinary_record), app),
    )
