"""The shape of every answer, for the OpenAPI description: answers themselves are written by `model.wire`.

Every field is always there; null means unknown. A test holds these classes against the real answers.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from veilleur.api.answer_parts import Actor, Answer, Conversation, Media, OpenLink, Origin, Qualification
from veilleur.api.parameters import Language
from veilleur.model.alarms import AlarmCode
from veilleur.model.coverage import CoverageCause
from veilleur.model.kinds import MentionKind, OutcomeKind, TimeQuality, Visibility


class Mention(Answer):
    """One event that an app told about."""

    id: str
    """Made from raw fields alone: it survives a replay and a reparse."""
    notification_id: int
    """The raw notification that told it first."""
    envelope_id: str
    device: str
    project: str
    captured_at: datetime
    """The device's clock."""
    received_at: datetime
    """The server's clock."""
    occurred_at: datetime | None
    """The message's or post's own time, where the app gives it."""
    happened_at: datetime
    """What lists are ordered by and `since:` and `until:` look at; `time_quality` says where it comes from."""
    time_quality: TimeQuality
    platform: str
    """`tiktok`, `whatsapp`, `feed` …; `package` tells WhatsApp from WhatsApp Business."""
    package: str
    kind: MentionKind
    visibility: Visibility
    """`private` and `group` ones exist only for a token with `read:private`."""
    actor: Actor | None
    conversation: Conversation | None
    target: str | None
    """What it was about."""
    body: str | None
    """The words themselves."""
    hashtags: list[str]
    """Without `#`, normalised."""
    handles: list[str]
    links: list[str]
    emojis: list[str]
    language: str | None
    """Of the body, as ISO 639 names it; null where it is too short (12 letters) or too uncertain."""
    region: str | None
    """The country of the actor's phone number."""
    media: Media | None
    count: int | None
    """A number that the notification states."""
    open: OpenLink | None
    origin: Origin | None
    """How the conversation began, where a campaign's opening is its first message."""
    qualification: Qualification | None
    """What people and rules say of it; null where nobody has said anything."""
    edited: bool
    deleted: bool
    flags: list[str]
    """`invisible_marks` and `look_alikes` in the words, `name_invisible_marks` and `name_look_alikes` in the name."""
    parser: str
    parser_version: int
    pattern: str
    """The wording that was recognised."""
    confidence: float


class CoverageInterval(Answer):
    """A span in which something was not seen, and why."""

    device: str
    cause: CoverageCause
    subject: str
    """An app's package, seqs as `EPOCH:FROM-THROUGH`, a reason as `EPOCH:REASON`, or `device` for all of it."""
    since_at: datetime
    until_at: datetime | None
    """Null: still so."""
    count: int | None
    """How many notifications it is about; null where nobody knows, or where this token may not."""
    detail: str | None


class Shortfall(Answer):
    """What came in the answer's time and was not read whole; of a cause that is not listed there was none."""

    cause: CoverageCause
    """`quarantined`: notifications and bytes that nobody could read. `redacted`: notifications whose words were hidden
    or in part taken out. `collapsed`: people and messages that were told as a number alone ("and 10 others")."""
    count: int | None
    """Null: this token may not know whether there were any."""
    is_more: bool
    """There were at least so many."""


class Completeness(Answer):
    """What the answer could not see."""

    known: bool
    """False: no device has ever told its state, so an empty list of intervals proves nothing."""
    intervals: list[CoverageInterval]
    """The latest beginning first."""
    omitted: int
    """How many further intervals `/api/v1/coverage` lists."""
    shortfalls: list[Shortfall]


class CoveragePage(Completeness):
    """One page of the coverage ledger."""

    next_cursor: str | None
    """Send it as `cursor` for the `omitted` ones; null on the last page."""


class Listing(Answer):
    """What lists have in common."""

    completeness: Completeness


class Page(Listing):
    """What lists that come in pages have in common."""

    next_cursor: str | None
    """Send it as `cursor` for the next page; null on the last."""


class MentionPage(Page):
    """One page of mentions, newest first."""

    mentions: list[Mention]


class Meaning(Answer):
    """What a query means."""

    query: str
    """As it was asked."""
    language: Language
    meaning: str
    """In words, times in the zone that was asked."""


class Notification(Answer):
    """One raw notification and what became of it."""

    id: int
    envelope_id: str
    device: str
    epoch: str | None
    seq: int | None
    package: str
    received_at: datetime
    outcome: OutcomeKind
    reason: str | None
    """Why it was ignored or quarantined."""
    mention_ids: list[str]
    """Every mention that was read from it."""


class NotificationDetail(Notification):
    """One raw notification with what was stored of it."""

    sha256: str
    """Of the stored bytes."""
    changed: list[str]
    """What was altered before storing."""
    payload: dict[str, Any]
    """The stored envelope (contract v1)."""


