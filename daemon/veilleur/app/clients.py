"""What the embedded broker says of its clients: who has come with a new account, and who goes by another's name."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from veilleur.app.clock import utc_now
from veilleur.model.alarms import AlarmCode, AlarmKey
from veilleur.store.alarms import settle_alarms
from veilleur.store.database import Database
from veilleur.store.facts import CLIENT_ID_PREFIX
from veilleur.store.pairing import BrokerAccounts, SeenConnection, note_connections
from veilleur_bridge.broker.accounts import DAEMON_USER
from veilleur_bridge.broker.connections import BrokerConnection
from veilleur_bridge.registry import BrokerAccount

# two clients under one id end each other, and the broker holds them apart for seconds: one alarm for all of it
_LASTS: Final = timedelta(minutes=10)
# a network that breaks off brings a tablet back now and then; two programs bring each other back within seconds
_OFTEN: Final = 6
_OFTEN_WITHIN: Final = timedelta(seconds=60)
_ADVICE: Final = "they end each other's connection; nothing can be read or written so. If that is not meant, revoke it"


_SHARED: Final = (
    "{device} connects anew every few seconds: two programs use its account (a pairing code used twice?), or its "
    "network breaks off; if it is the first, revoke it and pair each by a code of its own"
)


class ClientWatch:
    """Told each second who is connected: marks awaited devices that came, keeps alarms about taken client ids."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._taken: dict[AlarmKey, tuple[datetime, str]] = {}
        self._came_at: dict[str, deque[datetime]] = defaultdict(deque)

    def __call__(self, connections: Sequence[BrokerConnection]) -> None:
        """Compare who is connected with who they may be."""
        now = utc_now()
        own_names = [SeenConnection(one.user, one.since_at) for one in connections if one.user == one.client_id]
        note_connections(self._database, own_names, now=now)
        for taker, owner in self._takers(connections):
            key = AlarmKey(AlarmCode.CLIENT_ID_TAKEN, taker)
            self._taken[key] = now, f"{taker} connects with the client id of {owner}: {_ADVICE}"
        for device in self._flapping(own_names, now):
            self._taken[AlarmKey(AlarmCode.CLIENT_ID_TAKEN, device)] = now, _SHARED.format(device=device)
        self._taken = {key: seen for key, seen in self._taken.items() if now - seen[0] < _LASTS}
        wanted = {key: detail for key, (_, detail) in self._taken.items()}
        settle_alarms(self._database, wanted, ruled=(AlarmCode.CLIENT_ID_TAKEN,), now=now)

    def _flapping(self, seen: Sequence[SeenConnection], now: datetime) -> Iterator[str]:
        """Yield the devices that came often within a minute, each time by a new connection."""
        for one in seen:
            came_at = self._came_at[one.device]
            if one.since_at not in came_at:
                came_at.append(one.since_at)
            while came_at and now - came_at[0] > _OFTEN_WITHIN:
                came_at.popleft()
            if len(came_at) >= _OFTEN:
                yield one.device

    def _takers(self, connections: Sequence[BrokerConnection]) -> list[tuple[str, str]]:
        """Return who goes by whose client id: names that are no device's and not the daemon's are nobody's."""
        others = [one for one in connections if one.user not in {DAEMON_USER, one.client_id}]
        if not others:
            return []
        accounts = BrokerAccounts(self._database, utc_now).broker_accounts()
        devices = {account.device for account in accounts if isinstance(account, BrokerAccount)}
        by_device = [(one.user, one.client_id) for one in others if one.client_id in devices]
        by_daemon = [(one.user, "the daemon") for one in others if one.client_id.startswith(CLIENT_ID_PREFIX)]
        return by_device + by_daemon
