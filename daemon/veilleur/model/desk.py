"""What a command asks, of the database here (`app.desk`) or of a server elsewhere (`client`): one answer from both.

Queries are texts with the zone in which their days begin; what is not there is None; a wrong query raises QueryError.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Final, Protocol

from veilleur.model.alert import Alert, AlertPage, AlertRule, AlertRuleDraft, AlertRuleVersion, RuleTrial
from veilleur.model.campaign import Campaign, CampaignKind, CampaignProposal
from veilleur.model.condition import BacktestResult, Condition
from veilleur.model.counts import Facet, FacetCounts, Grain, Timeline
from veilleur.model.coverage import Completeness, CoverageFilter
from veilleur.model.device_health import DeviceHealth
from veilleur.model.drift import ParseRate
from veilleur.model.export import Dialect, ExportFormat
from veilleur.model.feed import MadeFeed, WatchFeed
from veilleur.model.identity import NotificationId
from veilleur.model.kinds import OutcomeKind
from veilleur.model.listing import (
    DeadLetter,
    Device,
    MentionPage,
    NotificationDetail,
    NotificationPage,
    NotificationRow,
    Order,
)
from veilleur.model.mention import Mention
from veilleur.model.people import Standing
from veilleur.model.plan import PlanEntry, PlanStanding
from veilleur.model.project import LetIn, Project
from veilleur.model.qualification import JournalEntry, QualificationAct, QualificationChange, QualifiedMany, Speaker
from veilleur.model.report import Report, ReportAdditions
from veilleur.model.report_schedule import ReportSchedule, ReportScheduleDraft, ReportScheduleId
from veilleur.model.rules import QualificationRule
from veilleur.model.sending_desk import DeliveryDesk, ReceiverDesk
from veilleur.model.trends import Community, Crossing, Forward, KeptBurst, NamedCommunity, Trend, TrendKind
from veilleur.model.watch import NewMentions, WatchDraft, WatchOverview, WatchVersion
from veilleur_bridge.wire.config import DeviceConfig

LOCAL_NAME: Final = "cli"
"""Who works on this machine: one reader, and one name beside what is decided."""


class MentionDesk(Protocol):
    """Questions about mentions, which are told with their origins, newest first."""

    def page(self, query: str, zone: tzinfo, *, limit: int, order: Order = Order.NEWEST) -> MentionPage: ...

    def every(self, query: str, zone: tzinfo) -> Iterator[Mention]: ...

    def total(self, query: str, zone: tzinfo) -> int: ...

    def facets(self, query: str, zone: tzinfo, by: Sequence[Facet], *, limit: int) -> Sequence[FacetCounts]: ...

    def timeline(self, query: str, zone: tzinfo, grain: Grain) -> Timeline: ...

    def unseen(self, query: str, zone: tzinfo) -> Completeness:
        """Return what the time that the query asks about could not see."""

    def explain(self, query: str, zone: tzinfo, language: str) -> str: ...


class NotificationDesk(Protocol):
    """Questions about the raw log: pages latest first, all of it in the order it was stored."""

    def page(self, *, limit: int, outcome: OutcomeKind | None = None) -> NotificationPage: ...

    def every(self, *, outcome: OutcomeKind | None = None) -> Iterable[NotificationRow]: ...

    def find(self, notification_id: NotificationId) -> NotificationDetail | None: ...


class LossDesk(Protocol):
    """Questions about what was not seen, not read or not understood."""

    def coverage(self, asked: CoverageFilter) -> Completeness: ...

    def dead_letters(self, *, limit: int | None = None) -> Sequence[DeadLetter]: ...

    def dead_payload(self, dead_letter_id: int) -> bytes | None: ...

    def parse_rates(
        self, *, limit: int | None = None, since_at: datetime | None = None, package: str | None = None
    ) -> Sequence[ParseRate]: ...


class DeviceDesk(Protocol):
    """Questions about devices, and what is asked of them."""

    def every(self) -> Sequence[Device]: ...

    def is_known(self, name: str) -> bool: ...

    def health(self, name: str) -> DeviceHealth | None: ...

    def config(self, name: str) -> DeviceConfig | None:
        """Return what is asked of a device; None where nothing is, or there is no such device."""

    def config_before(self, name: str) -> DeviceConfig | None:
        """Return what was asked before the newest."""

    def ask(self, name: str, config: DeviceConfig) -> DeviceConfig | None:
        """Ask this as the next revision after `config.revision`, and return it; None where there is no such device.

        Raises ConfigError where another came between.
        """


class ProjectDesk(Protocol):
    """Clients of the agency: for who runs the server alone, but for reading one's own."""

    def every(self) -> Sequence[Project]: ...

    def find(self, project_id: str) -> Project | None: ...

    def save(self, project_id: str, name: str) -> Project:
        """Make a project or give it another name; raises ProjectRefused."""

    def remove(self, project_id: str) -> bool:
        """Remove an empty one; raises ProjectRefused."""

    def take(self, project_id: str, device: str) -> bool:
        """Have a device belong to it from now on; False where there is no such project or device."""

    def let_in(self, project_id: str, person: str, standing: Standing) -> LetIn | None:
        """Let somebody in, or change what they are; None where there is no such project. Raises PersonRefused."""

    def let_go(self, project_id: str, person: str) -> bool: ...


