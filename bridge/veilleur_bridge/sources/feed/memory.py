"""What is remembered of feeds on disk: which entries were told, what to ask a server by, when it may be asked again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import structlog

from veilleur_bridge.broker.secret_file import write_private
from veilleur_bridge.encoding import format_instant
from veilleur_bridge.errors import SpoolError
from veilleur_bridge.sources.feed.fetching import Validators

MOST_REMEMBERED: Final = 5_000
_VERSION: Final = 1
_MARK_DIGITS: Final = 24

log = structlog.get_logger()


@dataclass(slots=True)
class FeedMemory:
    """One feed: `told` are marks of entry ids, oldest first; before `wait_until` its server wants to be left alone."""

    validators: Validators = field(default_factory=Validators)
    wait_until: datetime | None = None
    told: dict[str, None] = field(default_factory=dict)

    def knows(self, entry_id: str) -> bool:
        return _mark(entry_id) in self.told

    def remember(self, entry_id: str) -> None:
        self.told[_mark(entry_id)] = None

    def forget_oldest(self, shown: Sequence[str]) -> None:
        """Keep the marks of what the feed shows, and of the rest the newest, 5,000 in all or as many as it shows."""
        kept = {_mark(entry_id): None for entry_id in shown}
        others = [mark for mark in self.told if mark not in kept]
        room = max(MOST_REMEMBERED - len(kept), 0)
        present = [mark for mark in self.told if mark in kept]
        self.told = dict.fromkeys([*others[len(others) - min(room, len(others)) :], *present])


def read_memories(path: Path) -> dict[str, FeedMemory]:
    """Return what is remembered by feed; nothing where the file is missing or damaged (then entries are told again)."""
    try:
        tree = json.loads(path.read_bytes())
        return {url: _memory(kept) for url, kept in tree["feeds"].items()} if tree["v"] == _VERSION else {}
    except OSError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError):
        log.warning("memory of feeds cannot be read", file=path.name)
        return {}


def write_memories(path: Path, memories: dict[str, FeedMemory]) -> None:
    """Replace what is remembered; raises SpoolError. What is not written is told again, as the same mentions."""
    feeds = {
        url: {
            "etag": memory.validators.etag,
            "last_modified": memory.validators.last_modified,
            "wait_until": format_instant(memory.wait_until) if memory.wait_until else None,
            "told": list(memory.told),
        }
        for url, memory in memories.items()
    }
    try:
        write_private(path, json.dumps({"v": _VERSION, "feeds": feeds}))
    except OSError as error:
        raise SpoolError(f"{path.name} cannot be written ({error.strerror}): make room on the disk") from error


def _memory(kept: dict[str, Any]) -> FeedMemory:
    wait_until = kept["wait_until"]
    return FeedMemory(
        Validators(kept["etag"], kept["last_modified"]),
        datetime.fromisoformat(wait_until) if wait_until else None,
        dict.fromkeys(kept["told"]),
    )


def _mark(entry_id: str) -> str:
    return sha256(entry_id.encode("utf-8", "surrogatepass")).hexdigest()[:_MARK_DIGITS]
