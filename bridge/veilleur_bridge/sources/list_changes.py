"""What happened between two looks at a device's notification list. Pure: two lists in, events out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from veilleur_bridge.envelope import EventKind, Notification
from veilleur_bridge.sources.content import content_digest
from veilleur_bridge.sources.raw_notification import RawNotification

Screening = Callable[[Notification], Notification]


@dataclass(frozen=True, slots=True)
class ActiveList:
    """A device's list as it was printed; where it `is_whole`, what is not in it is gone."""

    notifications: Sequence[RawNotification]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one notification at a time stands: Android replaces what has the same key."""

    user: int | None
    package: str
    key: str


@dataclass(frozen=True, slots=True)
class Told:
    """What was last told of a slot; the digest is of screened words, so that it gives nothing away."""

    posted_at_ms: int | None
    digest: str


@dataclass(frozen=True, slots=True)
class ListChange:
    """One event; `told` is what to remember of the slot once it is told, None where that is nothing."""

    event: EventKind
    slot: Slot
    notification: Notification
    told: Told | None


def changes_since(
    told: Mapping[Slot, Told], shown: ActiveList, screening: Screening, *, is_catching_up: bool
) -> Iterator[ListChange]:
    """Yield what is new, changed and gone, in the list's order.

    While catching up (the first look since the start) what is new is `active`, later `posted`. A slot that changed its
    words or its posting time is `updated`. Of a slot that stands twice in the list the first one holds.
    """
    seen: set[Slot] = set()
    for found in shown.notifications:
        slot = Slot(found.user, found.package, found.notification.key)
        if slot in seen:
            continue
        seen.add(slot)
        now = Told(found.notification.posted_at_ms, content_digest(screening(found.notification)))
        before = told.get(slot)
        if before is None:
            yield ListChange(EventKind.ACTIVE if is_catching_up else EventKind.POSTED, slot, found.notification, now)
        elif before != now:
            yield ListChange(EventKind.UPDATED, slot, found.notification, now)
    if shown.is_whole:
        for slot in told.keys() - seen:
            gone = Notification(key=slot.key, posted_at_ms=told[slot].posted_at_ms)
            yield ListChange(EventKind.REMOVED, slot, gone, None)
