"""A whole device without Android's own parts: policy, privacy screen, spool and connection in one (DESIGN §1)."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Final

from veilleur_bridge.capture_policy import CapturePolicy
from veilleur_bridge.captured import Captured, Fate
from veilleur_bridge.cutting import encode_within
from veilleur_bridge.delivery import Clock
from veilleur_bridge.device_link import DeviceLink
from veilleur_bridge.drainer import Pace
from veilleur_bridge.envelope import CONTRACT_VERSION, Envelope, LostReason
from veilleur_bridge.event_counts import EventCounts
from veilleur_bridge.event_id import new_event_id
from veilleur_bridge.lost import Sender, lost_payload
from veilleur_bridge.mqtt.link import LinkState
from veilleur_bridge.mqtt.options import MqttOptions
from veilleur_bridge.notification_screen import screen_by
from veilleur_bridge.redaction_rules import RedactionRules
from veilleur_bridge.spool.contents import LostSpan, SpoolState
from veilleur_bridge.spool.folder import put_file
from veilleur_bridge.spool.spool import DEFAULT_CAP_BYTES, Spool
from veilleur_bridge.wire.config import DeviceConfig, read_config
from veilleur_bridge.wire.receipt import Receipt
from veilleur_bridge.wire.status import DeviceStatus, ReceiptInForce

CONFIG_FILE: Final = "config.json"
STATUS_INTERVAL_S: Final = 60


class DeviceProblem(StrEnum):
    """What keeps the device from working, as its status names it."""

    NO_RECEIPT = "no_receipt"
    BROKER_REFUSES = "broker_refuses"
    RECEIPT_UNREAL = "receipt_unreal"
    SPOOL_AT_CAP = "spool_at_cap"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSettings:
    """One device; `first_config` is in force until the daemon's first."""

    sender: Sender
    folder: Path
    options: MqttOptions
    locale: str | None = None
    cap_bytes: int = DEFAULT_CAP_BYTES
    first_config: DeviceConfig | None = None
    pace: Pace = field(default_factory=Pace)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """What only the source knows of itself, as its status says it."""

    problems: tuple[str, ...] = ()
    listener_bound: bool | None = None
    last_callback_at: datetime | None = None
    active_notifications: dict[str, int] | None = None


@dataclass(frozen=True, slots=True)
class DeviceState:
    """How a device is: its connection, its spool, its config's revision, and since when nothing was receipted."""

    link: LinkState
    spool: SpoolState
    config_revision: int
    silent_s: float | None


