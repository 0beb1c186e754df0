"""How plug-ins stand, kept in the data folder: how often each died, over which records, and whether it is suspended.

Several processes read with the same plug-in (the daemon, a replay): each change is made to the file under a lock.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Final

import msgspec
import psutil
import structlog
from msgspec import Struct, structs

from veilleur.app.plugins.installed import Plugin

DEATHS_TO_SUSPEND: Final = 3
DEATHS_COUNT_FOR: Final = timedelta(days=1)
DEATHS_OF_A_RECORD: Final = 2
_MOST_RECORDS: Final = 1_000

log = structlog.get_logger()


class Standing(Struct, frozen=True, kw_only=True):
    """What is remembered of one version of a plug-in.

    `records` counts the deaths over each record, by its digest; `readers` holds, by process, which record is being
    read alone ("" where whole batches are): a reader that is gone and still stands here ended uncleanly.
    """

    distribution: str
    version: str
    target: str
    deaths: tuple[datetime, ...] = ()
    suspended_at: datetime | None = None
    records: dict[str, int] = {}
    readers: dict[int, str] = {}


class Standings:
    """The standing of each plug-in, a file each in one folder."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._clock = clock

    def of(self, plugin: Plugin) -> Standing:
        """Return how a plug-in stands; another version than the one that died stands as new."""
        fresh = Standing(distribution=plugin.distribution, version=plugin.version, target=plugin.target)
        kept = self._kept(self._path(plugin))
        return kept if kept is not None and kept.version == plugin.version else fresh

    def suspended(self) -> list[Standing]:
        """Return the standings of all that are suspended, whether still installed or not."""
        kept = (self._kept(path) for path in sorted(self._folder.glob("*.json")))
        return [one for one in kept if one is not None and one.suspended_at is not None]

    def known(self) -> frozenset[str]:
        """Return the distributions of all that ever read here, whether still installed or not."""
        kept = (self._kept(path) for path in self._folder.glob("*.json"))
        return frozenset(one.distribution for one in kept if one is not None)

    def begin(self, plugin: Plugin) -> bool:
        """Note that this process reads with it; return whether an earlier one ended uncleanly over it."""
        with self._changing(plugin) as change:
            standing = self.of(plugin)
            gone = {pid: record for pid, record in standing.readers.items() if not psutil.pid_exists(pid)}
            records = dict(standing.records)
            for record in filter(None, gone.values()):
                records[record] = records.get(record, 0) + 1
            readers = {pid: record for pid, record in standing.readers.items() if pid not in gone}
            change(structs.replace(standing, records=records, readers=readers | {os.getpid(): ""}))
        return bool(gone)

    def alone(self, plugin: Plugin, record: str) -> None:
        """Note that this process reads one record alone, or with "" that it no longer does."""
        with self._changing(plugin) as change:
            standing = self.of(plugin)
            change(structs.replace(standing, readers=standing.readers | {os.getpid(): record}))

    def end(self, plugin: Plugin) -> None:
        """Note that this process is done with it."""
        with self._changing(plugin) as change:
            standing = self.of(plugin)
            change(structs.replace(standing, readers=_without(standing.readers, os.getpid())))

    def died(self, plugin: Plugin, record: str | None) -> Standing:
        """Note a death, over this record where one was under way; the third of a day suspends the plug-in."""
        now = self._clock()
        with self._changing(plugin) as change:
            standing = self.of(plugin)
            deaths = (*(at for at in standing.deaths if now - at < DEATHS_COUNT_FOR), now)
            records = dict(standing.records)
            if record is not None:
                records[record] = records.pop(record, 0) + 1
            is_over = len(deaths) >= DEATHS_TO_SUSPEND
            suspended_at = standing.suspended_at or (now if is_over else None)
            kept = dict(list(records.items())[-_MOST_RECORDS:])
            standing = structs.replace(standing, deaths=deaths, suspended_at=suspended_at, records=kept)
            change(standing)
        return standing

    def resume(self, plugin: Plugin) -> bool:
        """Let a suspended plug-in read again, its deaths forgotten and its deadly records not; False where it reads."""
        with self._changing(plugin) as change:
            standing = self.of(plugin)
            change(structs.replace(standing, deaths=(), suspended_at=None))
        return standing.suspended_at is not None

    def _kept(self, path: Path) -> Standing | None:
        try:
            return msgspec.json.decode(path.read_bytes(), type=Standing)
        except FileNotFoundError:
            return None
        except (msgspec.DecodeError, UnicodeDecodeError):
            log.warning("standing of a plug-in cannot be read, it begins anew", file=path.name)
            return None

    def _path(self, plugin: Plugin) -> Path:
        digest = blake2b(f"{plugin.distribution} {plugin.target}".encode(), digest_size=8).hexdigest()
        return self._folder / f"{digest}.json"

    @contextmanager
    def _changing(self, plugin: Plugin) -> Iterator[Callable[[Standing], None]]:
        """Give what replaces the file; nobody else changes it meanwhile."""
        path = self._path(plugin)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)

        def change(standing: Standing) -> None:
            draft = path.with_suffix(".new")
            draft.write_bytes(msgspec.json.encode(standing))
            draft.replace(path)

        with path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield change


def _without(readers: dict[int, str], pid: int) -> dict[int, str]:
    return {other: record for other, record in readers.items() if other != pid}
