"""The shape of a device's configuration, as it is sent and answered (contract config.v1); what is left out is unset."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from veilleur.model.device_config import MOST_ACTIVE
from veilleur_bridge.envelope import MAX_SEQ
from veilleur_bridge.wire.config import LEAST_SPOOL_CAP_BYTES, MAX_INT64, ClearMode, SelectionMode
from veilleur_bridge.wire.members import MAX_PACKAGE_LENGTH, MAX_TEXT_LENGTH

_Text = Annotated[str, Field(min_length=1, max_length=MAX_TEXT_LENGTH)]
_Package = Annotated[str, Field(min_length=1, max_length=MAX_PACKAGE_LENGTH)]


class _Shape(BaseModel):
    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")


class Selection(_Shape):
    """All, only those listed, or all except those listed."""

    mode: SelectionMode
    listed: list[_Text] | None = None


class AutoClear(_Shape):
    """When captured notifications are cleared from the tablet."""

    mode: ClearMode
    from_count: Annotated[int, Field(ge=1, le=MOST_ACTIVE)] | None = None
    """With mode `from_count`: from so many active notifications of the app on."""
    channels: dict[str, ClearMode] | None = None
    """Where a channel differs."""


class AppRule(_Shape):
    """One app that is captured."""

    package: _Package
    channels: Selection | None = None
    chats: Selection | None = None
    """Shortcut ids, or titles as they are shown."""
    pictures: bool | None = None
    auto_clear: AutoClear | None = None


class NoiseRule(_Shape):
    """What is dropped and only counted; each true when left out."""

    ongoing: bool | None = None
    media: bool | None = None
    progress: bool | None = None


class Redaction(_Shape):
    """Which numbers the tablet takes out of words; each true when left out."""

    otp: bool | None = None
    card: bool | None = None
    iban: bool | None = None
    code_words: list[_Text] | None = None
    not_code_words: list[_Text] | None = None


class DeviceConfig(_Shape):
    """What a device captures; send `revision` as it was read, and a change that came between is not written over."""

    v: Literal[1] | None = None
    revision: Annotated[int, Field(ge=1, le=MAX_SEQ)] | None = None
    """The one that this was made from; the answer names its own."""
    issued_at: datetime | None = None
    """When it was made; not looked at where it is sent."""
    apps: list[AppRule]
    """What is not listed is not captured; none: the canary alone."""
    pictures: bool | None = None
    auto_clear: AutoClear | None = None
    noise: NoiseRule | None = None
    redaction: Redaction | None = None
    spool_cap_bytes: Annotated[int, Field(ge=LEAST_SPOOL_CAP_BYTES, le=MAX_INT64)] | None = None
    status_interval_s: Annotated[int, Field(ge=5, le=3600)] | None = None
    canary_interval_s: Annotated[int, Field(ge=60, le=86400)] | None = None
    opening_reminder_days: Annotated[int, Field(ge=1, le=90)] | None = None