class NotificationPage(Page):
    """One page of raw notifications, the latest stored first."""

    notifications: list[Notification]


class MentionDetail(Answer):
    """One mention and the raw notification that told it."""

    mention: Mention
    notification: NotificationDetail | None
    """Null where this token may not read it, or it was erased."""


class Device(Answer):
    """A device that is paired, or that was only heard of."""

    name: str
    project: str
    label: str | None
    """How people call it."""
    is_paired: bool
    first_seen_at: datetime
    last_received_at: datetime | None
    notification_count: int
    """Of the notifications that this token may read."""


class DeviceList(Listing):
    """Every device of the project, by name."""

    devices: list[Device]


class Alarm(Answer):
    """Something that is or was wrong with our own system."""

    code: AlarmCode
    subject: str
    """A device's name, it and an app's package after a colon, or a part of the daemon."""
    since_at: datetime
    until_at: datetime | None
    """Null: still so."""
    detail: str


class AlarmList(Answer):
    """Alarms, the oldest first."""

    alarms: list[Alarm]


class DeadLetter(Answer):
    """Bytes that are no envelope, kept for a later release."""

    id: int
    device: str
    epoch: str | None
    seq: int | None
    received_at: datetime
    reason: str
    detail: str
    size_bytes: int


class Onward(Answer):
    """What pages have in common that are not about a time."""

    next_cursor: str | None
    """Send it as `cursor` for the next page; null on the last."""


class DeadLetterList(Onward):
    """One page of dead letters, the oldest first."""

    dead_letters: list[DeadLetter]


class DeadLetterDetail(DeadLetter):
    """One dead letter with its bytes."""

    payload: str
    """The stored bytes in base64 (RFC 4648): they may be no text at all."""


class ParseRate(Answer):
    """The notifications of one app, version, language and channel on one UTC day."""

    package: str
    app_version: str | None
    language: str | None
    """Of the device."""
    channel: str | None
    """Without the number of an account or chat."""
    day_at: datetime
    total: int
    unknown: int
    """How many of them had words that no pattern knows."""


class ParseRateList(Onward):
    """One page of parse rates, the newest day first; what is counted meanwhile may move rows between pages."""

    parse_rates: list[ParseRate]


class SpoolStanding(Answer):
    """What a device has captured and not been receipted."""

    depth: int | None
    size_bytes: int | None
    cap_bytes: int | None
    """From here on it drops its oldest, and tells so."""
    oldest_at: datetime | None
    first_seq: int | None
    next_seq: int | None
    stored_through_seq: int | None
    """Everything up to here is stored."""


class ConfigStanding(Answer):
    """Which revision of its configuration is asked of a device, and which it goes by."""

    asked_revision: int | None
    asked_at: datetime | None
    in_force_revision: int | None
    in_force_at: datetime | None
    """When its status first told of that revision, by the server's clock."""
    error: str | None
    """Why it could not take the newest."""


class DeviceHealth(Device):
    """How a device is; what its status tells is null before the first."""

    is_online: bool | None
    told_at: datetime | None
    """When its last status came; the times after it are by the device's clock."""
    clock_offset_s: float | None
    """How far its clock is ahead of ours."""
    epoch: str | None
    spool: SpoolStanding | None
    source: str | None
    source_version: str | None
    android: str | None
    listener_is_bound: bool | None
    last_callback_at: datetime | None
    canary_age_s: float | None
    battery_percent: int | None
    is_charging: bool | None
    free_bytes: int | None
    network: str | None
    active_notifications: dict[str, int]
    """By package; from 20 on there is an alarm, from 25 on Android sheds further ones."""
    dropped: dict[str, int]
    """By the reason of its configuration, since its epoch began."""
    problems: list[str]
    config: ConfigStanding
    alarms: list[Alarm]


class Health(Answer):
    """The process answers."""

    is_alive: bool
    version: str


class PartState(Answer):
    """One part of the daemon."""

    name: str
    is_ok: bool
    detail: str | None


class Readiness(Answer):
    """Whether every part works."""

    is_ready: bool
    parts: list[PartState]


class ParameterError(Answer):
    """One wrong parameter."""

    parameter: str
    reason: str


class Problem(BaseModel):
    """An error (RFC 9457); the fields after `detail` are there only where they say something."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    type: str
    """`/docs#` and the kind of problem."""
    title: str
    status: int
    detail: str
    """What is wrong and what to do next."""
    column: int = 0
    """Where a query cannot be read, from 1."""
    expected: str = ""
    """What was expected there."""
    missing_scope: str = ""
    """What the token lacks."""
    errors: list[ParameterError] = []
    """The wrong parameters."""
