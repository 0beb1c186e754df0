"""`veilleur export`: a whole file or none, of the data here or of a server's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.daemon.cli.conftest import BOTH_PLACES, Keep, Place, Run
from tests.daemon.store.arrivals import arrival, sighting


@BOTH_PLACES
def test_a_file_holds_every_mention_of_a_query(run: Run, keep: Keep, place: Place, tmp_path: Path) -> None:
    keep(arrival(1, sighting("le colis"), sighting("merci", sender="Bo")))
    file = tmp_path / "colis.jsonl"

    ran = run("export", "colis", "--output", str(file))

    told = "written" if place is Place.SERVER else "1 mentions"
    assert (ran.code, ran.out, f"{file}: {told}\n" in ran.err) == (0, "", True)
    assert [json.loads(line)["body"] for line in file.read_text("utf-8").splitlines()] == ["le colis"]
    assert run("export", "colis", "-o", str(file)).code == 2
    assert run("export", "-f", "jsonl").out.count("\n") == 2


@BOTH_PLACES
def test_a_wrong_query_leaves_no_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "none.csv"

    ran = run("export", "a AND", "-o", str(file))

    assert (ran.code, "the query cannot be read" in ran.err) == (2, True)
    assert not list(tmp_path.glob("*none*"))


@BOTH_PLACES
@pytest.mark.parametrize("name", ["all.json", "all.parquet.gz", "all.txt"])
def test_an_ending_that_is_no_format_is_refused_unless_one_is_named(run: Run, tmp_path: Path, name: str) -> None:
    """Broken once: an unknown ending that was CSV; `all.json` then held CSV and the command ended with 0."""
    file = tmp_path / name

    refused = run("export", "-o", str(file))

    said = " ".join(refused.err.replace("│", " ").split())
    assert (refused.code, "one of csv, jsonl, xlsx, parquet" in said, file.exists()) == (2, True, False)
    assert run("export", "-o", str(file), "--format", "jsonl").code == 0


@BOTH_PLACES
def test_the_raw_log_is_read_where_it_lies(run: Run, place: Place) -> None:
    ran = run("export", "--raw")

    expected = (2, True) if place is Place.SERVER else (0, False)
    assert (ran.code, "on the server" in " ".join(ran.err.replace("│", " ").split()), ran.out) == (*expected, "")
