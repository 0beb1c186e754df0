"""What the bridge needs to know and remember, declared here and kept by somebody else's database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from veilleur_bridge.wire.receipt import Receipt

__all__ = ["BrokerAccount", "DeviceRegistry", "ReaderAccount", "Receipt", "ReceiptLedger"]


@dataclass(frozen=True, slots=True)
class BrokerAccount:
    """A device's account at the embedded broker; `password_hash` is bcrypt, never the password."""

    device: str
    password_hash: str


@dataclass(frozen=True, slots=True)
class ReaderAccount:
    """The account of a program that reads republished mentions at the embedded broker, and does nothing else."""

    name: str
    password_hash: str


class DeviceRegistry(Protocol):
    """Which devices, and which readers of mentions, may connect to the embedded broker."""

    def broker_accounts(self) -> Sequence[BrokerAccount | ReaderAccount]: ...


class ReceiptLedger(Protocol):
    """The receipts that devices are due, read from the database as they are published: of each its current epoch's."""

    def receipts_for(self, devices: Collection[str]) -> Mapping[str, Receipt]: ...

    def every_receipt(self) -> Mapping[str, Receipt]: ...
