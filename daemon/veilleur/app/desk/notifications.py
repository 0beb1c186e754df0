"""The raw log from the database here."""

from __future__ import annotations

from collections.abc import Iterator

from veilleur.model.identity import NotificationId
from veilleur.model.kinds import OutcomeKind
from veilleur.model.listing import NotificationDetail, NotificationPage, NotificationRow
from veilleur.model.scope import Scope
from veilleur.store import notifications as stored
from veilleur.store.database import Database


class LocalNotifications:
    """Answers `NotificationDesk`."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self._database = database
        self._scope = scope

    def page(self, *, limit: int, outcome: OutcomeKind | None = None) -> NotificationPage:
        return stored.page_notifications(self._database, self._scope, limit=limit, outcome=outcome)

    def every(self, *, outcome: OutcomeKind | None = None) -> Iterator[NotificationRow]:
        return stored.every_notification(self._database, self._scope, outcome=outcome)

    def find(self, notification_id: NotificationId) -> NotificationDetail | None:
        return stored.get_notification(self._database, self._scope, notification_id)
