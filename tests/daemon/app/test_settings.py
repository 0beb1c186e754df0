"""Settings: environment, `.env` and flags in rising precedence, and one clear line for what cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from veilleur.app.logs import LogFormat, LogLevel
from veilleur.app.settings import Settings, load_settings
from veilleur.model.errors import SettingsError


def test_out_of_the_box(bare: Path) -> None:
    home = bare.parent / "home"
    settings = load_settings()
    assert settings.data_dir == home / ".local" / "share" / "veilleur"
    assert settings.key_dir == home / ".config" / "veilleur"
    assert settings.effective_database_url == f"sqlite:///{settings.data_dir}/veilleur.db"
    assert (settings.mqtt_url, settings.mqtt_port) == (None, 1883)
    assert (settings.http_host, settings.http_port) == ("127.0.0.1", 8787)
    assert (settings.daemon_name, settings.log_level, settings.log_format) == ("main", LogLevel.INFO, LogFormat.TEXT)


def test_desktop_folders_are_where_the_desktop_says(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(bare / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(bare / "config"))
    assert load_settings().data_dir == bare / "data" / "veilleur"
    assert load_settings().key_dir == bare / "config" / "veilleur"


def test_a_flag_goes_before_the_environment_and_that_before_the_file(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bare / ".env").write_text("VEILLEUR_HTTP_PORT=1001\nVEILLEUR_MQTT_PORT=1001\nVEILLEUR_DAEMON_NAME=of-the-file\n")
    monkeypatch.setenv("VEILLEUR_HTTP_PORT", "1002")
    monkeypatch.setenv("VEILLEUR_MQTT_PORT", "1002")
    settings = load_settings(http_port=1003, mqtt_port=None)
    assert (settings.http_port, settings.mqtt_port, settings.daemon_name) == (1003, 1002, "of-the-file")


@pytest.mark.parametrize("name", ["VEILLEUR_HTTP_PORT", "veilleur_http_port"])
def test_a_variable_is_known_in_either_case(bare: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "1004")
    (bare / ".env").write_text("OTHER=1\nVEILLEUR_OF_A_LATER_RELEASE=1\n")
    assert load_settings().http_port == 1004


@pytest.mark.parametrize("where", ["environment", "file"])
def test_an_empty_variable_is_one_that_is_not_set(bare: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """A template's `VEILLEUR_MQTT_URL=` named an empty external broker, and a port could not be left open."""
    names = [f"VEILLEUR_{name.upper()}" for name in Settings.model_fields]
    if where == "file":
        (bare / ".env").write_text("".join(f"{name}=\n" for name in names))
    else:
        for name in names:
            monkeypatch.setenv(name, "")
    assert load_settings() == load_settings(data_dir=bare.parent / "home" / ".local" / "share" / "veilleur")
    assert (load_settings().mqtt_url, load_settings().http_port) == (None, 8787)


@pytest.mark.parametrize(
    ("name", "value", "takes"),
    [
        ("http_port", "many", "integer"),
        ("http_port", "65536", "65535"),
        ("mqtt_port", "-1", "0"),
        ("daemon_name", "A B", "a-z0-9-"),
        ("daemon_name", "x" * 33, "32"),
        ("log_level", "loud", "'debug', 'info', 'warning' or 'error'"),
        ("log_format", "xml", "'text' or 'json'"),
    ],
)
def test_what_cannot_be_used_is_named_with_what_it_takes(
    bare: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, takes: str
) -> None:
    assert bare.exists()
    monkeypatch.setenv(f"VEILLEUR_{name.upper()}", value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    message = str(refused.value)
    assert message.startswith(f"setting VEILLEUR_{name.upper()}: ")
    assert takes in message
    assert "\n" not in message
    with pytest.raises(SettingsError, match=name.upper()):
        load_settings(**{name: value})


@pytest.mark.privacy
def test_a_refused_value_is_not_repeated(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert bare.exists()
    monkeypatch.setenv("VEILLEUR_HTTP_PORT", "s3cret")
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert "s3cret" not in str(refused.value)


def test_settings_do_not_change(bare: Path) -> None:
    settings = load_settings(data_dir=bare)
    with pytest.raises(ValueError, match="frozen"):
        settings.http_port = 1


def test_each_data_folder_has_a_key_of_its_own_however_it_is_named(bare: Path) -> None:
    here = load_settings(data_dir=Path("data"))
    same, other = load_settings(data_dir=bare / "data"), load_settings(data_dir=bare / "other")
    assert here.broker_key_file == same.broker_key_file != other.broker_key_file
    assert here.broker_key_file.parent == here.key_dir
    assert here.broker_dir == Path("data/broker")