class DeviceProgram:
    """One device, from construction to `close`; `offer` may be called from any thread.

    Raises SpoolError at once where the folder cannot be used. It closes its `spool`, also one that it was given.
    """

    def __init__(
        self, settings: DeviceSettings, *, rules: RedactionRules, clock: Clock, spool: Spool | None = None
    ) -> None:
        self._settings, self._rules, self._clock = settings, rules, clock
        self._health = SourceHealth()
        self._spool = spool or Spool(settings.folder, clock=clock, cap_bytes=settings.cap_bytes)
        self._counts = EventCounts(settings.folder, self._spool.epoch)
        self._config_error: str | None = None
        remembered = self._remembered_config()
        self._revision = 0 if remembered is None else remembered.revision
        self._put_in_force(remembered or settings.first_config)
        self._link = DeviceLink(settings.options, self._spool, self, pace=settings.pace, clock=clock)

    def offer(self, captured: Captured) -> Fate:
        """Capture one event, if the config wants it: when this returns a seq, it is on disk. Raises SpoolError."""
        return self.offer_many([captured])[0]

    def offer_many(self, events: Sequence[Captured]) -> list[Fate]:
        """Capture several events with one write to the disk; raises SpoolError where none of them was spooled."""
        policy = self._policy
        dropped = [policy.reason_to_drop(captured) for captured in events]
        wanted = [captured for captured, reason in zip(events, dropped, strict=True) if reason is None]
        envelopes = [self._envelope_of(policy.without_unwanted(captured)) for captured in wanted]
        seqs = iter(self._spool.append_many([partial(self._payload_of, envelope) for envelope in envelopes]))
        self._counts.add(envelopes, (reason for reason in dropped if reason is not None))
        if envelopes:
            self._link.wake()
        return [Fate(seq=next(seqs)) if reason is None else Fate(dropped=reason) for reason in dropped]

    def report(
        self, problems: Sequence[str], *, listener_bound: bool | None, active: Mapping[str, int] | None = None
    ) -> None:
        """Say in the status how the source is; a bound one has just looked."""
        known = self._health
        self._health = SourceHealth(
            problems=tuple(problems),
            listener_bound=listener_bound,
            last_callback_at=self._clock() if listener_bound else known.last_callback_at,
            active_notifications=None if active is None else dict(active),
        )
        if (known.problems, known.listener_bound) != (self._health.problems, listener_bound):
            self._link.say_status()

    def config(self) -> DeviceConfig | None:
        """Return the config in force; None before the first."""
        return self._config

    def state(self) -> DeviceState:
        """Return how the device is, for people."""
        return DeviceState(self._link.state(), self._spool.state(), self._revision, self._link.silent_s())

    def close(self) -> None:
        """Say that the device leaves, and release the spool, which keeps what is unreceipted."""
        self._link.close()
        self._counts.save()
        self._spool.close()

    def status(self) -> DeviceStatus:
        """Return what the device says of itself."""
        spool, health = self._spool.state(), self._health
        counts = self._counts.now()
        self._counts.save()
        return DeviceStatus(
            online=True,
            epoch=spool.epoch,
            first_seq=spool.first_seq,
            next_seq=spool.next_seq,
            spool_depth=spool.depth,
            spool_bytes=spool.size_bytes,
            spool_cap_bytes=spool.cap_bytes,
            oldest_at=spool.oldest_at,
            sent_at=self._clock(),
            receipt=_in_force(spool.receipt),
            config_revision=self._revision,
            config_error=self._config_error,
            source=self._settings.sender.source,
            locale=self._settings.locale,
            captured=counts.captured,
            dropped=counts.dropped,
            redacted=counts.redacted,
            listener_bound=health.listener_bound,
            last_callback_at=health.last_callback_at,
            active_notifications=health.active_notifications,
            problems=(*health.problems, *self._problems(spool)),
        )

    def take_config(self, payload: bytes) -> None:
        """Put a newer config in force and remember it; an unreadable one changes nothing but the status."""
        config = read_config(payload)
        if config is None:
            self._config_error = f"the newest config cannot be read ({len(payload)} bytes)"
            return
        self._config_error = None
        if config.revision > self._revision:
            self._revision = config.revision
            self._put_in_force(config)
            with contextlib.suppress(OSError):
                put_file(self._settings.folder / CONFIG_FILE, payload)

    @property
    def sender(self) -> Sender:
        """Who this device is, in its topics and envelopes."""
        return self._settings.sender

    def status_interval_s(self) -> float:
        """Return how long it is until the next status."""
        return (self._config and self._config.status_interval_s) or STATUS_INTERVAL_S

    def _remembered_config(self) -> DeviceConfig | None:
        try:
            return read_config((self._settings.folder / CONFIG_FILE).read_bytes())
        except OSError:
            return None

    def _put_in_force(self, config: DeviceConfig | None) -> None:
        self._config = config
        self._policy = CapturePolicy(config)
        self._screen = screen_by(self._rules, None if config is None else config.redaction)
        if config is not None and config.spool_cap_bytes is not None:
            self._spool.set_cap(config.spool_cap_bytes)

    def _envelope_of(self, captured: Captured) -> Envelope:
        screened = self._screen.screen(captured.notification)
        return Envelope(
            v=CONTRACT_VERSION,
            id=captured.event_id or new_event_id(captured.captured_at),
            device=self._settings.sender.device,
            event=captured.event,
            captured_at=captured.captured_at,
            source=self._settings.sender.source,
            app=captured.app,
            removal_reason=captured.removal_reason,
            locale=captured.locale or self._settings.locale,
            user=captured.user,
            redacted=screened.redacted or None,
            notification=screened.notification,
        )

    def _payload_of(self, envelope: Envelope, epoch: str, seq: int) -> bytes:
        payload = encode_within(replace(envelope, epoch=epoch, seq=seq))
        if payload is not None:
            return payload
        return lost_payload(LostSpan(seq, seq, LostReason.OVERSIZE), self._settings.sender, epoch, self._clock())

    def _problems(self, spool: SpoolState) -> list[str]:
        problems = []
        if self._link.is_unheard():
            problems.append(DeviceProblem.NO_RECEIPT)
        if self._link.is_forbidden():
            problems.append(DeviceProblem.BROKER_REFUSES)
        if self._link.is_misled():
            problems.append(DeviceProblem.RECEIPT_UNREAL)
        if spool.size_bytes > spool.cap_bytes * 7 // 8:
            problems.append(DeviceProblem.SPOOL_AT_CAP)
        return [str(problem) for problem in problems]


def _in_force(receipt: Receipt | None) -> ReceiptInForce | None:
    return None if receipt is None else ReceiptInForce(receipt.store, receipt.round, receipt.through_seq)
