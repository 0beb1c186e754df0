"""What a device has told of its notification list, kept on disk so that a restart tells nothing twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import structlog

from veilleur_bridge.broker.secret_file import write_private
from veilleur_bridge.errors import SpoolError
from veilleur_bridge.sources.list_changes import ListChange, Slot, Told

_VERSION: Final = 1

log = structlog.get_logger()


class ToldList:
    """Slots and what was last told of each.

    What the capture policy dropped is remembered in memory alone, and only until the policy changes: its keys can hold
    a phone number, and nothing of an app that is not on the list may reach a disk.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._spooled = _read(path)
        self._dropped: dict[Slot, Told] = {}

    def known(self) -> Mapping[Slot, Told]:
        """Return what was told or dropped of each slot."""
        return self._dropped | self._spooled

    def was_dropped(self, slot: Slot) -> bool:
        """Tell whether the last thing known of a slot was dropped: its end is nobody's business either."""
        return slot in self._dropped

    def note(self, change: ListChange, *, is_spooled: bool) -> None:
        """Remember one change; `save` puts it on disk."""
        self._spooled.pop(change.slot, None)
        self._dropped.pop(change.slot, None)
        if change.told is not None:
            (self._spooled if is_spooled else self._dropped)[change.slot] = change.told

    def forget_dropped(self) -> None:
        """Let what was dropped be seen as new: another policy may want it."""
        self._dropped.clear()

    def save(self) -> None:
        """Write what was spooled; raises SpoolError. What is not written is told again, as the same mentions."""
        rows = [
            [slot.user, slot.package, slot.key, told.posted_at_ms, told.digest] for slot, told in self._spooled.items()
        ]
        try:
            write_private(self._path, json.dumps({"v": _VERSION, "told": rows}))
        except OSError as error:
            raise SpoolError(
                f"{self._path.name} cannot be written ({error.strerror}): make room on the disk"
            ) from error


def _read(path: Path) -> dict[Slot, Told]:
    try:
        tree = json.loads(path.read_bytes())
        if tree["v"] != _VERSION:
            return {}
        return {Slot(user, package, key): Told(posted, digest) for user, package, key, posted, digest in tree["told"]}
    except OSError:
        return {}
    except (ValueError, KeyError, TypeError):
        log.warning("list of what was told cannot be read", file=path.name)
        return {}
