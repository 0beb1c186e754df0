"""Wires what is asked of a broker: by `veilleur doctor`, and by the daemon after its start and once a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import structlog

from veilleur.app.clock import utc_now
from veilleur.app.lasting import LastingThread
from veilleur.model.alarms import AlarmCode
from veilleur.model.errors import StoreError
from veilleur.store.alarms import clear_alarm, raise_alarm
from veilleur.store.database import Database
from veilleur.store.facts import broker_mark, keep_broker_mark
from veilleur_bridge.broker.canaries import ask_broker, ask_queue
from veilleur_bridge.broker.findings import BrokerFinding
from veilleur_bridge.broker.memory import ask_memory, read_mark
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt_url import MqttAddress

_FIRST_AFTER_S: Final = 5.0
_AGAIN_AFTER_S: Final = 24 * 3600.0
_ASK_LATER_S: Final = 60.0
_STOP_WITHIN_S: Final = 1.0

log = structlog.get_logger()


def ask_everything(database: Database, address: MqttAddress, *, is_quick: bool) -> Sequence[BrokerFinding]:
    """Ask a broker that answers whether it would lose or leak; `is_quick` leaves its queue out."""
    return (*ask_broker(address, is_quick=is_quick), ask_about_memory(database, address))


def ask_about_memory(database: Database, address: MqttAddress) -> BrokerFinding:
    """Seek what was left at this broker last time, and remember what is left there now. Raises BrokerError."""
    broker = f"{address.host}:{address.port}"
    left = broker_mark(database, broker)
    finding, mark = ask_memory(address, None if left is None else read_mark(left), now=utc_now())
    if str(mark) != left:
        keep_broker_mark(database, broker, str(mark))
    return finding


@contextmanager
def running_questions(database: Database, address: MqttAddress) -> Iterator[None]:
    """Ask a broker of somebody else's about its queue and memory while the block runs; what is wrong is an alarm."""
    asking = _Asking(database, address)
    thread = LastingThread("broker-questions", asking.turn)
    thread.start()
    try:
        yield
    finally:
        thread.stop(_STOP_WITHIN_S)


class _Asking:
    def __init__(self, database: Database, address: MqttAddress) -> None:
        self._database = database
        self._address = address
        self._is_first_turn = True

    def turn(self) -> float:
        """Ask, and return when to ask again; the first turn waits until the daemon is on its way."""
        if self._is_first_turn:
            self._is_first_turn = False
            return _FIRST_AFTER_S
        try:
            findings = (ask_queue(self._address), ask_about_memory(self._database, self._address))
            for finding in findings:
                self._settle(finding)
        except (BrokerError, StoreError) as error:
            log.info("broker not asked", reason=str(error))
            return _ASK_LATER_S
        return _AGAIN_AFTER_S

    def _settle(self, finding: BrokerFinding) -> None:
        subject = str(finding.question)
        if finding.is_ok:
            clear_alarm(self._database, AlarmCode.BROKER_LIMITS, subject, utc_now())
            return
        detail = f"{finding.detail}; {finding.advice}"
        if raise_alarm(self._database, AlarmCode.BROKER_LIMITS, subject, detail, utc_now()):
            log.warning("broker loses messages", question=subject, detail=detail)
