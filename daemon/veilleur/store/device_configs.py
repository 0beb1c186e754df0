"""The configurations of devices: every revision is kept, the newest is in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from veilleur.model.device_config import StoredConfig
from veilleur.model.errors import ConfigError
from veilleur.model.scope import Scope
from veilleur.store.bulk import insert_rows
from veilleur.store.database import Database
from veilleur.store.instants import from_ms, to_ms
from veilleur.store.tables import device_configs, device_statuses, devices
from veilleur.wording import refusals
from veilleur_bridge.wire.config import DeviceConfig, read_config, write_config

_COLUMNS: Final = tuple(column.name for column in device_configs.columns)
_ITSELF: Final = 2


class ConfigPayload(Struct, frozen=True):
    """The newest configuration of one device as the wire has it."""

    device: str
    revision: int
    payload: bytes


def newest_config(database: Database, scope: Scope, device: str) -> StoredConfig | None:
    """Return what is asked of a device; None where nothing is, or the project has no such device."""
    revisions = _revisions(database, scope, device, limit=1)
    return revisions[0] if revisions else None


def config_before(database: Database, scope: Scope, device: str) -> StoredConfig | None:
    """Return what was asked of a device before the newest; None where that is its first."""
    revisions = _revisions(database, scope, device, limit=_ITSELF)
    return revisions[1] if len(revisions) == _ITSELF else None


def save_config(
    database: Database, scope: Scope, device: str, config: DeviceConfig, *, now: datetime
) -> StoredConfig | None:
    """Ask this of a device as its next revision, and return it; None where the project has no such device.

    `config.revision` is the one it was made from (0 for none): raises ConfigError where another came between.
    """
    with database.writing() as connection:
        locked = select(devices.c.id).where(_is_device(scope, device)).with_for_update(key_share=True)
        device_id = connection.execute(locked).scalar()
        if device_id is None:
            return None
        newest = _newest_revision(connection, device_id)
        if config.revision != newest:
            raise ConfigError(refusals.CAME_BETWEEN, newest=newest, made_from=config.revision)
        asked = replace(config, revision=_next_revision(connection, device_id), issued_at=now)
        _insert(connection, device_id, asked, now)
        return StoredConfig(asked, now)


def give_first_config(database: Database, device_id: int, config: DeviceConfig, *, now: datetime) -> None:
    """Ask this of a device of which nothing is asked yet."""
    with database.writing() as connection:
        if _newest_revision(connection, device_id) == 0:
            _insert(
                connection,
                device_id,
                replace(config, revision=_next_revision(connection, device_id), issued_at=now),
                now,
            )


def newest_payloads(database: Database) -> tuple[ConfigPayload, ...]:
    """Return what is asked of every device that is not revoked, by name."""
    newest = select(device_configs.c.device_id, func.max(device_configs.c.revision).label("revision"))
    newest_of = newest.group_by(device_configs.c.device_id).subquery()
    is_newest = (device_configs.c.device_id == newest_of.c.device_id) & (
        device_configs.c.revision == newest_of.c.revision
    )
    query = (
        select(devices.c.name, device_configs.c.revision, device_configs.c.payload)
        .select_from(
            device_configs.join(newest_of, is_newest).join(devices, devices.c.id == device_configs.c.device_id)
        )
        .where(devices.c.revoked_at.is_(None))
        .order_by(devices.c.name)
    )
    with database.reading() as connection:
        return tuple(ConfigPayload(row.name, row.revision, bytes(row.payload)) for row in connection.execute(query))


def _revisions(database: Database, scope: Scope, device: str, *, limit: int) -> tuple[StoredConfig, ...]:
    query: Select[Any] = (
        select(device_configs)
        .join(devices, devices.c.id == device_configs.c.device_id)
        .where(_is_device(scope, device))
        .order_by(device_configs.c.revision.desc())
        .limit(limit)
    )
    with database.reading() as connection:
        return tuple(_stored(row) for row in connection.execute(query))


def _stored(row: Row[Any]) -> StoredConfig:
    config = read_config(bytes(row.payload))
    if config is None:
        raise ConfigError(refusals.NEWER_CONFIG, revision=row.revision)
    return StoredConfig(config, from_ms(row.created_at))


def _is_device(scope: Scope, device: str) -> ColumnElement[bool]:
    return (devices.c.name == device) & (devices.c.project_id == scope.project)


def _newest_revision(connection: Connection, device_id: int) -> int:
    newest = select(func.max(device_configs.c.revision)).where(device_configs.c.device_id == device_id)
    return int(connection.execute(newest).scalar() or 0)


def _next_revision(connection: Connection, device_id: int) -> int:
    """Return a revision that the device takes: above that of this database, and above that which it goes by."""
    in_force = select(device_statuses.c.config_revision).where(device_statuses.c.device_id == device_id)
    return max(_newest_revision(connection, device_id), connection.execute(in_force).scalar() or 0) + 1


def _insert(connection: Connection, device_id: int, config: DeviceConfig, now: datetime) -> None:
    row = (device_id, config.revision, to_ms(now), write_config(config))
    insert_rows(connection, device_configs, _COLUMNS, [row])