class CampaignDesk(Protocol):
    """Questions about campaigns, and changes to them."""

    def every(self) -> Sequence[Campaign]: ...

    def find(self, name: str) -> Campaign | None: ...

    def save(self, name: str, kind: CampaignKind, openings: Sequence[str], *, new_name: str | None = None) -> bool:
        """Make a campaign or put this in its place; False where another has the new name."""

    def remove(self, name: str) -> bool: ...

    def propose(self, *, at_least: int) -> Sequence[CampaignProposal]: ...


class WatchDesk(Protocol):
    """Questions about watches, and changes to them; what is new is what this reader has not seen."""

    def every(self, *, with_archived: bool = False) -> Sequence[WatchOverview]: ...

    def find(self, name: str) -> WatchOverview | None: ...

    def save(self, name: str, draft: WatchDraft, *, new_name: str | None = None) -> bool:
        """Make a watch or a new version of it; False where it is archived or another has the new name."""

    def history(self, name: str) -> Sequence[WatchVersion]:
        """Return what a watch asked, the newest version first; nothing where there is none."""

    def archive(self, name: str) -> bool:
        """Let a watch rest; False where there is none."""

    def restore(self, name: str) -> bool:
        """Let an archived watch go on; False where there is none."""

    def new(self, name: str, *, limit: int) -> NewMentions | None: ...

    def mark_seen(self, name: str, through: str | None = None) -> None:
        """Keep that what came in, up to a `next_cursor`, was seen: all of it without one."""

    def backtest(
        self, name: str, condition: Condition, *, since_at: datetime, until_at: datetime
    ) -> BacktestResult | None:
        """Return when a condition would have told somebody; of many times the newest 500."""


class QualificationDesk(Protocol):
    """What is said of mentions; what cannot be said raises QualificationError."""

    def say_of(
        self, mention_ids: Sequence[str], change: QualificationChange, *, is_dry_run: bool = False
    ) -> QualifiedMany:
        """Say something of those of these mentions that are there, or only count them."""

    def say_of_all(
        self, query: str, change: QualificationChange, zone: tzinfo, *, is_dry_run: bool = False
    ) -> QualifiedMany:
        """Say something of every mention that a query shows now, or only count them."""

    def journal(self, mention_id: str) -> Sequence[JournalEntry] | None: ...

    def acts(self, by: Speaker | None = None) -> Iterator[QualificationAct]: ...

    def undo(self, act_id: int) -> int | None:
        """Undo an act and return on how many mentions; None where there is none that is not undone."""


class RuleDesk(Protocol):
    """Rules, the oldest first; what cannot be a rule raises QualificationError or QueryError."""

    def every(self) -> Sequence[QualificationRule]: ...

    def make(self, name: str, change: QualificationChange, *, query: str = "", words: Sequence[str] = ()) -> bool:
        """Make a rule for what comes from now on; False where one has the name."""

    def apply(self, name: str, *, is_dry_run: bool = False) -> QualifiedMany | None:
        """Let a rule speak of the past, or only count of how much; None where there is none."""

    def remove(self, name: str) -> bool: ...


class PlanDesk(Protocol):
    """The watch plan; what cannot be an entry raises PlanError."""

    def standing(self) -> Sequence[PlanStanding]: ...

    def save(self, entries: Sequence[PlanEntry]) -> tuple[int, int]:
        """Enter these, all or none; return how many are new and how many changed."""

    def remove(self, entries: Sequence[PlanEntry]) -> int: ...


class AlertDesk(Protocol):
    """Alerts, the newest first."""

    def page(self, *, limit: int, is_open: bool | None = None, rule: str | None = None) -> AlertPage: ...

    def acknowledge(self, alert_id: int) -> Alert | None:
        """Take an alert on, where nobody has; return it as it stands then, None where there is none."""


