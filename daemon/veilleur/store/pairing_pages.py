"""Pairing codes that wait to be shown as a page, once: sealed, with the key in the page's address alone."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import blake2b
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from msgspec import Struct
from sqlalchemy import delete, select, update

from veilleur.store.database import Database
from veilleur.store.devices import known_devices
from veilleur.store.instants import to_ms
from veilleur.store.tables import devices, pairing_pages

_TOKEN_BYTES: Final = 24
_NONCE_BYTES: Final = 12


class PairingPage(Struct, frozen=True):
    """What a page shows: whose code, the code where it was not shown before, and whether the device has come."""

    device: str
    code: str | None
    is_connected: bool
    is_over: bool


def keep_page(database: Database, device: str, code: str, *, now: datetime, expires_at: datetime) -> str:
    """Keep a code to be shown once; return the unguessable end of the page's address, which nothing here repeats."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = nonce + ChaCha20Poly1305(_key(token)).encrypt(nonce, code.encode(), None)
    with database.writing() as connection:
        row = known_devices(connection, [device], to_ms(now))[device]
        outdated = (pairing_pages.c.expires_at <= to_ms(now)) | (pairing_pages.c.device_id == row.id)
        connection.execute(delete(pairing_pages).where(outdated))
        values = {"id": _id(token), "device_id": row.id, "sealed": sealed, "expires_at": to_ms(expires_at)}
        connection.execute(pairing_pages.insert().values(values))
    return token


def show_page(database: Database, token: str, *, now: datetime) -> PairingPage | None:
    """Return the page with its code and forget the code; None for an address that was never given out, or is over."""
    return _look(database, token, now=now, takes_code=True)


def page_state(database: Database, token: str, *, now: datetime) -> PairingPage | None:
    """Return the page without its code, which stays for whoever comes to see it."""
    return _look(database, token, now=now, takes_code=False)


def _look(database: Database, token: str, *, now: datetime, takes_code: bool) -> PairingPage | None:
    mine = pairing_pages.c.id == _id(token)
    query = (
        select(pairing_pages, devices.c.name, devices.c.paired_at)
        .join(devices, devices.c.id == pairing_pages.c.device_id)
        .where(mine)
    )
    with database.reading() as connection:
        row = connection.execute(query).first()
    if row is None:
        return None
    is_over = row.expires_at <= to_ms(now)
    is_connected = row.paired_at is not None
    if not takes_code or row.sealed is None or is_over or is_connected:
        return PairingPage(row.name, None, is_connected, is_over)
    with database.writing() as connection:
        taking = update(pairing_pages).where(mine & pairing_pages.c.sealed.is_not(None)).values(sealed=None)
        is_ours = connection.execute(taking).rowcount == 1
    return PairingPage(row.name, _unsealed(bytes(row.sealed), token) if is_ours else None, is_connected, is_over)


def _unsealed(sealed: bytes, token: str) -> str | None:
    try:
        opened = ChaCha20Poly1305(_key(token)).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
    except InvalidTag:
        return None
    return opened.decode()


def _id(token: str) -> bytes:
    return blake2b(token.encode("utf-8", "surrogatepass"), digest_size=32, person=b"veilleur page").digest()


def _key(token: str) -> bytes:
    return blake2b(token.encode("utf-8", "surrogatepass"), digest_size=32, person=b"veilleur seal").digest()
