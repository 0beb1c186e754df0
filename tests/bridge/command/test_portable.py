"""`veilleur-bridge.pyz` runs on Python alone, without a single installed package, as on Termux."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from setup.portable import build
from tests.bridge.command.bridge_process import running_bridge
from tests.bridge.command.conftest import DEVICE, allow
from tests.bridge.daemon_stub import ReceivingDaemon
from tests.servers.mosquitto import MosquittoServer
from tests.waiting import until

BARE_PYTHON = (sys.executable, "-S", "-I", "-W", "error")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("portable") / "veilleur-bridge.pyz"
    build(path)
    return path


@pytest.fixture
def termux_list(tmp_path: Path) -> Path:
    """Give a stand-in for `termux-notification-list` that prints the file `list` beside it."""
    program = tmp_path / "termux-notification-list"
    program.write_text(f'#!/bin/sh\ncat "{tmp_path}/list"\n')
    program.chmod(0o755)
    return program


def entry(number: int, title: str, words: str) -> dict[str, object]:
    key = f"0|com.zhiliaoapp.musically|{number}|null|10148"
    return {
        "id": number,
        "tag": "",
        "key": key,
        "group": "",
        "packageName": "com.zhiliaoapp.musically",
        "title": title,
        "content": words,
        "when": "2026-11-21 18:04:05",
    }


def test_a_tablet_is_a_device_with_this_one_file(
    archive: Path, termux_list: Path, broker: MosquittoServer, daemon: ReceivingDaemon, tmp_path: Path
) -> None:
    allow(daemon, "com.zhiliaoapp.musically")
    shown = termux_list.parent / "list"
    shown.write_text(json.dumps([entry(1, "Nadia", "a commenté : top")]))
    program = (*BARE_PYTHON, str(archive))
    arguments = ["termux", "--list-program", str(termux_list), "--interval", "1s"]
    arguments += ["--mqtt-url", broker.url, "--device", DEVICE, "--state-dir", str(tmp_path / "state")]

    with running_bridge(arguments, tmp_path / "run", program=program) as bridge:
        until(lambda: len(daemon.payloads) == 1, within_seconds=30, what=f"the first: {bridge.said}")
        shown.with_suffix(".new").write_text(
            json.dumps([entry(1, "Nadia", "a commenté : top"), entry(2, "Banque", "Votre code : 482913")])
        )
        shown.with_suffix(".new").replace(shown)
        until(lambda: len(daemon.payloads) == 2, within_seconds=30, what="the second")
        assert bridge.stop() == 0

    first, second = daemon.envelopes()
    assert first["source"]["kind"] == "termux"
    assert first["source"]["version"]
    assert (first["event"], second["event"]) == ("active", "posted")
    assert second["notification"]["text"] == "Votre code : [otp]"


def test_it_holds_no_compiled_code_and_every_licence(archive: Path) -> None:
    names = zipfile.ZipFile(archive).namelist()

    assert [name for name in names if name.endswith((".so", ".pyd", ".pyc"))] == []
    licensed = {name.partition(".dist-info/")[0].partition("-")[0] for name in names if "LICENSE" in name.upper()}
    assert licensed == {"dnslib", "paho_mqtt", "structlog", "veilleur"}


def test_it_says_what_it_can_do_without_any_package(archive: Path) -> None:
    done = subprocess.run([*BARE_PYTHON, str(archive), "--help"], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "termux" in done.stdout
    assert "feed" not in done.stdout
