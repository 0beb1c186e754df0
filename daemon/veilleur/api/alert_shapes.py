"""The shapes of alert rules and of alerts, as they are sent and answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from veilleur.api.answer_parts import Answer
from veilleur.api.answers import Mention, Page
from veilleur.api.parameters import known_zone
from veilleur.model.alert import LONGEST_RULE_NAME, MOST_RECEIVERS, AlertTrigger, Digest
from veilleur.model.condition import LONGEST_MINUTES, MOST_IN_WINDOW
from veilleur.model.delivery import AttemptOutcome, Severity
from veilleur.model.watch import LONGEST_NAME, LONGEST_ZONE, NAME_PATTERN
from veilleur.query.rule_queries import LONGEST_WORD, MOST_WORDS
from veilleur.wording.languages import Language

_Minutes = Annotated[int, Field(ge=0, le=LONGEST_MINUTES)]
_MinuteOfDay = Annotated[int, Field(ge=0, lt=24 * 60)]
_Receiver = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]


class QuietHours(BaseModel):
    """A time of each day in which nobody is told, in minutes after midnight of the rule's zone; it may span that."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    from_minute: _MinuteOfDay
    until_minute: _MinuteOfDay


class AlertDraft(BaseModel):
    """What a rule waits for, and how it tells."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    trigger: AlertTrigger
    watch: Annotated[str, Field(max_length=LONGEST_NAME)] | None = None
    """The watch that it is about; a `burst` without one is about every hashtag, account, conversation and word."""
    words: Annotated[list[Annotated[str, Field(max_length=LONGEST_WORD)]], Field(max_length=MOST_WORDS)] = []
    """Only mentions in which one of them stands."""
    severity: Severity = Severity.WARNING
    """What is `urgent` waits for no digest and no quiet hours."""
    at_least: Annotated[int, Field(ge=1, le=MOST_IN_WINDOW)] = 1
    window_minutes: Annotated[int, Field(ge=1, le=LONGEST_MINUTES)] = 60
    """Of a count, of a silence, and of how long a complaint may wait (`spillway`)."""
    cool_down_minutes: _Minutes = 0
    group_minutes: _Minutes = 0
    """What comes so soon after an alert's first mention is told with it."""
    digest: Digest = Digest.NONE
    digest_minute: _MinuteOfDay = 8 * 60
    quiet: QuietHours | None = None
    zone: Annotated[str, Field(max_length=LONGEST_ZONE), AfterValidator(known_zone)] = "UTC"
    receivers: Annotated[list[_Receiver], Field(max_length=MOST_RECEIVERS)] = []
    """By name; none means every receiver of the project."""
    escalate_minutes: Annotated[int, Field(ge=1, le=LONGEST_MINUTES)] | None = None
    """Makes the receivers an on-call list: the next is told where nobody took the alert on for so long."""
    language: Language = Language.ENGLISH
    """In which receivers are told."""


class AlertRuleShape(AlertDraft):
    """An alert rule as it should be."""

    name: Annotated[str, Field(max_length=LONGEST_RULE_NAME, pattern=NAME_PATTERN)] | None = None
    """Another name than the one it has."""


class AlertRule(Answer):
    """What people are told of, how and when."""

    id: int
    name: str
    project: str
    draft: AlertDraft
    may_read_private: bool
    """Whether it sees private mentions too, as its maker did; its alerts are shown to whoever may see as much."""
    version: int
    made_by: str
    created_at: datetime
    changed_by: str
    changed_at: datetime
    archived_by: str | None
    archived_at: datetime | None
    """Null while it waits for something."""


class AlertRuleList(Answer):
    """The project's rules by name."""

    rules: list[AlertRule]


class AlertRuleVersion(Answer):
    """What a rule was, until the next version."""

    version: int
    name: str
    draft: AlertDraft
    changed_by: str
    changed_at: datetime


class AlertRuleHistory(Answer):
    """The newest version first."""

    versions: list[AlertRuleVersion]


class ReceiverTrial(Answer):
    """How the test went at one receiver."""

    receiver: str
    outcome: AttemptOutcome
    detail: str | None
    """Why it did not come."""


class AlertTrial(Answer):
    """How the test went at each receiver."""

    receivers: list[ReceiverTrial]


class AlertReason(Answer):
    """Why an alert was opened, in numbers."""

    trigger: AlertTrigger
    watch: str | None
    subject: str | None
    """A device, an app, or what a burst is of."""
    detail: str | None
    count: int
    window_s: int | None
    usual: float | None
    """How many there usually are in such a window; of a silent app the seconds between two notifications."""
    sign: str | None
    """What a public mention has in common with a private complaint."""
    since_at: datetime | None


class Alert(Answer):
    """Something that a rule found worth telling."""

    id: int
    rule: str
    project: str
    severity: Severity
    title: str
    reason: AlertReason
    match_count: int
    mention_ids: list[str]
    """The newest twenty."""
    opened_at: datetime
    last_at: datetime
    tell_at: datetime | None
    """When receivers are told next; null where no more."""
    told_count: int
    told_at: datetime | None
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    """Null while nobody has taken it on."""


class AlertPage(Page):
    """One page of alerts, the newest first."""

    alerts: list[Alert]


class AlertDetail(Answer):
    """One alert, and those of its mentions that are still there."""

    alert: Alert
    mentions: list[Mention]
