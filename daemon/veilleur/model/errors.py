"""Every error the daemon raises on purpose.

VeilleurError
├── QueryError          a query cannot be read; carries column and what was expected
├── StoreError          the database cannot be used
│   ├── StoreTooNew     it was written by a newer release
│   ├── StoreBusy       it is locked or away for now: try again, nothing is lost
│   │   └── StoreConflict  somebody wrote the same key meanwhile: the same call sees it the next time
│   ├── QueryTooCostly  a query asks for more work than one answer may take: narrow it
│   ├── StoreRefused    a value does not fit: the same call fails again
│   └── StoreDamaged    its file is broken: restore a backup
├── StaleCursor         a place in the change feed is not there any more: begin anew
├── CatalogueError      a pattern catalogue is wrong; names file, line and reason
├── ParserConflict      two parsers claim one app
├── NoSuchPlugin        no plug-in of that name is installed
├── NoSuchGap           there is no gap to close
├── MissingExtra        a format's library is not installed
├── NameTaken           another token has the name
├── WordedRefusal       something cannot be as asked; a page says why in the reader's language
│   ├── QualificationError  what is to be said of mentions cannot be; says what can
│   ├── ConfigError     a device's configuration cannot be as it is asked
│   ├── PlanError       an entry of the watch plan cannot be as it is written; says where and what can
│   ├── LogoRefused     a file is no logo that a report may hold; says what is
│   ├── ReceiverRefused  a receiver or a subscription cannot be as asked
│   │   └── AddressRefused  an address that nothing is sent to
│   ├── AlertRuleError  an alert rule cannot be as it is written; says what can
│   ├── PersonRefused   a person cannot be as asked
│   └── ProjectRefused  a project cannot be made, filled or removed as asked
├── DeviceElsewhere     another project has a device of that name
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


class QueryTooCostly(StoreError):
    """The database gave up a query that asks for more work than one answer may take; the message says what to do."""


class StoreRefused(StoreError):
    """A value of this batch does not fit the database; the rest of the batch may."""


class StoreDamaged(StoreError):
    """The database file is broken."""


class StaleCursor(VeilleurError):
    """A place in the change feed is not there any more, or was never this store's: read everything anew."""


class CatalogueError(VeilleurError):
    """A pattern catalogue is wrong; the message names file, line and reason."""


class ParserConflict(VeilleurError):
    """Two parsers claim one package; the message names both."""


class NoSuchPlugin(VeilleurError):
    """No plug-in of that name is installed."""


class WordedRefusal(VeilleurError):
    """Something cannot be as asked: `why` is a sentence of the catalogue, `values` what it names.

    From a server it comes as said there: a sentence without values.
    """

    def __init__(self, why: str, **values: str | int | tuple[str, ...]) -> None:
        shown = {name: ", ".join(one) if isinstance(one, tuple) else str(one) for name, one in values.items()}
        super().__init__(why % shown if shown else why)
        self.why = why
        self.values = values


class QualificationError(WordedRefusal):
    """What is to be said of mentions cannot be said; the message says what can."""


class ConfigError(WordedRefusal):
    """A device's configuration cannot be as it is asked; the message says what can."""


class AlertRuleError(WordedRefusal):
    """An alert rule cannot be as it is written; the message says what can."""


class PlanError(WordedRefusal):
    """An entry of the watch plan cannot be as it is written; the message says where, and what can."""


class NoSuchGap(VeilleurError):
    """There is no gap where one was to be closed; the message says what is there."""


class MissingExtra(VeilleurError):
    """A library that is installed only where it is asked for is missing; the message names the extra."""


class NameTaken(VeilleurError):
    """A valid token has the name that another was to get; the message says what to do."""


class PersonRefused(WordedRefusal):
    """A person cannot be added or changed as asked; the message says why."""


class ProjectRefused(WordedRefusal):
    """A project cannot be made, filled or removed as asked; the message says what to do first."""


class DeviceElsewhere(VeilleurError):
    """Another project has a device of that name; the message says what to do."""


class ReceiverRefused(WordedRefusal):
    """A receiver or a subscription cannot be as asked; the message says why, and never the address."""


class AddressRefused(ReceiverRefused):
    """Nothing is sent to this address; the message says why, and which setting would allow it."""


class LogoRefused(WordedRefusal):
    """A file is no logo that a report may hold; the message says what is."""


class SettingsError(VeilleurError):
    """A setting cannot be used; the message names it and what it takes."""


class AlreadyRunning(VeilleurError):
    """Another daemon holds this database under this name; the message names its process."""
