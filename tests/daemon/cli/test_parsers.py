"""`veilleur parsers wordings`: kinds, languages and evidence, the user's own catalogues among them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.daemon.cli.conftest import Run

OWN = """
[[pattern]]
id = "own_wave"
pattern = "{actor} heilutti sinulle"
kind = "like"
example = "Ayo heilutti sinulle"
evidence = "seen"
"""


def test_every_kind_is_listed_with_its_languages_and_evidence(run: Run) -> None:
    rows = [json.loads(line) for line in run("parsers", "wordings", "--format", "jsonl").out.splitlines()]
    like = next(
        row for row in rows if (row["parser"], row["kind"], row["evidence"]) == ("tiktok", "like", "own resources")
    )
    assert {"en", "fr", "pt-BR", "zh-Hans", "zh-Hant", "uk"} <= set(like["languages"])
    assert like["wordings"] >= len(like["languages"])
    assert {"tiktok", "whatsapp", "x"} <= {row["parser"] for row in rows}


def test_the_table_shows_kinds_by_evidence_with_the_languages_of_each(run: Run) -> None:
    _, _, shown = run("parsers").out.rpartition("\ntiktok ")
    lines = shown.splitlines()
    comments = next(line.split() for line in lines if line.startswith("comment "))
    follow_requests = next(line.split() for line in lines if line.startswith("follow_request "))
    assert comments[2:] == ["all", "23", "–", "all", "23"]
    assert follow_requests[2:] == ["en", "–", "fr"]


def test_a_users_language_is_among_them(run: Run, data_dir: Path) -> None:
    path = data_dir / "catalogues" / "tiktok" / "fi.toml"
    path.parent.mkdir(parents=True)
    path.write_text(OWN, encoding="utf-8")
    assert "fi" in run("parsers", "wordings").out.split()


def test_a_broken_catalogue_is_told_by_file_and_line(run: Run, data_dir: Path) -> None:
    path = data_dir / "catalogues" / "tiktok" / "fi.toml"
    path.parent.mkdir(parents=True)
    path.write_text(OWN.replace("{actor}", "{who}"), encoding="utf-8")
    outcome = run("parsers")
    assert outcome.code != 0
    assert "fi.toml, line 2: unknown slot {who}" in " ".join(outcome.err.split())
