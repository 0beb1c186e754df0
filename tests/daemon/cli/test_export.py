"""`veilleur export`: a file that is there whole or not at all, and never in another's place unasked."""

from __future__ import annotations

import csv
import io
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.daemon.cli.conftest import Keep, Run
from tests.daemon.store.arrivals import arrival, sighting
from tests.waiting import until
from veilleur.store.opening import open_database


def test_a_file_that_is_there_is_replaced_only_with_force(run: Run, keep: Keep, tmp_path: Path) -> None:
    keep(arrival(1, sighting("bonjour")))
    mine = tmp_path / "mine.csv"
    mine.write_text("what I had")

    refused = run("export", "-o", str(mine))
    kept = mine.read_text()
    replaced = run("export", "-o", str(mine), "--force")

    assert (refused.code, kept) == (2, "what I had")
    assert "--force" in refused.err
    assert (replaced.code, replaced.out) == (0, "")
    assert "what I had" not in mine.read_text()
    assert mine.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["mine.csv"]


def test_ctrl_c_in_the_middle_leaves_no_file_under_the_name_nor_beside_it(
    data_dir: Path, tmp_path: Path, postgres_url: str
) -> None:
    open_database(postgres_url).close()
    assert data_dir.is_dir()
    folder = tmp_path / "exports"
    folder.mkdir()
    command = [sys.executable, "-m", "veilleur.cli.entry", "export", "--database-url", postgres_url, "-o"]

    with psycopg.connect(postgres_url.replace("+psycopg", "")) as other:
        # Nothing reads this table before the file is begun: the export waits in its middle.
        other.execute("LOCK TABLE qualifications IN ACCESS EXCLUSIVE MODE")
        with subprocess.Popen([*command, str(folder / "all.csv")], stderr=subprocess.PIPE) as process:
            until(lambda: any(folder.iterdir()), within_seconds=60, what="the file is begun")
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=60)

    assert process.returncode == 130
    assert b"Traceback" not in said
    assert list(folder.iterdir()) == []


def test_a_library_that_is_not_installed_is_named_and_nothing_is_left(
    run: Run, keep: Keep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(arrival(1, sighting("bonjour")))
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "pyarrow", None)
        without.delitem(sys.modules, "veilleur.exports.parquet", raising=False)

        ran = run("export", "-o", str(tmp_path / "all.parquet"))

    assert (ran.code, ran.out) == (1, "")
    assert "pip install 'veilleur[parquet]'" in ran.err
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []


@pytest.mark.parametrize("command", [("export",), ("export", "--raw"), ("report", "--query", "strike")])
def test_a_folder_that_is_not_there_is_named(run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    """Broken line: no look at the folder; it reported 1 and `….part: No such file or directory`."""
    name = "nope/m.html" if "report" in command else "nope/m.jsonl"

    ran = run(*command, "-o", name)

    assert (ran.code, "there is no folder nope " in ran.err) == (2, True)
    assert ".part" not in ran.err
    assert not (tmp_path / "nope").exists()


def test_a_command_that_names_no_file_writes_to_standard_output(run: Run, keep: Keep) -> None:
    keep(arrival(1, sighting("bonjour")))

    ran = run("export")

    assert [row["body"] for row in csv.DictReader(io.StringIO(ran.out, newline=""))] == ["bonjour"]
