"""The guide to devices works as it is printed: accounts, a tablet's dumps, and a broker of one's own."""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.architecture.source_file import PROJECT
from tests.docs.markdown_page import Page
from tests.docs.newcomer import Newcomer
from tests.servers.daemon import Daemon, Installation, Role, running_over
from tests.servers.mosquitto import MosquittoServer, running_mosquitto
from tests.waiting import until

GUIDE = Page(PROJECT / "docs" / "guides" / "connect-a-device.md")
DUMP = PROJECT / "tests" / "bridge" / "sources" / "dumps" / "samsung13.txt"
USERS = {"veilleur": "watch-keeper", "salon-1": "salon-word", "salon-2": "other-word"}


@pytest.fixture
def tablet(tmp_path: Path) -> Path:
    """Give a folder with an `adb` and an `ssh` that answer as a tablet does, to exactly what the guide types."""
    folder = tmp_path / "tablet"
    folder.mkdir()
    answering(folder / "adb", "shell dumpsys notification --noredact", DUMP)
    listed = folder / "list.json"
    shown = {"id": 3, "key": "0|com.whatsapp|3|null|10151", "packageName": "com.whatsapp", "title": "Nadia"}
    listed.write_text(json.dumps([shown | {"content": "Bonjour", "when": "2026-11-16 10:02:49"}]))
    answering(folder / "ssh", "-p 8022 salon-1 termux-notification-list", listed)
    return folder


def answering(program: Path, arguments: str, answer: Path) -> None:
    """Write a program that prints a file when it is called with these arguments, and fails otherwise."""
    program.write_text(
        f'#!/bin/sh\n[ "$*" = {shlex.quote(arguments)} ] && exec cat {shlex.quote(str(answer))}\nexit 64\n'
    )
    program.chmod(0o755)


def test_the_guide_shows_what_it_prints(daemon: Daemon, tablet: Path) -> None:
    Newcomer(daemon, programs=tablet).follow(GUIDE)

    listed = json.loads(daemon.installation.run("device", "list", "--format", "json").out)["devices"]
    assert [(device["name"], device["is_paired"], device["notification_count"]) for device in listed] == [
        ("salon-1", True, 4)
    ]


def block(language: str) -> str:
    """Return the guide's one block in a language."""
    (found,) = (block for block in GUIDE.blocks if block.language == language)
    return "\n".join([*found.lines, ""])


def test_a_broker_set_up_as_the_guide_says_serves_veilleur_and_keeps_devices_apart(tmp_path: Path) -> None:
    with running_mosquitto(tmp_path / "broker", users=USERS, access_rules=block("acl")) as broker:
        ours = Installation(tmp_path / "ours", settings={"VEILLEUR_MQTT_URL": url(broker, "veilleur")})
        with running_over(ours, Role.UP):
            sent = ours.run("replay", str(PROJECT / "samples" / "one-comment.jsonl"), "--via", "mqtt")
            publish(broker, "salon-2", to="salon-1", words="not mine to say")
            publish(broker, "salon-1", to="salon-1", words="first light")
            until(lambda: len(bodies(ours)) == 2, within_seconds=30, what="both mentions")
            examined = ours.run("doctor")

    assert (sent.code, examined.code) == (0, 0), examined.out
    assert set(bodies(ours)) == {"first light", "On réserve pour samedi ! #teamtirelouche"}


def url(broker: MosquittoServer, user: str) -> str:
    """Return the address of a broker with one of its accounts."""
    return f"mqtt://{user}:{USERS[user]}@127.0.0.1:{broker.port}"


def bodies(ours: Installation) -> list[str]:
    """Return the words of every mention."""
    lines = ours.run("mentions", "--format", "jsonl").out.splitlines()
    return [json.loads(line)["body"] for line in lines]


def publish(broker: MosquittoServer, user: str, *, to: str, words: str) -> None:
    """Publish a comment with one device's account on the topic of a device."""
    envelope = {
        "v": 1,
        "id": words,
        "device": to,
        "epoch": user,
        "seq": 1,
        "event": "posted",
        "captured_at": "2026-11-16T10:00:00.000Z",
        "source": {"kind": "companion"},
        "app": {"package": "com.zhiliaoapp.musically"},
        "notification": {"key": words, "channel": "comment_push", "text": f"Camille commented: {words}"},
    }
    account = ["-p", str(broker.port), "-u", user, "-P", USERS[user], "-i", user]
    message = ["-q", "1", "-t", f"veilleur/1/devices/{to}/notifications", "-m", json.dumps(envelope)]
    subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", *account, *message], check=True, timeout=20)
