"""Reads a log in a test and decodes what it delivers, as the line would."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from tempfile import TemporaryDirectory

from veilleur_bridge.codec import Codec, Decoded
from veilleur_bridge.delivery import Delivery, LogItem, LogProblem
from veilleur_bridge.envelope import Envelope, Notification
from veilleur_bridge.sources.imported import MISSING_EXTRA
from veilleur_bridge.sources.log_file import open_log
from veilleur_bridge.sources.log_format import LogFormat

DUMPS = Path(__file__).parent / "dumps"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
_CODEC = Codec()


def read_file(
    path: Path, *, log_format: LogFormat | None = None, device: str = "import", zone: tzinfo | None = UTC
) -> list[LogItem]:
    with open_log(path, format=log_format, device=device, clock=lambda: NOW, zone=zone) as log:
        return list(log.items)


def read_bytes(
    content: bytes, *, log_format: LogFormat | None = None, device: str = "import", zone: tzinfo | None = UTC
) -> list[LogItem]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "log.txt"
        path.write_bytes(content)
        return read_file(path, log_format=log_format, device=device, zone=zone)


def envelopes(items: Sequence[LogItem]) -> list[Envelope]:
    """Return what was delivered; anything that the line would refuse fails the test."""
    decoded = [_CODEC.decode(item.payload, topic_device=None) for item in items if isinstance(item, Delivery)]
    assert all(isinstance(one, Decoded) for one in decoded), decoded
    return [one.envelope for one in decoded if isinstance(one, Decoded)]


def notifications(items: Sequence[LogItem]) -> list[Notification]:
    return [envelope.notification for envelope in envelopes(items) if envelope.notification]


def problems(items: Sequence[LogItem]) -> list[LogProblem]:
    return [item for item in items if isinstance(item, LogProblem)]


def missing(notification: Notification) -> set[str]:
    named = (notification.extras or {}).get(MISSING_EXTRA)
    return set(named.split(",")) if named else set()
