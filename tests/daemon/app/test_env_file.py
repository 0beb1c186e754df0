"""A `.env` file or a variable that cannot be meant: one clear line, and the setting that was probably meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from veilleur.app.env_file import check_env_file, unknown_settings
from veilleur.model.errors import SettingsError

KNOWN = ("http_port", "http_host", "database_url")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"VEILLEUR_DAEMON_NAME=caf\xe9\n", r"is not UTF-8"),
        (b"# ours\nVEILLEUR_HTTP_PORT=1\nVEILLEUR_MQTT_URL='open\n", r"line 3 .* NAME=value"),
        (b"\nVEILLEUR_HTTP_PORT\n", r"line 2 .* NAME=value"),
        (b"VEILLEUR_HTTP_PORT 8080\n", r"line 1 .* NAME=value"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_by_its_line(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / ".env"
    path.write_bytes(content)

    with pytest.raises(SettingsError, match=said) as refused:
        check_env_file(path)

    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"is a folder"):
        check_env_file(tmp_path)


def test_a_good_file_or_none_names_what_it_sets(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    assert check_env_file(path) == ()
    path.write_text("# a comment\n\nexport VEILLEUR_HTTP_PORT=8080 # ours\nOTHER\nVEILLEUR_MQTT_URL='a\nb'\n")

    assert check_env_file(path) == ("VEILLEUR_HTTP_PORT", "OTHER", "VEILLEUR_MQTT_URL")


def test_a_misspelt_variable_is_told_with_the_nearest_that_exists() -> None:
    given = ("VEILLEUR_HTPP_PORT", "veilleur_http_host", "VEILLEUR_MOON", "PATH", "VEILLEUR_BRIDGE_DIR")

    assert list(unknown_settings(given, KNOWN)) == [
        "VEILLEUR_HTPP_PORT is no setting, and does nothing: VEILLEUR_HTTP_PORT is one",
        "VEILLEUR_MOON is no setting, and does nothing: `veilleur config` lists those there are",
    ]
