"""Which brokers a trial is held with: CI holds some with one of them only, `make soak` holds every trial with both."""

from __future__ import annotations

from enum import StrEnum

import pytest


class BrokerKind(StrEnum):
    """The brokers that every trial must hold with."""

    EMBEDDED = "embedded"
    MOSQUITTO = "mosquitto"


EMBEDDED_IN_SOAK = pytest.param(BrokerKind.EMBEDDED, marks=pytest.mark.soak)
MOSQUITTO_IN_SOAK = pytest.param(BrokerKind.MOSQUITTO, marks=pytest.mark.soak)

BOTH_BROKERS = pytest.mark.parametrize("kind", list(BrokerKind))
MOSQUITTO_IN_CI = pytest.mark.parametrize("kind", [BrokerKind.MOSQUITTO, EMBEDDED_IN_SOAK])
EMBEDDED_IN_CI = pytest.mark.parametrize("kind", [BrokerKind.EMBEDDED, MOSQUITTO_IN_SOAK])
