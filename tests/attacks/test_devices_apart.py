"""Trials 51, 53, 54 and 66: a device that speaks as another, forges receipts, replays, or takes another's client id."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from tests.attacks.places import (
    INTRUDER,
    VICTIM,
    Place,
    attacked_place,
    forged_envelope,
    running_tablet,
    tablet_options,
)
from tests.bridge.mqtt.mqtt_parts import Reader, now, publish_all, publisher, up
from tests.servers.broker_kind import BOTH_BROKERS, BrokerKind
from tests.waiting import until
from veilleur_bridge.publish import Publisher
from veilleur_bridge.topics import DeviceChannel, device_topic
from veilleur_bridge.wire.receipt import Receipt, write_receipt

pytestmark = pytest.mark.attack


def topic(device: str, channel: DeviceChannel = DeviceChannel.NOTIFICATIONS) -> str:
    return device_topic(device, channel)


def publish_whatever_is_answered(place: Place, payloads: list[bytes], to: str) -> None:
    """Publish as the intruder, retained where it is for a device; MQTT 3.1.1 has no way to say that it is refused."""
    with closing(Publisher(tablet_options(place.addresses[INTRUDER], INTRUDER), clock=now)) as intruder:
        for payload in payloads:
            intruder.publish(to, payload, is_retained=to.endswith((DeviceChannel.RECEIPT, DeviceChannel.CONFIG)))
        assert intruder.flush(20) == ()


def show_and_store(place: Place, count: int, *, after: int = 0) -> None:
    """Let the victim's tablet show something more than so much, and wait until all of it is stored and receipted."""
    with place.tablet(VICTIM) as tablet:
        tablet.said = after
        tablet.show(count)
        tablet.wait_until_empty()


@BOTH_BROKERS
def test_51_a_device_that_speaks_as_another_adds_no_row(kind: BrokerKind, tmp_path: Path) -> None:
    """Seen to catch `_device_user` with every device's topics (`veilleur.1.>`): 15 rows instead of 5."""
    with attacked_place(tmp_path, kind) as place:
        forged = [forged_envelope(VICTIM, seq) for seq in range(1, 11)]
        publish_whatever_is_answered(place, forged, topic(VICTIM))
        show_and_store(place, 5)

        assert place.count("notifications") == 5
        assert place.count("dead_letters") == 0


@BOTH_BROKERS
def test_51_a_payload_that_names_another_device_than_its_topic_is_a_dead_letter_and_an_alarm(
    kind: BrokerKind, tmp_path: Path
) -> None:
    """Seen to catch `_refuse_address` without its look at the topic's device: the alarm never came."""
    with attacked_place(tmp_path, kind) as place:
        publish_all(place.addresses[INTRUDER].url(), [forged_envelope(VICTIM, 1)], topic(INTRUDER))
        place.wait_for_alarm("wrong_device", INTRUDER)
        show_and_store(place, 5)

        assert place.count("notifications") == 5
        assert [letter.reason for letter in place.stored.dead_letters()] == ["wrong_device"]
        assert place.open_alarms("wrong_device") == [INTRUDER]


@BOTH_BROKERS
def test_53_a_receipt_forged_by_another_device_trims_nothing(kind: BrokerKind, tmp_path: Path) -> None:
    """Seen to catch `_device_user` with every device's topics: the tablet believed it, and went on after seq 2^40."""
    with attacked_place(tmp_path, kind) as place:
        if kind is BrokerKind.MOSQUITTO:
            place.daemon.stop()
        else:
            show_and_store(place, 1)
        with place.tablet(VICTIM) as tablet:
            until(tablet.is_up, within_seconds=30, what="the tablet is connected")
            epoch = tablet.program.status().epoch
            forged = write_receipt(Receipt(store="forged", round=9_999, epoch=epoch, through_seq=2**40))
            for channel in (DeviceChannel.RECEIPT, DeviceChannel.CONFIG):
                publish_whatever_is_answered(place, [forged], topic(VICTIM, channel))
            tablet.show(20)
            if kind is BrokerKind.MOSQUITTO:
                assert tablet.depth == 20
                place.daemon.start()
            tablet.wait_until_empty()
            receipt = tablet.program.status().receipt

        assert receipt is not None
        assert receipt.store != "forged"
        assert place.stored.one("max(seq)", "notifications") == place.count("notifications")


