"""The raw log of a server."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from msgspec import Raw
from msgspec.structs import replace

from veilleur.client.paging import every_page, pages_of
from veilleur.client.transport import Transport
from veilleur.model.identity import NotificationId
from veilleur.model.kinds import OutcomeKind
from veilleur.model.listing import LogOrder, NotificationDetail, NotificationPage, NotificationRow

_USUAL_ROWS = 50


class ToldNotification(NotificationRow, frozen=True, kw_only=True):
    """A raw notification as a server writes it: its row's fields, then what was stored."""

    sha256: str
    changed: tuple[str, ...]
    payload: Raw

    def as_detail(self) -> NotificationDetail:
        """Return the record; its payload is the stored JSON without the white space around its parts."""
        row = NotificationRow(**{name: getattr(self, name) for name in NotificationRow.__struct_fields__})
        return NotificationDetail(row=row, payload=bytes(self.payload), sha256=self.sha256, changed=self.changed)


class Notifications:
    """Operations on raw notifications."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def page(
        self, *, limit: int = _USUAL_ROWS, outcome: OutcomeKind | None = None, cursor: str | None = None
    ) -> NotificationPage:
        """Return the `limit` latest stored, or those before `cursor`; asks as often as it needs to."""

        def ask(rows: int, after: str | None) -> NotificationPage:
            return self._page(outcome, LogOrder.NEWEST, rows, after)

        pages = list(pages_of(ask, lambda page: page.notifications, limit, cursor))
        return replace(pages[-1], notifications=tuple(chain.from_iterable(page.notifications for page in pages)))

    def every(self, *, outcome: OutcomeKind | None = None) -> Iterator[NotificationRow]:
        """Yield every one in the order in which they were stored."""
        for page in every_page(lambda rows, after: self._page(outcome, LogOrder.OLDEST, rows, after)):
            yield from page.notifications

    def find(self, notification_id: NotificationId | int) -> NotificationDetail | None:
        """Return one with its stored envelope, None where this token may read none."""
        told = self._transport.find(f"/notifications/{notification_id}", ToldNotification)
        return None if told is None else told.as_detail()

    def _page(self, outcome: OutcomeKind | None, order: LogOrder, rows: int, after: str | None) -> NotificationPage:
        wanted = outcome and outcome.value
        return self._transport.read(
            "/notifications", NotificationPage, outcome=wanted, order=order.value, limit=rows, cursor=after
        )
