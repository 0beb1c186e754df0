"""`deploy/tablet/provision.sh` against a tablet that does not always do as it is told."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.architecture.source_file import PROJECT
from tests.deploy.stand_in_tablet import StandInTablet

SCRIPT = PROJECT / "deploy" / "tablet" / "provision.sh"
LISTENER = "veilleur.companion/veilleur.companion.CaptureListenerService"
CHANGES = ("install", "grant", "set", "put", "allow_listener", "set-state", "set-device-owner", "start")


@pytest.fixture
def tablet(tmp_path: Path) -> StandInTablet:
    """Give a new tablet."""
    return StandInTablet(tmp_path / "tablet")


@pytest.fixture
def apk(tmp_path: Path) -> Path:
    """Give a file to install."""
    file = tmp_path / "veilleur.apk"
    file.write_bytes(b"an apk")
    return file


def provision(tablet: StandInTablet, *arguments: str | Path, ends_with: int = 0, language: str = "en") -> str:
    """Run the script with the tablet's adb first on the path; return what it said."""
    environment = {**os.environ, "PATH": f"{tablet.folder}:{os.environ['PATH']}", "LC_ALL": language}
    done = subprocess.run(
        [SCRIPT, *arguments], env=environment, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == ends_with, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_a_new_tablet_is_installed_allowed_and_read_back(tablet: StandInTablet, apk: Path) -> None:
    said = provision(tablet, "--apk", apk)

    assert "FAILED" not in said
    assert tablet.state()["listeners"] == [LISTENER]
    assert tablet.state()["spared"] == ["veilleur.companion"]
    assert tablet.state()["apps"]["com.whatsapp.w4b"] == {
        "granted": ["android.permission.POST_NOTIFICATIONS"],
        "AUTO_REVOKE_PERMISSIONS_IF_UNUSED": "ignore",
        "hibernates": "false",
    }


def test_a_second_run_changes_nothing(tablet: StandInTablet, apk: Path) -> None:
    provision(tablet, "--apk", apk)
    before = tablet.state()

    said = provision(tablet, "--apk", apk)

    assert " done " not in said
    assert tablet.state() == before


@pytest.mark.parametrize(
    ("deaf_to", "said"),
    [
        ("install", "the companion is installed"),
        ("allow_listener", "it may read notifications"),
        ("grant", "com.whatsapp.w4b may notify"),
        ("appops", "com.whatsapp.w4b keeps its permissions"),
    ],
)
def test_a_step_that_android_accepts_and_does_not_do_is_reported(
    tablet: StandInTablet, apk: Path, deaf_to: str, said: str
) -> None:
    tablet.become(deaf_to=[deaf_to])

    report = provision(tablet, "--apk", apk, ends_with=1)

    assert f"FAILED   {said}" in report


def test_androids_own_words_follow_a_failed_step(tablet: StandInTablet, apk: Path) -> None:
    tablet.become(deaf_to=["install"])

    assert "INSTALL_FAILED_UPDATE_INCOMPATIBLE" in provision(tablet, "--apk", apk, ends_with=1)


@pytest.mark.parametrize(
    ("unanswered", "said"),
    [
        ("getprop ro.config.low_ram", "not a low-memory tablet"),
        ("cmd appops get veilleur.companion RUN_ANY_IN_BACKGROUND", "it may run in the background"),
        ("dumpsys package com.whatsapp.w4b", "com.whatsapp.w4b has no contacts"),
    ],
)
def test_a_question_that_nobody_answered_is_no_yes(
    tablet: StandInTablet, apk: Path, unanswered: str, said: str
) -> None:
    tablet.become(deaf_to=[unanswered])

    assert f"FAILED   {said}" in provision(tablet, "--apk", apk, ends_with=1)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"properties": {"ro.build.version.sdk": "25"}}, "FAILED   Android 8 or newer (API 25)"),
        (
            {"properties": {"ro.build.version.sdk": "35", "ro.config.low_ram": "true"}},
            "FAILED   not a low-memory tablet",
        ),
        ({"user": 10}, "FAILED   the main profile is in use"),
        ({"apps": {}}, "FAILED   Google Play services"),
    ],
)
def test_a_tablet_that_cannot_serve_is_named(
    tablet: StandInTablet, apk: Path, changes: dict[str, object], said: str
) -> None:
    tablet.become(**changes)

    assert said in provision(tablet, "--apk", apk, ends_with=1)


def test_a_watched_app_that_sees_contacts_is_named(tablet: StandInTablet, apk: Path) -> None:
    apps = tablet.state()["apps"]
    tablet.become(apps=apps | {"com.whatsapp.w4b": {"granted": ["android.permission.READ_CONTACTS"]}})

    said = provision(tablet, "--apk", apk, ends_with=1)

    assert "FAILED   com.whatsapp.w4b has no contacts" in said
    assert "READ_CONTACTS" in said


def test_an_owned_device_in_kiosk_is_read_back(tablet: StandInTablet, apk: Path) -> None:
    provision(tablet, "--apk", apk, "--device-owner", "--kiosk")

    assert tablet.state()["owner"] == "veilleur.companion/veilleur.companion.AdminReceiver"
    assert tablet.state()["stays_on"] == "7"
    assert tablet.state()["pinned"]


def test_a_tablet_with_accounts_has_no_owner_any_more(tablet: StandInTablet, apk: Path) -> None:
    tablet.become(accounts=1)

    assert "already some accounts" in provision(tablet, "--apk", apk, "--device-owner", ends_with=1)


def test_check_changes_nothing_and_fails_for_what_is_missing(tablet: StandInTablet) -> None:
    provision(tablet, "--check", ends_with=1)

    assert [call for call in tablet.calls() if any(word in CHANGES for word in call)] == []


def test_a_dry_run_calls_no_tablet_and_shows_every_command(tablet: StandInTablet) -> None:
    said = provision(tablet, "--apk", "veilleur.apk", "--device-owner", "--kiosk", "--dry-run")

    assert tablet.calls() == []
    assert f"adb shell cmd notification allow_listener {LISTENER}" in said


@pytest.mark.parametrize("state", ["unauthorized", "offline"])
def test_a_tablet_that_does_not_answer_is_told_what_to_do(tablet: StandInTablet, state: str) -> None:
    tablet.become(state=state)

    assert "Allow USB debugging" in provision(tablet, "--check", ends_with=2)


def test_the_same_in_french(tablet: StandInTablet, apk: Path) -> None:
    said = provision(tablet, "--apk", apk, language="fr_FR.UTF-8")

    assert "elle peut lire les notifications" in said
    assert "it may" not in said


@pytest.mark.parametrize("language", ["en", "fr"])
def test_help_shows_every_option_with_examples(tablet: StandInTablet, language: str) -> None:
    said = provision(tablet, "--help", "--lang", language)

    options = ("--apk", "--watch", "--serial", "--device-owner", "--kiosk", "--check", "--dry-run", "--lang")
    assert [option for option in options if f"\n  {option}" not in said] == []
    assert said.count("provision.sh ") >= 4


def test_an_unknown_option_is_refused(tablet: StandInTablet) -> None:
    assert "--help" in provision(tablet, "--install", ends_with=2)


def test_the_script_has_no_finding_of_shellcheck() -> None:
    done = subprocess.run(["shellcheck", SCRIPT], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
