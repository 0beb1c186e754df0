"""Alarms: states of our own system (DESIGN §8); what a rule on mentions sends to people is an alert."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class AlarmCode(StrEnum):
    """What is wrong."""

    DEVICE_SILENT = "device_silent"
    LISTENER_DEAD = "listener_dead"
    SATURATED = "saturated"
    GAP = "gap"
    LOST = "lost"
    SEQ_CONFLICT = "seq_conflict"
    NOT_KEPT = "not_kept"
    NO_RECEIPT_PROGRESS = "no_receipt_progress"
    QUARANTINE_BURST = "quarantine_burst"
    PARSER_DRIFT = "parser_drift"
    REFUSED_PAYLOADS = "refused_payloads"
    CONFIG_REFUSED = "config_refused"
    DEVICE_PROBLEM = "device_problem"
    APP_UNOPENED = "app_unopened"
    WRONG_DEVICE = "wrong_device"
    CLIENT_ID_TAKEN = "client_id_taken"
    FLOOD = "flood"
    FOREIGN_RECEIPTS = "foreign_receipts"
    STORE_WENT_BACK = "store_went_back"
    BROKER_LIMITS = "broker_limits"
    BROKER_DOWN = "broker_down"
    CERTIFICATE_EXPIRES = "certificate_expires"
    INGEST_STALLED = "ingest_stalled"
    WATCHMAN_STALLED = "watchman_stalled"
    PARSER_SUSPENDED = "parser_suspended"
    APP_SILENT = "app_silent"
    RECEIVER_FAILING = "receiver_failing"
    DELIVERY_GIVEN_UP = "delivery_given_up"
    NO_RECEIVER = "no_receiver"


class AlarmKey(Struct, frozen=True, order=True):
    """What an alarm is known by: at most one is open for each key.

    `subject` is a device's name, or it and a part after a colon (`salon-1:com.whatsapp`), or a part of the daemon.
    """

    code: AlarmCode
    subject: str


class Alarm(Struct, frozen=True, kw_only=True):
    """Something wrong from `since` to `until` (None: still); `detail` says what, without private words."""

    code: AlarmCode
    subject: str
    since_at: datetime
    until_at: datetime | None
    detail: str