@BOTH_BROKERS
def test_53_a_tablet_cannot_write_its_own_receipt_either(kind: BrokerKind, tmp_path: Path) -> None:
    """Seen to catch `_device_user` with every device's topics: the forged receipt was retained."""
    with attacked_place(tmp_path, kind) as place:
        forged = write_receipt(Receipt(store="forged", round=1, epoch="e", through_seq=2**40))
        with closing(Reader(place.own.url(), "looks", topic(INTRUDER, DeviceChannel.RECEIPT))) as reader:
            up(reader.state)
            publish_whatever_is_answered(place, [forged], topic(INTRUDER, DeviceChannel.RECEIPT))
            publish_whatever_is_answered(place, [forged_envelope(INTRUDER, 1)], topic(INTRUDER))
            until(lambda: reader.read, within_seconds=30, what="the daemon's receipt for the intruder's own envelope")

        assert "forged" not in {json.loads(receipt)["store"] for receipt in reader.read}


@BOTH_BROKERS
def test_54_captured_messages_sent_again_add_no_row(kind: BrokerKind, tmp_path: Path) -> None:
    """Seen to catch `_refuse_address` without its look at the topic's device: no dead letter came.

    That a place is taken once is held twice, by `_sort_placed` and by a unique key, which makes dead letters of what
    is sent again where `place.seq not in received` is always true.
    """
    with attacked_place(tmp_path, kind) as place:
        with closing(Reader(place.own.url(), "on-the-line", topic(VICTIM))) as line:
            up(line.state)
            show_and_store(place, 30)
            until(lambda: len(line.read) >= 30, within_seconds=30, what="all were captured on the line")
        captured = list(line.read)
        before = facts(place)

        publish_all(place.addresses[VICTIM].url(), captured * 2, topic(VICTIM))
        publish_all(place.addresses[INTRUDER].url(), captured, topic(INTRUDER))
        until(lambda: place.count("dead_letters") >= len(set(captured)), within_seconds=40, what="all was looked at")
        show_and_store(place, 5, after=30)

        assert before == (30, 30, 30)
        assert facts(place) == (35, 35, 35)
        assert Counter(letter.reason for letter in place.stored.dead_letters()) == {"wrong_device": len(set(captured))}


def facts(place: Place) -> tuple[int, ...]:
    return place.count("notifications"), place.count("mentions"), place.count("changes")


@BOTH_BROKERS
def test_66_a_device_that_takes_anothers_client_id_is_told_and_nothing_is_lost(
    kind: BrokerKind, tmp_path: Path
) -> None:
    """Seen to catch a `ClientWatch` that compares nothing: no alarm.

    Mosquitto takes nobody's word for a client id, so nothing happens there that an alarm could tell: seen to catch a
    listener without `use_username_as_clientid`, where the tablet was ended.
    """
    with attacked_place(tmp_path, kind) as place:
        with place.tablet(VICTIM) as tablet:
            until(tablet.is_up, within_seconds=30, what="the tablet is connected")
            connections = tablet.program.state().link.connections
            with publisher(place.addresses[INTRUDER].url(), client_id=VICTIM) as thief:
                up(thief.state)
                tablet.show(50)
                if kind is BrokerKind.EMBEDDED:
                    place.wait_for_alarm("client_id_taken", INTRUDER)
                else:
                    tablet.wait_until_empty()
                    assert tablet.program.state().link.connections == connections
            tablet.wait_until_empty(within_seconds=60)

        assert place.count("notifications") == 50
        assert place.open_alarms("client_id_taken") == ([INTRUDER] if kind is BrokerKind.EMBEDDED else [])


@BOTH_BROKERS
def test_66_a_device_with_the_daemons_client_id_takes_nothing_from_it(kind: BrokerKind, tmp_path: Path) -> None:
    """The id is secret; here it is known all the same. Seen to catch a `ClientWatch` that knows devices' ids alone."""
    with attacked_place(tmp_path, kind) as place:
        (suffix,) = [row[0] for row in place.stored.rows("SELECT value FROM facts WHERE name = 'client_suffix.main'")]
        with place.tablet(VICTIM) as tablet:
            with closing(Reader(place.addresses[INTRUDER].url(), f"veilleur-main-{suffix}", None)) as thief:
                tablet.show(50)
                if kind is BrokerKind.EMBEDDED:
                    place.wait_for_alarm("client_id_taken", INTRUDER)
                assert thief.read == []
            tablet.wait_until_empty(within_seconds=60)

        assert place.count("notifications") == 50
        assert thief.read == []


def test_66_two_programs_with_one_pairing_code_are_told(tmp_path: Path) -> None:
    """They end each other for ever. Seen to catch a `_flapping` that finds nobody: the alarm was "not within 60 s"."""
    with (
        attacked_place(tmp_path, BrokerKind.EMBEDDED) as place,
        place.tablet(VICTIM),
        running_tablet(VICTIM, tmp_path / "second", tablet_options(place.addresses[VICTIM], VICTIM)),
    ):
        place.wait_for_alarm("client_id_taken", VICTIM, within_seconds=60)
