"""Sends receipts: soon after each commit, but to no device more often than it can use."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from veilleur.model.errors import StoreError
from veilleur_bridge.registry import Receipt, ReceiptLedger
from veilleur_bridge.topics import DeviceChannel, DeviceTopic
from veilleur_bridge.wire.receipt import write_receipt

BETWEEN_TWO_S: Final = 0.1
"""The least time between two receipts for one device: what is committed meanwhile stands in the later one."""

Publish = Callable[[DeviceTopic, bytes], None]


class ReceiptSender:
    """Publishes the receipts that are owed, read from the database in one query as they are published.

    `owe` may be called on any thread; everything else on one thread.
    """

    def __init__(self, ledger: ReceiptLedger, publish: Publish, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._ledger = ledger
        self._publish = publish
        self._clock_s = clock_s
        self._changing = threading.Lock()
        self._owed: set[str] = set()
        self._is_owed_to_all = False
        self._published: dict[str, Receipt] = {}
        self._published_at_s: dict[str, float] = {}

    def owe(self, devices: Iterable[str]) -> None:
        """Let these devices have a receipt with the next `publish_owed`."""
        with self._changing:
            self._owed.update(devices)

    def owe_everyone(self) -> None:
        """Let every device have a receipt with the next `publish_owed`."""
        self._is_owed_to_all = True

    def publish_owed(self) -> float | None:
        """Publish what is owed and may be sent now; return the seconds until more may be, None where nothing is owed.

        Raises StoreError where the database cannot be read; then everything is still owed.
        """
        if self._is_owed_to_all:
            self._publish_each(self._ledger.every_receipt())
            self._is_owed_to_all = False
        due = self._take_due()
        try:
            self._publish_each(self._ledger.receipts_for(due))
        except StoreError:
            self.owe(due)
            raise
        with self._changing:
            return BETWEEN_TWO_S if self._owed else None

    def publish_changed(self) -> None:
        """Publish what changed without a commit of ours: by another daemon, or by an operator."""
        receipts = self._ledger.every_receipt()
        self._publish_each({name: one for name, one in receipts.items() if self._published.get(name) != one})

    def has_told(self, device: str, store: str, epoch: str, through_seq: int) -> bool:
        """Return whether a receipt is ours: what we published last for this device, or before it in the same epoch."""
        own = self._published.get(device)
        return own is not None and (own.store, own.epoch) == (store, epoch) and through_seq <= own.through_seq

    def _take_due(self) -> set[str]:
        latest_s = self._clock_s() - BETWEEN_TWO_S
        with self._changing:
            due = {name for name in self._owed if self._published_at_s.get(name, latest_s) <= latest_s}
            self._owed -= due
        return due

    def _publish_each(self, receipts: Mapping[str, Receipt]) -> None:
        for name, receipt in receipts.items():
            self._publish(DeviceTopic(name, DeviceChannel.RECEIPT), write_receipt(receipt))
            self._published[name] = receipt
            self._published_at_s[name] = self._clock_s()
