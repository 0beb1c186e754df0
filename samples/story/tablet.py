"""The tablet: what is in its status bar, and the log that its companion writes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from samples.story.moments import App

DEVICE: Final = "salle-1"
EPOCH: Final = "b7c1d05a9f4826e3"
COMPANION_VERSION: Final = "0.1.0"
UUID_VERSION_7: Final = 0x7
UUID_VARIANT: Final = 0b10


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the story says a notification should become; `labels` name the mentions shown in it."""

    outcome: str
    reason: str | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sighting:
    """One envelope's verdict."""

    seq: int
    verdict: Verdict


@dataclass(slots=True)
class Standing:
    """A notification that stands in the status bar."""

    app: App
    fields: dict[str, Any]
    verdict: Verdict


@dataclass(slots=True)
class Tablet:
    """Keeps the status bar, and writes one envelope for each event while the companion is awake."""

    locale: str = "fr-FR"
    is_awake: bool = True
    bar: dict[str, Standing] = field(default_factory=dict)
    envelopes: list[dict[str, Any]] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)
    sleeps: list[tuple[int, int]] = field(default_factory=list)

    @property
    def language(self) -> str:
        """Name the language of the app's own words."""
        return self.locale.partition("-")[0]

    def show(self, at_ms: int, app: App, fields: dict[str, Any], verdict: Verdict) -> None:
        """Put a notification up, or replace the one that stands under its key."""
        event = "updated" if fields["key"] in self.bar else "posted"
        stamped = {**fields, "posted_at_ms": at_ms}
        self.bar[fields["key"]] = Standing(app, stamped, verdict)
        self._write(event, at_ms, self.bar[fields["key"]])

    def feed(self, at_ms: int, app: App, fields: dict[str, Any], verdict: Verdict) -> None:
        """Write a feed item: it never stands in the status bar, and has no posting time."""
        self._write("posted", at_ms, Standing(app, fields, verdict))

    def take_down(self, at_ms: int, key: str, reason: str) -> None:
        """Remove a notification from the status bar."""
        gone = self.bar.pop(key)
        fields = {"key": key, "posted_at_ms": gone.fields["posted_at_ms"]}
        self._write("removed", at_ms, Standing(gone.app, fields, Verdict("ignored", "removed")), removal_reason=reason)

    def fall_asleep(self, at_ms: int) -> None:
        """Stop capturing."""
        self.is_awake = False
        self.sleeps.append((at_ms, at_ms))

    def wake_up(self, at_ms: int) -> None:
        """Capture again, beginning with all that stands in the status bar."""
        self.is_awake = True
        self.sleeps[-1] = (self.sleeps[-1][0], at_ms)
        for index, standing in enumerate(self.bar.values()):
            self._write("active", at_ms + 15 * index, standing)

    def _write(self, event: str, at_ms: int, standing: Standing, **more: str) -> None:
        if not self.is_awake:
            return
        seq = len(self.envelopes) + 1
        noise = sha256(f"{DEVICE}/{EPOCH}/{seq}".encode()).digest()
        captured_ms = at_ms + 4 + noise[0] % 9
        feed = standing.app.package == "feed"
        self.envelopes.append(
            {
                "v": 1,
                "id": _uuid7(captured_ms, noise),
                "device": DEVICE,
                "epoch": EPOCH,
                "seq": seq,
                "event": event,
                **more,
                "captured_at": _rfc3339(captured_ms),
                "source": {"kind": "feed" if feed else "companion", "version": COMPANION_VERSION},
                "app": {
                    "package": standing.app.package,
                    "label": standing.app.label,
                    "version": standing.app.version,
                },
                "locale": self.locale,
                "user": 0,
                "notification": standing.fields,
            }
        )
        self.sightings.append(Sighting(seq, standing.verdict))


def _uuid7(at_ms: int, noise: bytes) -> str:
    rand_a = int.from_bytes(noise[1:3]) & 0xFFF
    rand_b = int.from_bytes(noise[3:11]) & (2**62 - 1)
    return str(UUID(int=at_ms << 80 | UUID_VERSION_7 << 76 | rand_a << 64 | UUID_VARIANT << 62 | rand_b))


def _rfc3339(at_ms: int) -> str:
    seconds, milliseconds = divmod(at_ms, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{milliseconds:03d}Z"
