"""Topics are built and read back alike, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.client import topic_matches_sub

from veilleur_bridge.topics import (
    READ_BY_DEVICE,
    WRITTEN_BY_DEVICE,
    DeviceChannel,
    DeviceTopic,
    device_filter,
    device_of,
    device_topic,
    is_device_name,
    mention_filter,
    mention_topic,
    parse_topic,
)

_NAMES = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=64)


@given(_NAMES, st.sampled_from(DeviceChannel))
def test_a_topic_reads_back_as_it_was_built(device: str, channel: DeviceChannel) -> None:
    topic = device_topic(device, channel)

    assert parse_topic(topic) == DeviceTopic(device, channel)
    assert device_of(topic) == device
    assert topic_matches_sub(device_filter(channel), topic)


@pytest.mark.parametrize("channel", DeviceChannel)
def test_the_names_are_those_of_the_contract(channel: DeviceChannel) -> None:
    assert device_topic("salon-1", channel) == f"veilleur/1/devices/salon-1/{channel.value}"


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "veilleur/1/devices/salon-1",
        "veilleur/1/devices/salon-1/",
        "veilleur/1/devices/salon-1/other",
        "veilleur/1/devices/salon-1/status/more",
        "veilleur/1/devices//status",
        "veilleur/1/devices/Salon/status",
        "veilleur/1/devices/+/status",
        "veilleur/1/devices/salon_1/status",
        "veilleur/1/devices/salon-1\n/status",
        "veilleur/1/devices/été/status",
        f"veilleur/1/devices/{'a' * 65}/status",
        "veilleur/2/devices/salon-1/status",
        "/veilleur/1/devices/salon-1/status",
        "veilleur/1/mentions/tiktok/like",
    ],
)
def test_any_other_topic_names_no_device(topic: str) -> None:
    assert parse_topic(topic) is None
    assert device_of(topic) is None


@pytest.mark.attack
@pytest.mark.parametrize("name", ["", "+", "#", "a/b", "A", "a b", "é", "a\n", "a" * 65, "a\0"])
def test_a_name_that_no_topic_can_hold_builds_none(name: str) -> None:
    assert not is_device_name(name)
    with pytest.raises(ValueError, match="device name"):
        device_topic(name, DeviceChannel.STATUS)


def test_a_device_writes_and_reads_different_channels_and_together_all() -> None:
    assert set(DeviceChannel) == WRITTEN_BY_DEVICE | READ_BY_DEVICE
    assert not WRITTEN_BY_DEVICE & READ_BY_DEVICE


def test_mention_topics_fit_their_filters() -> None:
    topic = mention_topic("tiktok", "new_post")

    assert topic == "veilleur/1/mentions/tiktok/new_post"
    assert topic_matches_sub(mention_filter(), topic)
    assert topic_matches_sub(mention_filter("tiktok"), topic)
    assert not topic_matches_sub(mention_filter("whatsapp"), topic)


@pytest.mark.parametrize(("platform", "kind"), [("+", "like"), ("tiktok", "#"), ("a/b", "like"), ("", "like")])
def test_a_level_that_mqtt_would_misread_builds_no_mention_topic(platform: str, kind: str) -> None:
    with pytest.raises(ValueError, match="platform and kind"):
        mention_topic(platform, kind)
