"""What Android's own tools say of the APK: whose it is, how it lies in the file, what it asks for."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from tests.companion.apk.build_steps import COMPANION, PROJECT, built_apk, names_in, said_by
from veilleur import __version__

PERMISSIONS = PROJECT / "docs" / "reference" / "companion-permissions.md"


@pytest.fixture(scope="module")
def apk() -> Path:
    """Give the APK of this checkout."""
    return built_apk()


@pytest.fixture(scope="module")
def badging(apk: Path) -> str:
    """Give what aapt reads out of the APK."""
    return said_by("aapt", "dump", "badging", apk)


def test_the_signature_holds_by_the_two_newer_schemes_alone(apk: Path) -> None:
    said = said_by("apksigner", "verify", "--verbose", "--min-sdk-version", "26", apk)

    schemes = dict(re.findall(r"Verified using (v\d) scheme .*: (true|false)", said))
    assert schemes == {"v1": "false", "v2": "true", "v3": "true", "v4": "false"}


def test_every_uncompressed_file_lies_where_android_maps_it(apk: Path) -> None:
    said_by("zipalign", "-c", "4", apk)


def test_the_apk_is_this_versions_for_android_8_to_15(badging: str) -> None:
    major, minor, patch = (int(part) for part in __version__.split("."))
    code = major * 10_000 + minor * 100 + patch

    assert f"package: name='veilleur.companion' versionCode='{code}' versionName='{__version__}'" in badging
    assert "sdkVersion:'26'" in badging
    assert "targetSdkVersion:'35'" in badging
    assert "application-debuggable" not in badging


def test_every_permission_is_documented_with_its_reason_and_none_else(badging: str) -> None:
    asked = set(re.findall(r"uses-permission: name='([^']+)'", badging))

    assert asked == documented_permissions(PERMISSIONS.read_text())


def documented_permissions(page: str) -> set[str]:
    """Read the table's first column, of rows whose reason says something."""
    rows = re.findall(r"^\| `([\w.]+)` \| (.+?) \|", page, flags=re.MULTILINE)
    return {f"android.permission.{name}" for name, reason in rows if len(reason.split()) > 3}


def test_a_permission_without_a_reason_would_be_found() -> None:
    assert documented_permissions("| `INTERNET` | one two three four |\n| `CAMERA` | why not |\n") == {
        "android.permission.INTERNET"
    }


def test_what_paho_looks_up_at_run_time_is_in_the_apk(apk: Path) -> None:
    names = names_in(apk)

    assert [name for name in names if name.startswith("META-INF/services/org.eclipse.paho")]
    assert "org/eclipse/paho/client/mqttv3/internal/nls/logcat.properties" in names
    assert "veilleur/companion/core/redaction/rules.json" in names


def test_the_table_of_resources_is_not_compressed(apk: Path) -> None:
    with zipfile.ZipFile(apk) as archive:
        assert archive.getinfo("resources.arsc").compress_type == zipfile.ZIP_STORED


def test_a_build_leaves_one_apk() -> None:
    assert [str(path.relative_to(COMPANION)) for path in COMPANION.rglob("*.apk")] == ["app/target/veilleur.apk"]
