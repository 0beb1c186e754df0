"""Wires `veilleur device pair`: an account, the code that carries it to the tablet, and the wait for the tablet."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from msgspec import Struct

from veilleur.app.accounts import make_external_account, prove_account
from veilleur.app.brokering import broker_settings
from veilleur.app.clock import utc_now
from veilleur.app.pairing_addresses import BrokerOffer, embedded_offer, external_offer
from veilleur.app.settings import Settings
from veilleur.model.scope import Scope
from veilleur.store.database import Database
from veilleur.store.devices import refuse_elsewhere
from veilleur.store.instants import to_ms
from veilleur.store.pairing import CODE_HOLDS, AccountState, account_of, note_first_words, set_password
from veilleur.store.pairing_pages import keep_page
from veilleur_bridge.broker.accounts import make_account
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.pairing import PairingCode, write_pairing_code

_LOOK_EVERY_S: Final = 0.5
_PROVEN_WITHIN_S: Final = 5.0


class Reach(StrEnum):
    """How the tablet will reach the broker."""

    NETWORK = "network"
    USB = "usb"


class PairingWish(Struct, frozen=True, kw_only=True):
    """What was asked for, in the project of `scope`.

    `hosts` are further ones, HOST or HOST:PORT, which stand before those found.
    """

    scope: Scope
    device: str
    reach: Reach = Reach.NETWORK
    hosts: Sequence[str] = ()


class Pairing(Struct, frozen=True, kw_only=True):
    """A pairing code in its three forms; `by_hand` is what the operator must do at a broker of theirs."""

    code: PairingCode
    text: str
    page_path: str
    usb_command: str | None
    by_hand: tuple[str, ...]


def make_pairing(settings: Settings, database: Database, wish: PairingWish) -> Pairing:
    """Make an account and its code: good for one device, and void unless used within ten minutes.

    Raises BrokerError, PairingError or DeviceElsewhere, and then has changed nothing.
    """
    refuse_elsewhere(database, wish.scope, wish.device)
    made = make_account(wish.device)
    offer = _offer(settings, wish)
    now = utc_now()
    code = PairingCode(
        device=wish.device,
        secret=made.password,
        addresses=offer.addresses,
        key_sha256=offer.key_sha256,
        mdns=offer.mdns,
        expires_at=now + CODE_HOLDS,
    )
    text = write_pairing_code(code)
    by_hand = _make_external(settings, wish.device, made.password)
    set_password(database, wish.scope, wish.device, made.account.password_hash, to_ms(now), expires_at=code.expires_at)
    token = keep_page(database, wish.device, text, now=now, expires_at=code.expires_at)
    usb_command = f"adb reverse tcp:{offer.port} tcp:{offer.port}" if wish.reach is Reach.USB else None
    return Pairing(code=code, text=text, page_path=f"/pair/{token}", usb_command=usb_command, by_hand=by_hand)


def await_device(database: Database, scope: Scope, device: str, until_at: datetime) -> AccountState:
    """Wait until the device has come with its new account, or the code is void; return how the account stands."""
    while True:
        now = utc_now()
        note_first_words(database, now=now)
        account = account_of(database, scope, device, now)
        state = AccountState.NONE if account is None else account.state
        if state is not AccountState.AWAITED or now >= until_at:
            return state
        time.sleep(_LOOK_EVERY_S)


def _make_external(settings: Settings, device: str, password: str) -> tuple[str, ...]:
    """Make the account at a broker of somebody else's, and prove it; else return how it is made by hand."""
    if settings.mqtt_url is None:
        return ()
    made = make_external_account(settings.mqtt_url, device, password)
    if not made.by_hand and not (proof := prove_account(made, within_s=_PROVEN_WITHIN_S)).is_ok:
        raise BrokerError(f"the account does not work: {proof.detail}: {proof.advice}")
    return made.by_hand


def _offer(settings: Settings, wish: PairingWish) -> BrokerOffer:
    is_usb = wish.reach is Reach.USB
    if settings.mqtt_url is not None:
        return external_offer(settings.mqtt_url, is_usb=is_usb)
    return embedded_offer(broker_settings(settings), wish.hosts, is_usb=is_usb)
