"""Accounts of devices: made, used for the first time in time or void, revoked; kept as hashes alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Row, or_, select, update

from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.devices import IS_PAIRED, own_device
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.mqtt_readers import mqtt_readers
from veilleur.store.tables import device_statuses, devices
from veilleur_bridge.registry import BrokerAccount, ReaderAccount

CODE_HOLDS: Final = timedelta(minutes=10)
_CODE_HOLDS_MS: Final = CODE_HOLDS // timedelta(milliseconds=1)
_IS_AWAITED: Final = IS_PAIRED & devices.c.pairing_expires_at.is_not(None) & devices.c.paired_at.is_(None)


class AccountState(StrEnum):
    """How a device stands with its account."""

    NONE = "none"  # only heard of
    AWAITED = "awaited"  # its pairing code is valid and unused
    VOID = "void"  # its pairing code was not used in time
    PAIRED = "paired"
    REVOKED = "revoked"


class DeviceAccount(Struct, frozen=True, kw_only=True):
    """A device's account; `expires_at` is when the unused pairing code becomes void."""

    device: str
    label: str | None
    state: AccountState
    paired_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None


class SeenConnection(Struct, frozen=True):
    """A client that came with a device's own account and name, and since when."""

    device: str
    since_at: datetime


def set_password(  # noqa: PLR0913 - an account, whose, and until when
    database: Database,
    scope: Scope,
    name: str,
    password_hash: str,
    now_ms: int,
    *,
    expires_at: datetime | None = None,
) -> None:
    """Make an account for a device of the project, or give an existing one a new password; raises DeviceElsewhere.

    With `expires_at` it is void from then on, unless the device has used it.
    """
    values = {
        "password_hash": password_hash,
        "revoked_at": None,
        "paired_at": None,
        "pairing_expires_at": None if expires_at is None else to_ms(expires_at),
    }
    with database.writing() as connection:
        row = own_device(connection, scope, name, now_ms)
        connection.execute(update(devices).where(devices.c.id == row.id).values(values))


def account_of(database: Database, scope: Scope, name: str, now: datetime) -> DeviceAccount | None:
    """Return how a device of the project stands with its account, None for one never heard of."""
    query = select(devices).where(devices.c.name == name, devices.c.project_id == scope.project)
    with database.reading() as connection:
        row = connection.execute(query).first()
    if row is None:
        return None
    state = _state(row, to_ms(now))
    return DeviceAccount(
        device=row.name,
        label=row.label,
        state=state,
        paired_at=from_ms(row.paired_at),
        expires_at=from_ms(row.pairing_expires_at) if state is AccountState.AWAITED else None,
        revoked_at=from_ms(row.revoked_at),
    )


def revoke_account(database: Database, scope: Scope, name: str, *, now: datetime) -> bool:
    """Take a device's account away; False where the project has no device of that name with one."""
    return _change(database, scope, name, IS_PAIRED, {"revoked_at": to_ms(now)})


def revoked_devices(database: Database) -> Sequence[str]:
    """Return the names of the devices whose account was taken away."""
    with database.reading() as connection:
        query = select(devices.c.name).where(devices.c.revoked_at.is_not(None)).order_by(devices.c.name)
        return connection.execute(query).scalars().all()


def void_accounts(database: Database, *, now: datetime) -> Sequence[str]:
    """Return the names of the devices whose pairing code was not used in time."""
    query = select(devices.c.name).where(_IS_AWAITED, devices.c.pairing_expires_at <= to_ms(now))
    with database.reading() as connection:
        return connection.execute(query.order_by(devices.c.name)).scalars().all()


def set_label(database: Database, scope: Scope, name: str, label: str | None) -> bool:
    """Say how people call a device; its name on the wire stays. False where the project has none of that name."""
    return _change(database, scope, name, devices.c.id.is_not(None), {"label": label})


def note_connections(database: Database, seen: Iterable[SeenConnection], *, now: datetime) -> Sequence[str]:
    """Mark the awaited devices that have come with their new account as paired; return their names."""
    since_ms = {one.device: to_ms(one.since_at) for one in seen}
    with database.reading() as connection:
        rows = _awaited(connection, now)
    arrived = [row.name for row in rows if since_ms.get(row.name, 0) >= _issued_ms(row)]
    return _mark_paired(database, arrived, now)


def note_first_words(database: Database, *, now: datetime) -> Sequence[str]:
    """Mark the awaited devices that have told or sent something since their code was made; return their names."""
    with database.reading() as connection:
        rows = _awaited(connection, now)
    arrived = [row.name for row in rows if max(row.online_at or 0, row.last_received_at or 0) >= _issued_ms(row)]
    return _mark_paired(database, arrived, now)


class BrokerAccounts:
    """The bridge's DeviceRegistry over this database: a code that was not used in time is no account any more."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def broker_accounts(self) -> Sequence[BrokerAccount | ReaderAccount]:
        """Return the accounts of every device that may connect now, by name, then those of readers of mentions."""
        is_in_time = devices.c.pairing_expires_at > to_ms(self._clock())
        may_come = or_(devices.c.pairing_expires_at.is_(None), devices.c.paired_at.is_not(None), is_in_time)
        query = select(devices.c.name, devices.c.password_hash).where(IS_PAIRED, may_come).order_by(devices.c.name)
        with self._database.reading() as connection:
            paired = [BrokerAccount(row.name, row.password_hash) for row in connection.execute(query)]
        return [*paired, *(ReaderAccount(*reader) for reader in mqtt_readers(self._database).items())]


def _awaited(connection: Connection, now: datetime) -> Sequence[Any]:
    query = (
        select(devices.c.name, devices.c.pairing_expires_at, devices.c.last_received_at, device_statuses.c.online_at)
        .outerjoin(device_statuses, device_statuses.c.device_id == devices.c.id)
        .where(_IS_AWAITED, devices.c.pairing_expires_at > to_ms(now))
    )
    return connection.execute(query).all()


def _issued_ms(row: Row[Any]) -> int:
    return int(row.pairing_expires_at) - _CODE_HOLDS_MS


def _mark_paired(database: Database, names: Sequence[str], now: datetime) -> Sequence[str]:
    if names:
        with database.writing() as connection:
            these = devices.c.name.in_(names) & _IS_AWAITED
            connection.execute(update(devices).where(these).values(paired_at=to_ms(now)))
    return names


def _change(
    database: Database, scope: Scope, name: str, condition: ColumnElement[bool], values: dict[str, Any]
) -> bool:
    mine = (devices.c.project_id == scope.project) & (devices.c.name == name) & condition
    with database.writing() as connection:
        return connection.execute(update(devices).where(mine).values(values)).rowcount == 1


def _state(row: Row[Any], now_ms: int) -> AccountState:
    if row.password_hash is None:
        return AccountState.NONE
    if row.revoked_at is not None:
        return AccountState.REVOKED
    if row.pairing_expires_at is None or row.paired_at is not None:
        return AccountState.PAIRED
    return AccountState.AWAITED if row.pairing_expires_at > now_ms else AccountState.VOID
