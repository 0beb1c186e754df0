"""A topic that remembers what was published to it."""

from __future__ import annotations

from veilleur_bridge.topics import DeviceChannel, DeviceTopic
from veilleur_bridge.wire.receipt import Receipt, read_receipt


class Published:
    """Takes the place of the control link: keeps the receipts in the order of their publication."""

    def __init__(self) -> None:
        self._receipts: list[tuple[str, Receipt]] = []

    def __call__(self, topic: DeviceTopic, payload: bytes) -> None:
        receipt = read_receipt(payload)
        assert topic.channel is DeviceChannel.RECEIPT
        assert receipt is not None
        self._receipts.append((topic.device, receipt))

    def taken(self) -> list[Receipt]:
        """Return what was published since the last look."""
        return [receipt for _, receipt in self.taken_by_device()]

    def taken_by_device(self) -> list[tuple[str, Receipt]]:
        """Return the same with the device of each topic."""
        taken, self._receipts = self._receipts, []
        return taken
