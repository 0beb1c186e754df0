"""Canary messages find what a broker would lose or leak, each fault alone, on real brokers that are set up wrongly."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.deploy.deployed_mosquitto import running_with_password_file
from tests.faults.granted import granted_seconds
from tests.faults.relay import relayed
from tests.servers.embedded import running_embedded_broker
from tests.servers.mosquitto import running_mosquitto
from veilleur_bridge.broker.canaries import ask_broker, ask_size
from veilleur_bridge.broker.findings import BrokerFinding, BrokerQuestion
from veilleur_bridge.broker.memory import ask_memory
from veilleur_bridge.mqtt_url import parse_mqtt_url

USERS = {"veilleur": "watch-keeper"}
ALL_RIGHTS = "user veilleur\ntopic readwrite veilleur/1/#\n"
# mosquitto's ACL of what 3.1.1 acknowledges and nobody ever gets
NO_READING = "user veilleur\ntopic write veilleur/1/#\ntopic read veilleur/1/broker/#\n"
NO_WRITING = "user veilleur\ntopic read veilleur/1/#\ntopic write veilleur/1/broker/#\n"
ASKED_WITHIN_SECONDS = 8.0


def wrong(findings: Mapping[BrokerQuestion, BrokerFinding]) -> dict[BrokerQuestion, str]:
    return {question: finding.detail for question, finding in findings.items() if not finding.is_ok}


def asked(url: str, *, is_quick: bool = False) -> dict[BrokerQuestion, BrokerFinding]:
    began = time.monotonic()
    findings = {found.question: found for found in ask_broker(parse_mqtt_url(url), is_quick=is_quick)}
    assert time.monotonic() - began < granted_seconds(ASKED_WITHIN_SECONDS)
    assert all(finding.advice for finding in findings.values() if not finding.is_ok)
    return findings


def test_the_deployed_mosquitto_is_well(tmp_path: Path) -> None:
    with running_with_password_file(tmp_path) as broker:
        findings = asked(broker.own_url())

    assert wrong(findings) == {}
    assert len(findings) == 4


def test_the_embedded_broker_is_well(tmp_path: Path) -> None:
    with running_embedded_broker(tmp_path) as server:
        assert wrong(asked(server.url)) == {}


@pytest.mark.fault
@pytest.mark.parametrize(
    ("limit", "said"),
    [("max_queued_messages 1000", "kept 1,000"), ("max_queued_bytes 500000", "kept "), ("max_queued_messages 0", None)],
)
def test_a_queue_that_loses_is_found(tmp_path: Path, limit: str, said: str | None) -> None:
    """Seen to catch an `ask_queue` that looks at the answers instead of counting what arrives: all were 'success'."""
    with running_mosquitto(tmp_path, users=USERS, access_rules=ALL_RIGHTS, extra=limit) as broker:
        findings = wrong(asked(broker.url))

    assert list(findings) == ([] if said is None else [BrokerQuestion.QUEUE])
    assert (said or "") in findings.get(BrokerQuestion.QUEUE, "")


@pytest.mark.attack
def test_strangers_are_found_with_what_they_can_do(tmp_path: Path) -> None:
    """Seen to catch an `ask_strangers` that is content with the refusal of one topic."""
    with running_mosquitto(tmp_path) as broker:
        open_to_all = wrong(asked(broker.url, is_quick=True))
    rules = f"topic read veilleur/1/#\n{ALL_RIGHTS}"
    with running_mosquitto(tmp_path / "b", users=USERS, access_rules=rules, extra="allow_anonymous true") as broker:
        open_to_readers = wrong(asked(broker.url, is_quick=True))

    assert list(open_to_all) == list(open_to_readers) == [BrokerQuestion.STRANGERS]
    assert "let in and speaks as any device and reads" in open_to_all[BrokerQuestion.STRANGERS]
    assert "let in and reads what is for devices" in open_to_readers[BrokerQuestion.STRANGERS]


@pytest.mark.fault
@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (NO_READING, "acknowledged, but did not deliver, notifications, receipt, status, config"),
        (NO_WRITING, "refused notifications, receipt, status, config"),
    ],
)
def test_an_access_rule_that_swallows_is_found(tmp_path: Path, rules: str, said: str) -> None:
    """Seen to catch an `ask_access` that trusts the SUBACK (granted) and the PUBACK (success): all was well."""
    with running_mosquitto(tmp_path, users=USERS, access_rules=rules) as broker:
        findings = wrong(asked(broker.url, is_quick=True))

    assert list(findings) == [BrokerQuestion.ACCESS]
    assert said in findings[BrokerQuestion.ACCESS]


@pytest.mark.fault
@pytest.mark.parametrize("limit", ["message_size_limit 100000", "max_packet_size 100000"])
def test_a_broker_too_small_for_an_envelope_is_found(tmp_path: Path, limit: str) -> None:
    """Seen to catch a canary of 64 KiB."""
    with running_mosquitto(tmp_path, users=USERS, access_rules=ALL_RIGHTS, extra=limit) as broker:
        assert list(wrong(asked(broker.url, is_quick=True))) == [BrokerQuestion.SIZE]


@pytest.mark.fault
def test_a_broker_behind_a_slow_line_is_well_too(tmp_path: Path) -> None:
    """Broken line: a second for the answer to what was said; it reported "the broker answered for 0 of 1 messages".

    Each way takes 0.6 s, as over a satellite or a telephone: such a broker was told to be too small for an envelope.
    """
    with running_with_password_file(tmp_path) as broker, relayed(broker.server.port) as line:
        line.weather.delay_seconds = 0.6
        address = replace(parse_mqtt_url(broker.own_url()), port=line.port)
        size, (memory, _) = ask_size(address), ask_memory(address, None, now=datetime.now(UTC))

    assert (size.is_ok, memory.is_ok) == (True, True), (size.detail, memory.detail)


def test_a_broker_that_is_away_is_told_by_every_question(tmp_path: Path) -> None:
    with running_mosquitto(tmp_path) as broker:
        pass

    findings = asked(broker.url).values()
    told = [finding.detail for finding in findings if "no broker answers" in finding.detail]
    assert len(told) == len(findings)
