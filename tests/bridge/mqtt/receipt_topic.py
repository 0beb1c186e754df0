"""A device's receipt topic as the device itself sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from uuid import uuid4

from tests.bridge.mqtt.mqtt_parts import SOON_SECONDS, Reader, up
from tests.waiting import until
from veilleur_bridge.topics import DeviceChannel, device_topic
from veilleur_bridge.wire.receipt import Receipt, read_receipt


@dataclass(frozen=True, slots=True)
class ReceiptTopic:
    """What came on one device's receipt topic since we looked, the retained one first."""

    _reader: Reader

    @property
    def receipts(self) -> list[Receipt]:
        return [receipt for payload in list(self._reader.read) if (receipt := read_receipt(payload)) is not None]

    @property
    def newest(self) -> Receipt | None:
        return self.receipts[-1] if self.receipts else None

    def awaited(
        self, is_meant: Callable[[Receipt], bool], what: str, *, within_seconds: float = SOON_SECONDS
    ) -> Receipt:
        """Return the first receipt that is meant, or fail."""

        def found() -> Receipt | None:
            return next(filter(is_meant, self.receipts), None)

        return until(found, within_seconds=within_seconds, what=what)

    def through(self, seq: int, *, within_seconds: float = SOON_SECONDS) -> Receipt:
        """Return the first receipt through exactly this seq, or fail."""
        what = f"a receipt through {seq}"
        return self.awaited(lambda one: one.through_seq == seq, what, within_seconds=within_seconds)


@contextmanager
def receipts_of(url: str, device: str) -> Iterator[ReceiptTopic]:
    """Look at a device's receipt topic while the block runs."""
    topic = device_topic(device, DeviceChannel.RECEIPT)
    with closing(Reader(url, f"looks-{uuid4().hex[:12]}", topic)) as reader:
        up(reader.state)
        yield ReceiptTopic(reader)
