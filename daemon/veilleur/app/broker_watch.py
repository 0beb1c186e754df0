"""Watches a broker of any kind: its certificate, who spoke first with a new account, and who did not in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Final

from veilleur.app.accounts import remove_external_account
from veilleur.app.clock import utc_now
from veilleur.app.lasting import LastingThread
from veilleur.app.settings import Settings
from veilleur.model.alarms import AlarmCode
from veilleur.store.alarms import clear_alarm, raise_alarm
from veilleur.store.database import Database
from veilleur.store.pairing import note_first_words, void_accounts
from veilleur_bridge.broker.presented import CertificateRefused, presented_certificate
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt_url import MqttAddress

TOLD_BEFORE: Final = timedelta(days=30)
_SUBJECT: Final = "broker"
_LOOKS_BETWEEN: Final = 6
_STOP_WITHIN_S: Final = 6.0
_ADVICE: Final = (
    "renew it (`veilleur broker certificate --renew` at the embedded broker; keep its key, tablets trust it)"
)

Whereabouts = Callable[[], MqttAddress]


class BrokerWatch:
    """Looks every few seconds for first words and void accounts, and now and then at the certificate."""

    def __init__(self, settings: Settings, database: Database, whereabouts: Whereabouts) -> None:
        self._database = database
        self._whereabouts = whereabouts
        self._external_url = settings.mqtt_url
        self._removed: set[str] = set()
        self._interval_s = settings.watch_interval_s
        self._looks = 0

    def turn(self) -> float:
        """Look once; return the seconds until the next look."""
        note_first_words(self._database, now=utc_now())
        if self._external_url is not None:
            self._remove_void_accounts(self._external_url)
        if self._looks % _LOOKS_BETWEEN == 0:
            self._look_at_certificate()
        self._looks += 1
        return self._interval_s

    def _remove_void_accounts(self, url: str) -> None:
        """Take the accounts of unused pairing codes away where the broker lets us; the embedded one reads who may come.

        Where it does not, whoever paired was told the commands as the wait for the tablet ended.
        """
        void = set(void_accounts(self._database, now=utc_now()))
        for device in sorted(void - self._removed):
            with suppress(BrokerError):
                remove_external_account(url, device)
                self._removed.add(device)
        self._removed &= void

    def _look_at_certificate(self) -> None:
        now = utc_now()
        try:
            reason = self._reason_to_renew()
        except BrokerError:
            # nobody answers: that is another alarm's affair, and the certificate is as it was
            return
        if reason is None:
            clear_alarm(self._database, AlarmCode.CERTIFICATE_EXPIRES, _SUBJECT, now)
        else:
            raise_alarm(self._database, AlarmCode.CERTIFICATE_EXPIRES, _SUBJECT, f"{reason}: {_ADVICE}", now)

    def _reason_to_renew(self) -> str | None:
        address = self._whereabouts()
        if not address.is_encrypted:
            return None
        try:
            expires_at = presented_certificate(address).expires_at
        except CertificateRefused as refused:
            return str(refused)
        if expires_at - utc_now() > TOLD_BEFORE:
            return None
        return f"the certificate of the broker at {address} holds until {expires_at:%Y-%m-%d}"


@contextmanager
def running_broker_watch(settings: Settings, database: Database, whereabouts: Whereabouts) -> Iterator[None]:
    """Watch while the block runs, on a thread of its own."""
    thread = LastingThread("broker watch", BrokerWatch(settings, database, whereabouts).turn)
    thread.start()
    try:
        yield
    finally:
        thread.stop(_STOP_WITHIN_S)
