"""The client: one server as one token sees it."""

from __future__ import annotations

import os
from types import TracebackType
from typing import Final, Self

import httpx

from veilleur.client.alerts import AlertRules, Alerts
from veilleur.client.campaigns import Campaigns
from veilleur.client.changes import Changes
from veilleur.client.devices import Devices
from veilleur.client.exports import Exports
from veilleur.client.feeds import Feeds
from veilleur.client.losses import Losses
from veilleur.client.mentions import Mentions
from veilleur.client.notifications import Notifications
from veilleur.client.plan import Plan
from veilleur.client.projects import Projects
from veilleur.client.qualifications import Qualifications
from veilleur.client.receivers import Deliveries, Receivers
from veilleur.client.reports import Reports
from veilleur.client.rules import Rules
from veilleur.client.transport import Patience, Transport
from veilleur.client.trends import Trends
from veilleur.client.watches import Watches

TOKEN_VARIABLE: Final = "VEILLEUR_TOKEN"  # noqa: S105 - a variable's name
_USUAL_PATIENCE: Final = Patience()


class Client:
    """Asks a server; to be closed, or used in a `with`.

    `token` is VEILLEUR_TOKEN where none is given. `is_public` asks as if the token could not read private rows.
    Reads are tried again while nobody answers or the server is busy; changes are sent once. Raises ClientError kinds.
    """

    def __init__(
        self,
        server: str,
        token: str | None = None,
        *,
        is_public: bool = False,
        patience: Patience = _USUAL_PATIENCE,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        secret = token or os.environ.get(TOKEN_VARIABLE)
        self._transport = Transport(server, secret, is_public=is_public, patience=patience, transport=transport)
        self.mentions = Mentions(self._transport)
        self.notifications = Notifications(self._transport)
        self.losses = Losses(self._transport)
        self.devices = Devices(self._transport)
        self.projects = Projects(self._transport)
        self.campaigns = Campaigns(self._transport)
        self.qualifications = Qualifications(self._transport)
        self.rules = Rules(self._transport)
        self.plan = Plan(self._transport)
        self.watches = Watches(self._transport)
        self.feeds = Feeds(self._transport)
        self.trends = Trends(self._transport)
        self.alerts = Alerts(self._transport)
        self.alert_rules = AlertRules(self._transport)
        self.changes = Changes(self._transport)
        self.reports = Reports(self._transport)
        self.exports = Exports(self._transport)
        self.receivers = Receivers(self._transport)
        self.deliveries = Deliveries(self._transport)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
