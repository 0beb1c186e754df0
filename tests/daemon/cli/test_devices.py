"""`veilleur device`: accounts, and what was only heard of."""

from __future__ import annotations

import json
import shlex

from tests.daemon.cli.conftest import BOTH_PLACES, Keep, Run
from tests.daemon.store.arrivals import arrival, sighting


@BOTH_PLACES
def test_a_new_device_gets_the_line_that_publishes_as_it(run: Run) -> None:
    ran = run("device", "add", "salon-1")

    words = shlex.split(ran.out)
    envelope = json.loads(words[-1])
    assert ran.code == 0
    assert words[0] == "mosquitto_pub"
    assert envelope["device"] == "salon-1"
    assert words[words.index("-t") + 1] == "veilleur/1/devices/salon-1/notifications"
    assert words[words.index("-P") + 1] in ran.err
    assert "may connect once `veilleur up` runs" in ran.err
    assert "paired" in run("device", "list").out


def test_a_name_that_no_topic_can_hold_is_refused_in_one_line(run: Run) -> None:
    ran = run("device", "add", "Salon 1/#")

    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)


@BOTH_PLACES
def test_a_device_only_heard_of_is_listed_as_unpaired(run: Run, keep: Keep) -> None:
    keep(arrival(1, sighting("hello")))

    assert "unpaired" in run("device", "list").out
    [device] = json.loads(run("device", "list", "--format", "json").out)["devices"]
    assert (device["name"], device["is_paired"], device["notification_count"]) == ("salle-1", False, 1)
