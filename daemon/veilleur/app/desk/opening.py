"""Opens the desk that the settings name: a server's, or that of the database here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial

from veilleur.app.desk.alerts import LocalAlertRules, LocalAlerts
from veilleur.app.desk.campaigns import LocalCampaigns
from veilleur.app.desk.devices import LocalDevices
from veilleur.app.desk.exports import LocalExports
from veilleur.app.desk.feeds import LocalFeeds
from veilleur.app.desk.losses import LocalLosses
from veilleur.app.desk.mentions import LocalMentions
from veilleur.app.desk.notifications import LocalNotifications
from veilleur.app.desk.plan import LocalPlan
from veilleur.app.desk.projects import LocalProjects
from veilleur.app.desk.qualifications import LocalQualifications, LocalRules
from veilleur.app.desk.receivers import LocalDeliveries, LocalReceivers
from veilleur.app.desk.reports import LocalReports
from veilleur.app.desk.trends import LocalTrends
from veilleur.app.desk.watches import LocalWatches
from veilleur.app.opening import open_store
from veilleur.app.outgoing import outgoing
from veilleur.app.running import own_address
from veilleur.app.settings import Settings
from veilleur.model.desk import Desk
from veilleur.model.scope import Scope
from veilleur.store.database import Database


class LocalDesk:
    """Answers from a database; `scope` says whose rows, and whether private ones."""

    def __init__(self, database: Database, scope: Scope, settings: Settings) -> None:
        self.mentions = LocalMentions(database, scope)
        self.notifications = LocalNotifications(database, scope)
        self.losses = LocalLosses(database, scope)
        self.devices = LocalDevices(database, scope)
        self.projects = LocalProjects(database)
        self.campaigns = LocalCampaigns(database, scope)
        self.qualifications = LocalQualifications(database, scope)
        self.rules = LocalRules(database, scope)
        self.plan = LocalPlan(database, scope)
        self.watches = LocalWatches(database, scope)
        self.feeds = LocalFeeds(database, scope, own_address(settings))
        self.trends = LocalTrends(database, scope)
        self.alerts = LocalAlerts(database, scope)
        self.alert_rules = LocalAlertRules(database, scope, partial(outgoing, settings))
        self.reports = LocalReports(database, scope)
        self.exports = LocalExports(database, scope)
        self.receivers = LocalReceivers(database, scope, partial(outgoing, settings))
        self.deliveries = LocalDeliveries(database, scope)


@contextmanager
def open_local_desk(settings: Settings, *, is_public: bool) -> Iterator[Desk]:
    """Yield the desk of this machine's database, which is made or migrated where needed, and close it in the end."""
    with closing(open_store(settings)) as database:
        yield LocalDesk(database, Scope(settings.project, may_read_private=not is_public), settings)
