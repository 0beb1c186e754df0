"""`veilleur config`: every setting with where it comes from, and no password."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.daemon.cli.conftest import Run


def row_of(table: str, variable: str) -> list[str]:
    """Return the cells of a setting's row."""
    return next(line.split() for line in table.splitlines() if line.startswith(variable))


def test_each_setting_says_where_it_comes_from(run: Run, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("VEILLEUR_HTTP_PORT", "8080")
    Path(".env").write_text("VEILLEUR_MQTT_PORT=1999\nVEILLEUR_HTTP_PORT=1\n")

    table = run("config", "--database-url", "sqlite:///x.db").out

    assert row_of(table, "VEILLEUR_DATA_DIR")[1:] == [str(data_dir), "environment"]
    assert row_of(table, "VEILLEUR_HTTP_PORT")[1:] == ["8080", "environment"]
    assert row_of(table, "VEILLEUR_MQTT_PORT")[1:] == ["1999", ".env"]
    assert row_of(table, "VEILLEUR_DATABASE_URL")[1:] == ["sqlite:///x.db", "flag"]
    assert row_of(table, "VEILLEUR_DAEMON_NAME")[1:] == ["main", "default"]


@pytest.mark.privacy
@pytest.mark.parametrize(
    ("variable", "value", "shown"),
    [
        ("VEILLEUR_MQTT_URL", "mqtts://me:s3cr@et@host:8883", "mqtts://me:***@host:8883"),
        ("VEILLEUR_DATABASE_URL", "postgresql+psycopg://v:s3cret@db/v", "postgresql+psycopg://v:***@db/v"),
        (
            "VEILLEUR_DATABASE_URL",
            "postgresql://db/v?sslmode=on&password=s3cret&x=1",
            "postgresql://db/v?sslmode=on&password=***&x=1",
        ),
    ],
)
def test_passwords_are_masked(run: Run, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, shown: str) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv(variable, value)

    assert row_of(run("config").out, variable)[1] == shown


def test_a_setting_that_cannot_be_used_ends_with_2_in_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEILLEUR_HTTP_PORT", "many")

    ran = run("config")

    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "VEILLEUR_HTTP_PORT" in ran.err


def test_a_misspelt_variable_is_a_warning_and_the_command_goes_on(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEILLEUR_HTPP_PORT", "8080")
    Path(".env").write_text("VEILLEUR_MQTT_PROT=1999\n")

    ran = run("config")

    assert ran.code == 0
    assert ran.err.splitlines() == [
        "veilleur: VEILLEUR_HTPP_PORT is no setting, and does nothing: VEILLEUR_HTTP_PORT is one",
        "veilleur: VEILLEUR_MQTT_PROT is no setting, and does nothing: VEILLEUR_MQTT_PORT is one",
    ]


def test_a_broken_env_file_ends_with_2_in_one_line(run: Run) -> None:
    Path(".env").write_bytes(b"VEILLEUR_HTTP_PORT=\xff\n")

    ran = run("config")

    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert ".env is not UTF-8" in ran.err
