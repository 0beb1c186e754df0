"""Every error the daemon raises on purpose.

VeilleurError
├── QueryError          a query cannot be read; carries column and what was expected
├── StoreError          the database cannot be used
│   ├── StoreTooNew     it was written by a newer release
│   ├── StoreBusy       it is locked or away for now: try again, nothing is lost
│   │   └── StoreConflict  somebody wrote the same key meanwhile: the same call sees it the next time
│   ├── StoreRefused    a value does not fit: the same call fails again
│   └── StoreDamaged    its file is broken: restore a backup
├── CatalogueError      a pattern catalogue is wrong; names file, line and reason
├── ParserConflict      two parsers claim one app
├── ConfigError         a device's configuration cannot be as it is asked
├── NoSuchGap           there is no gap to close
├── SettingsError       a setting cannot be used
└── AlreadyRunning      another daemon holds this database and name
"""

from __future__ import annotations


class VeilleurError(Exception):
    """Root of the daemon's errors; the message says what to do next."""


class QueryError(VeilleurError):
    """A query cannot be read: `column` counts from 1."""

    def __init__(self, column: int, expected: str) -> None:
        super().__init__(f"column {column}: expected {expected}")
        self.column = column
        self.expected = expected


class StoreError(VeilleurError):
    """The database cannot be used."""


class StoreTooNew(StoreError):
    """The database was written by a newer release."""


class StoreBusy(StoreError):
    """The database is locked, full or away; the same call may succeed later."""


class StoreConflict(StoreBusy):
    """A key was taken between our look and our write; where it happens again and again, the fault is ours."""


class StoreRefused(StoreError):
    """A value of this batch does not fit the database; the rest of the batch may."""


class StoreDamaged(StoreError):
    """The database file is broken."""


class CatalogueError(VeilleurError):
    """A pattern catalogue is wrong; the message names file, line and reason."""


class ParserConflict(VeilleurError):
    """Two parsers claim one package; the message names both."""


class ConfigError(VeilleurError):
    """A device's configuration cannot be as it is asked; the message says what can."""


class NoSuchGap(VeilleurError):
    """There is no gap where one was to be closed; the message says what is there."""


class SettingsError(VeilleurError):
    """A setting cannot be used; the message names it and what it takes."""


class AlreadyRunning(VeilleurError):
    """Another daemon holds this database under this name; the message names its process."""
