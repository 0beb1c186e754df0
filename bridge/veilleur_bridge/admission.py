"""What a well-typed envelope must still satisfy before it goes down the line (contract v1)."""

from __future__ import annotations

from typing import Final

from veilleur_bridge.envelope import CONTRACT_VERSION, MAX_SEQ, Envelope, EventKind
from veilleur_bridge.refusal import Refusal, RejectReason
from veilleur_bridge.topics import is_device_name

MAX_ID_LENGTH: Final = 128
MAX_EPOCH_LENGTH: Final = 64
MAX_PACKAGE_LENGTH: Final = 255
MAX_CHOICE_LENGTH: Final = 64

_LOST: Final = EventKind.LOST


def refusal_of(envelope: Envelope, topic_device: str | None) -> Refusal | None:
    """Return the first rule that the envelope breaks, or None."""
    return (
        _refuse_address(envelope, topic_device)
        or _refuse_seq(envelope, topic_device)
        or _refuse_lengths(envelope)
        or (_refuse_event(envelope) if envelope.notification is None or envelope.event == _LOST else None)
    )


def _refuse_address(envelope: Envelope, topic_device: str | None) -> Refusal | None:
    if envelope.v != CONTRACT_VERSION:
        return Refusal(RejectReason.UNKNOWN_VERSION, f"v is not {CONTRACT_VERSION}")
    if envelope.device == topic_device:
        return None
    if not is_device_name(envelope.device):
        return Refusal(RejectReason.BAD_DEVICE, "device is not 1 to 64 of a-z, 0-9 and -")
    if topic_device is not None:
        return Refusal(RejectReason.WRONG_DEVICE, "device is not the topic's")
    return None


def _refuse_seq(envelope: Envelope, topic_device: str | None) -> Refusal | None:
    seq, epoch = envelope.seq, envelope.epoch
    if seq is None or epoch is None:
        if seq is None and epoch is None and topic_device is None:
            return None
        return Refusal(RejectReason.MISSING_SEQ, "epoch and seq belong together, and to every MQTT message")
    if not 1 <= seq <= MAX_SEQ:
        return Refusal(RejectReason.BAD_NUMBER, "seq is not 1 to 2^53")
    if not 0 < len(epoch) <= MAX_EPOCH_LENGTH:
        return Refusal(RejectReason.BAD_FIELD, f"epoch is not 1 to {MAX_EPOCH_LENGTH} characters")
    return None


def _refuse_lengths(envelope: Envelope) -> Refusal | None:
    if not 0 < len(envelope.id) <= MAX_ID_LENGTH:
        return Refusal(RejectReason.BAD_FIELD, f"id is not 1 to {MAX_ID_LENGTH} characters")
    if not 0 < len(envelope.app.package) <= MAX_PACKAGE_LENGTH:
        return Refusal(RejectReason.BAD_FIELD, f"app.package is not 1 to {MAX_PACKAGE_LENGTH} characters")
    if envelope.notification is not None and not envelope.notification.key:
        return Refusal(RejectReason.BAD_FIELD, "notification.key is empty")
    if not 0 < len(envelope.event) <= MAX_CHOICE_LENGTH or not 0 < len(envelope.source.kind) <= MAX_CHOICE_LENGTH:
        return Refusal(RejectReason.BAD_FIELD, f"event or source.kind is not 1 to {MAX_CHOICE_LENGTH} characters")
    return None


def _refuse_event(envelope: Envelope) -> Refusal | None:
    if envelope.event != _LOST:
        return Refusal(RejectReason.MISSING_NOTIFICATION, "only a lost event goes without notification")
    if envelope.seq is None:
        return Refusal(RejectReason.MISSING_SEQ, "a lost event without epoch and seq")
    if envelope.through_seq is None or not envelope.reason:
        return Refusal(RejectReason.MISSING_FIELD, "a lost event without through_seq or reason")
    if not envelope.seq <= envelope.through_seq <= MAX_SEQ:
        return Refusal(RejectReason.BAD_NUMBER, "through_seq is not seq to 2^53")
    return None
