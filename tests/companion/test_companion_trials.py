"""Trials 29, 34, 35 and 53 with the companion's core as the tablet: cap, denied access, oversize, forged receipts."""

from __future__ import annotations

import json
import os
import signal
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.attacks.places import acl_of_the_guide, tablet_options
from tests.bridge.mqtt.mqtt_parts import now, publish_all
from tests.companion.place import INTRUDER, TABLET, Statuses, companion_place
from tests.companion.shown import TIKTOK, bodies, comments
from tests.companion.tablet_spool import first_seq_of, spooled_offline
from tests.servers.daemon import Installation
from tests.waiting import until
from veilleur_bridge.mqtt_url import MqttAddress
from veilleur_bridge.publish import Publisher
from veilleur_bridge.topics import DeviceChannel, device_topic
from veilleur_bridge.wire.receipt import Receipt, write_receipt

COUNT = 20
BEYOND_THE_CAP = 300
AT_A_SMALL_CAP = ("--cap-bytes", str(64 * 1024), "--rate", "200")
SPOOLED_WITHIN_SECONDS = 60.0
TOLD_WITHIN_SECONDS = 60.0
OVERSIZE_CHARACTERS = 1024 * 1024
MAX_ENVELOPE_BYTES = 256 * 1024
CONFIG = json.dumps({"v": 1, "revision": 1, "apps": [{"package": TIKTOK}]}).encode()
WITHOUT = {
    "notifications": "pattern write veilleur/1/devices/%u/notifications\n",
    "receipt": "pattern read veilleur/1/devices/%u/receipt\n",
}


@pytest.mark.fault
@pytest.mark.parametrize("denied", list(WITHOUT))
def test_34_what_rules_swallow_stays_in_the_spool_is_told_and_arrives_once_they_are_mended(
    denied: str, tmp_path: Path
) -> None:
    """Trial 34, its silence scaled by an option.

    Seen to catch a `DeviceLink.isUnheard` that is never true: not within 60 s told that nothing is receipted.
    """
    whole = acl_of_the_guide()
    assert WITHOUT[denied] in whole
    with companion_place(tmp_path, access_rules=whole.replace(WITHOUT[denied], "")) as place, place.tablet() as tablet:
        place.daemon.start()
        with place.statuses() as statuses:
            tablet.start(comments(COUNT), "--silence-s", "4", "--until-drained")
            until(
                lambda: "no_receipt" in statuses.last().get("problems", ()),
                within_seconds=TOLD_WITHIN_SECONDS,
                what="the tablet tells that nothing is receipted",
            )
            assert statuses.last()["spool_depth"] >= COUNT
        (place.broker.folder / "rules.acl").write_text(whole)
        os.kill(place.broker.pid, signal.SIGHUP)
        tablet.wait_until_drained()

        assert place.bodies() == bodies(COUNT)
        assert place.stored.count("dead_letters") == 0


@pytest.mark.fault
def test_29_what_falls_to_the_cap_is_counted_on_the_server_to_the_last_one(tmp_path: Path) -> None:
    """Trial 29: the power goes when the spool is at its cap; what waits is sent by the next life.

    Seen to catch a `Spool.dropOldest` that does not remember what it dropped: the gap's detail was `corrupt`.
    """
    with companion_place(tmp_path) as place, place.tablet() as tablet:
        kept = spooled_offline(tablet.folder, TABLET, comments(BEYOND_THE_CAP), *AT_A_SMALL_CAP)
        lost = first_seq_of(kept) - 1
        assert lost > 0
        place.daemon.start()
        tablet.start([], "--until-drained")
        tablet.wait_until_drained()

        assert place.stored.rows("SELECT from_seq, through_seq FROM lost_ranges") == [(1, lost)]
        assert [one["notification"]["text"] for one in place.raw() if one["event"] == "posted"] == [
            one["notification"]["text"] for one in map(json.loads, kept) if one["app"]["package"] == TIKTOK
        ]
        shown = until(
            lambda: gaps_shown(place.daemon.installation), within_seconds=TOLD_WITHIN_SECONDS, what="a gap is shown"
        )
        assert [(gap["count"], gap["detail"]) for gap in shown] == [(lost, "cap")]


