"""The same sources and key give the same bytes, and the older dexer still makes an APK."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.companion.apk.build_steps import PROJECT, built_apk, calls_in, names_in, package_again, said_by

WHOLE_BUILD_TIMEOUT_S = 1800


@pytest.mark.timeout(900)
def test_packing_the_same_classes_again_gives_the_same_bytes(tmp_path: Path) -> None:
    again = package_again(tmp_path / "again", dexer="r8")

    assert again.read_bytes() == built_apk().read_bytes()


@pytest.mark.timeout(900)
def test_the_older_dexer_makes_a_signed_apk_that_calls_nothing_android_lacks(tmp_path: Path) -> None:
    trial = package_again(tmp_path / "trial", dexer="dx")

    said_by("apksigner", "verify", "--min-sdk-version", "26", trial)
    said_by("zipalign", "-c", "4", trial)
    dexes = [name for name in names_in(trial) if name.endswith(".dex")]
    assert "classes.dex" in dexes
    linked_late = {
        caller for caller, called in calls_in(said_by("dexdump", "-d", trial)) if called.startswith("call_site")
    }
    assert [caller for caller in linked_late if not caller.startswith("kotlin/")] == [], (
        "a lambda that API 26 cannot link"
    )


@pytest.mark.soak
@pytest.mark.timeout(WHOLE_BUILD_TIMEOUT_S)
def test_a_whole_build_elsewhere_gives_the_same_bytes(tmp_path: Path) -> None:
    """A clone of the last commit in another folder; the APK here must be of that commit."""
    checkout = tmp_path / "elsewhere"
    said_by("git", "clone", "--quiet", PROJECT, checkout)
    maven = ("mvn", "--batch-mode", "--quiet", "--file", checkout / "companion", "package", "-DskipTests")
    subprocess.run(maven, timeout=WHOLE_BUILD_TIMEOUT_S, check=True)

    assert (checkout / "companion/app/target/veilleur.apk").read_bytes() == built_apk().read_bytes()
