"""Reads what devices say of themselves."""

from __future__ import annotations

from collections.abc import Iterable

import structlog

from veilleur.ingest.heard import HeardMessage
from veilleur.store.statuses import HeardStatus
from veilleur_bridge.wire.status import read_status

log = structlog.get_logger()


def read_statuses(messages: Iterable[HeardMessage]) -> list[HeardStatus]:
    """Return those messages that are statuses; others are logged by their length."""
    read: list[HeardStatus] = []
    for message in messages:
        status = read_status(message.payload)
        if status is not None:
            read.append(HeardStatus(message.topic.device, status, message.payload, message.is_retained))
        elif message.payload:
            log.warning("status cannot be read", device=message.topic.device, size=len(message.payload))
    return read