class AlertRuleDesk(Protocol):
    """Alert rules by name; what cannot be one raises AlertRuleError."""

    def every(self, *, with_archived: bool = False) -> Sequence[AlertRule]: ...

    def find(self, name: str) -> AlertRule | None: ...

    def save(self, name: str, draft: AlertRuleDraft, *, new_name: str | None = None) -> None:
        """Make a rule or a new version of it."""

    def history(self, name: str) -> Sequence[AlertRuleVersion]: ...

    def archive(self, name: str) -> bool:
        """Let a rule rest; False where there is none."""

    def restore(self, name: str) -> bool:
        """Let a rule that rests go on; False where there is none."""

    def try_out(self, name: str) -> Sequence[RuleTrial] | None:
        """Send a test at once to everybody whom a rule may tell; None where there is none."""


class FeedDesk(Protocol):
    """Feeds of watches; a link is told when it is made, and never again."""

    def every(self) -> Iterable[WatchFeed]: ...

    def make(self, watch: str, *, with_private: bool, language: str) -> MadeFeed | None:
        """Make a feed of a watch, its own words in a language; None where there is no such watch."""

    def renew(self, feed_id: int) -> MadeFeed | None:
        """Give a feed another link; None where none of this number is open."""

    def revoke(self, feed_id: int) -> WatchFeed | None:
        """Close a feed for ever; None where none of this number is open."""


class ReportDesk(Protocol):
    """Reports of a period such as `7d`, `2026-W46` or `2026-11`; private mentions only where they are asked for."""

    def of_watch(
        self, name: str, period: str, *, zone: str | None = None, with_private: bool = False
    ) -> Report | None: ...

    def of_query(
        self, query: str, period: str, *, title: str | None, zone: tzinfo, with_private: bool = False
    ) -> Report: ...

    def additions(self, watch: str | None = None) -> ReportAdditions:
        """Return the logo that is kept for the project, and the words kept for a watch."""

    def schedules(self) -> Sequence[ReportSchedule]: ...

    def schedule(self, draft: ReportScheduleDraft) -> ReportSchedule | None:
        """Have a report sent from now on; None where its watch or a receiver is not there."""

    def remove_schedule(self, schedule_id: ReportScheduleId) -> bool: ...


class ExportDesk(Protocol):
    """Whole files of what a query finds."""

    def mentions(
        self,
        query: str,
        zone: tzinfo,
        format: ExportFormat,  # noqa: A002 - the ending's name
        dialect: Dialect = Dialect.STANDARD,
        *,
        tell: Callable[[int], None] | None = None,
    ) -> Iterator[bytes]:
        """Return a file's pieces; where that is known, `tell` is told how many mentions it holds, at last of all."""


class TrendDesk(Protocol):
    """Questions about what stands out; `since_at` None: as far back as is usual for each."""

    def rising(self, kind: TrendKind, *, since_at: datetime | None = None, limit: int) -> Sequence[Trend]: ...

    def bursts(
        self, *, kind: TrendKind | None = None, since_at: datetime | None = None, limit: int
    ) -> Sequence[KeptBurst]: ...

    def communities(self, *, since_at: datetime | None = None, limit: int) -> Sequence[Community]: ...

    def named(self) -> Sequence[NamedCommunity]: ...

    def name_community(
        self, name: str, hashtags: Sequence[str], *, instead_of: str | None = None
    ) -> NamedCommunity: ...

    def forget_name(self, name: str) -> bool: ...

    def forwards(self, *, since_at: datetime | None = None, limit: int) -> Sequence[Forward]: ...

    def crossings(self, *, since_at: datetime | None = None, limit: int) -> Sequence[Crossing]: ...

    def unseen(self, since_at: datetime | None = None) -> Completeness: ...


class DecisionDesk(Protocol):
    """The subjects that people decide about."""

    @property
    def campaigns(self) -> CampaignDesk: ...

    @property
    def qualifications(self) -> QualificationDesk: ...

    @property
    def rules(self) -> RuleDesk: ...

    @property
    def plan(self) -> PlanDesk: ...

    @property
    def watches(self) -> WatchDesk: ...

    @property
    def feeds(self) -> FeedDesk: ...

    @property
    def alerts(self) -> AlertDesk: ...

    @property
    def alert_rules(self) -> AlertRuleDesk: ...


class Desk(DecisionDesk, Protocol):
    """Every subject that is asked about."""

    @property
    def mentions(self) -> MentionDesk: ...

    @property
    def notifications(self) -> NotificationDesk: ...

    @property
    def losses(self) -> LossDesk: ...

    @property
    def devices(self) -> DeviceDesk: ...

    @property
    def projects(self) -> ProjectDesk: ...

    @property
    def trends(self) -> TrendDesk: ...

    @property
    def reports(self) -> ReportDesk: ...

    @property
    def exports(self) -> ExportDesk: ...

    @property
    def receivers(self) -> ReceiverDesk: ...

    @property
    def deliveries(self) -> DeliveryDesk: ...