@pytest.mark.fault
def test_35_a_notification_of_two_mebibytes_is_cut_and_says_so_and_the_small_ones_arrive(tmp_path: Path) -> None:
    """Trial 35. Seen to catch an `EnvelopeMaker.payloadOf` that cuts nothing: the largest stored had 495 bytes."""
    with companion_place(tmp_path) as place, place.tablet() as tablet:
        place.daemon.start()
        tablet.start(comments(COUNT), "--pad-first", str(OVERSIZE_CHARACTERS), "--until-drained")
        tablet.wait_until_drained()

        large, *small = place.raw()
        (size,) = place.stored.rows("SELECT max(length(payload)) FROM notifications")[0]
        assert MAX_ENVELOPE_BYTES // 2 < size <= MAX_ENVELOPE_BYTES
        assert large["truncated"]
        assert [one["notification"]["text"].rpartition(" ")[2] for one in small] == [
            str(number) for number in range(2, COUNT + 1)
        ]
        assert place.stored.count("dead_letters") == 0


@pytest.mark.attack
def test_53_a_receipt_that_a_device_forges_trims_nothing(tmp_path: Path) -> None:
    """Trial 53: neither another tablet nor the tablet's own account can write a receipt.

    Seen to catch rules that let every device write every topic (`pattern readwrite veilleur/1/#`): none of 20 arrived.
    """
    with companion_place(tmp_path) as place, place.tablet() as tablet, place.statuses() as statuses:
        tablet.start(comments(COUNT), "--until-drained")
        epoch = spooled_epoch(statuses)
        for forger in (INTRUDER, TABLET):
            forge(place.address(forger), forger, Receipt("forged", 9_999, epoch, COUNT))
            forge(place.address(forger), forger, Receipt("forged", 9_999, epoch, 2**40))
        # whoever forges as the tablet takes its session over: it comes back, and has all of it
        assert spooled_epoch(statuses) == epoch
        place.daemon.start()
        tablet.wait_until_drained()

        assert place.bodies() == bodies(COUNT)
        assert place.stored.count("lost_ranges") == 0


@pytest.mark.attack
def test_53_a_receipt_of_another_epoch_or_store_costs_nothing_whoever_wrote_it(tmp_path: Path) -> None:
    """Trial 53, by the daemon's own account: another epoch's receipt trims nothing, another store's asks again.

    Seen to catch a `Drainer.receipt` that takes every epoch for its own: 2 waited in the spool, not 20.
    """
    with companion_place(tmp_path) as place, place.tablet() as tablet, place.statuses() as statuses:
        tablet.start(comments(COUNT), "--until-drained")
        epoch = spooled_epoch(statuses)
        forge(place.own, "veilleur-2", Receipt("s1", 1, "another", COUNT))
        publish_all(place.own.url(), [CONFIG], device_topic(TABLET, DeviceChannel.CONFIG))
        answer = until(
            lambda: statuses.last() if statuses.last().get("config_revision") == 1 else None,
            within_seconds=TOLD_WITHIN_SECONDS,
            what="a status after the receipt",
        )
        assert answer["spool_depth"] >= COUNT
        for receipt in (Receipt("s1", 2, epoch, 0), Receipt("s2", 1, epoch, 0)):
            forge(place.own, "veilleur-2", receipt)
        place.daemon.start()
        tablet.wait_until_drained()

        assert place.bodies() == bodies(COUNT)
        assert place.stored.count("lost_ranges") == 0


def gaps_shown(installation: Installation) -> list[Any]:
    ran = installation.run("coverage", "--device", TABLET, "--cause", "gap", "--format", "json")
    assert ran.code == 0, ran.err
    shown: list[Any] = json.loads(ran.out)["intervals"]
    return shown


def spooled_epoch(statuses: Statuses) -> str:
    """Return the spool's epoch once all that was shown is in it, as its status says."""
    status = until(
        lambda: statuses.last() if statuses.last().get("spool_depth", 0) >= COUNT else None,
        within_seconds=SPOOLED_WITHIN_SECONDS,
        what="all is spooled",
    )
    return str(status["epoch"])


def forge(address: MqttAddress, client_id: str, receipt: Receipt) -> None:
    """Publish a receipt for the tablet, whatever the broker makes of it."""
    with closing(Publisher(tablet_options(address, client_id), clock=now)) as forger:
        topic = device_topic(TABLET, DeviceChannel.RECEIPT)
        forger.publish(topic, write_receipt(receipt), is_retained=True)
        assert forger.flush(20) == ()
