"""`veilleur patterns`, `quarantine` and `reparse --diff`: an unknown wording is found, tried, added and read."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source_file import PROJECT
from tests.daemon.cli.conftest import Run

SAMPLE = PROJECT / "samples" / "restaurant-week.jsonl"
PLANTED = "Ton adresse change de couleur sur {count} plans de table du quartier"


@pytest.fixture
def replayed(run: Run) -> Run:
    assert run("replay", str(SAMPLE)).code == 0
    return run


def quarantined(run: Run) -> list[int]:
    listed = run("quarantine", "list", "--format", "jsonl").out.splitlines()
    return [json.loads(line)["id"] for line in listed]


def test_after_the_one_planted_wording_is_accepted_nothing_is_quarantined(replayed: Run, data_dir: Path) -> None:
    [number] = quarantined(replayed)
    suggested = replayed("patterns", "suggest")
    [entry] = tomllib.loads(suggested.out)["pattern"]
    tried = replayed("patterns", "test", "--format", "jsonl")
    before = replayed("mentions", "--format", "jsonl", "--all").out.splitlines()

    accepted = replayed("patterns", "accept", "--yes")

    assert entry["pattern"] == PLANTED
    assert [json.loads(line)["notification_id"] for line in tried.out.splitlines()] == [number]
    assert accepted.code == 0
    assert quarantined(replayed) == []
    assert tomllib.loads((data_dir / "catalogues/tiktok/fr.toml").read_text())["pattern"] == [entry]
    after = replayed("mentions", "--format", "jsonl", "--all").out.splitlines()
    assert set(before) < set(after)
    assert len(after) == len(before) + 1
    (added,) = (json.loads(line) for line in after if line not in before)
    assert (added["body"], added.get("count")) == (PLANTED.replace("{count}", "38"), None)
    found = replayed("mentions", "plan* AND quartier", "--format", "jsonl").out
    assert json.loads(found)["id"] == added["id"]
    assert replayed("patterns", "suggest").err.strip() == "No wording is unknown."
    assert json.loads(replayed("reparse", "--diff", "--format", "jsonl").out or "null") is None


def test_what_is_suggested_is_accepted_from_a_file_of_any_name(replayed: Run, data_dir: Path, tmp_path: Path) -> None:
    """Broken line: `read_additions` without `_SUGGESTED`; it reported that no parser reads the file's folder."""
    kept = tmp_path / "kept.toml"
    kept.write_text(replayed("patterns", "suggest").out)

    assert replayed("patterns", "accept", str(kept), "--yes").code == 0
    assert quarantined(replayed) == []
    assert (data_dir / "catalogues/tiktok/fr.toml").exists()


def test_nothing_is_added_while_nobody_agrees(replayed: Run, data_dir: Path) -> None:
    refused = replayed("patterns", "accept")

    assert refused.code == 1
    assert "--yes adds them without asking" in refused.err
    assert not (data_dir / "catalogues").exists()
    assert len(quarantined(replayed)) == 1


def test_a_wrong_catalogue_is_named_by_file_and_line_and_leaves_nothing_behind(
    replayed: Run, data_dir: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "fr.toml"
    entry = f'[[pattern]]\nid = "a"\npattern = "{PLANTED}"\nkind = "other"\nexample = "no"\nevidence = "seen"\n'
    wrong.write_text(entry)

    refused = replayed("patterns", "accept", str(wrong), "--app", "tiktok", "--yes")

    assert refused.code != 0
    assert "tiktok/fr.toml, line" in refused.err
    assert "the example does not match" in refused.err
    assert not (data_dir / "catalogues").exists()


def test_a_catalogue_of_ones_own_is_tried_and_the_difference_shown(replayed: Run, tmp_path: Path) -> None:
    folder = tmp_path / "tiktok"
    folder.mkdir()
    (folder / "fr.toml").write_text(
        f'[[pattern]]\nid = "own"\npattern = "{PLANTED}"\nkind = "ignored:promotion"\n'
        'example = "Ton adresse change de couleur sur 3 plans de table du quartier"\nevidence = "seen"\n'
    )

    tried = replayed("patterns", "test", str(folder / "fr.toml"))
    accepted = replayed("patterns", "accept", str(folder / "fr.toml"), "--yes")

    assert "0 added, 0 changed, 0 dropped" in tried.err
    assert accepted.code == 0
    assert quarantined(replayed) == []


def test_reparse_shows_what_a_changed_catalogue_would_do_before_it_does(replayed: Run, data_dir: Path) -> None:
    folder = data_dir / "catalogues" / "tiktok"
    folder.mkdir(parents=True)
    (folder / "fr.toml").write_text(
        '[[pattern]]\nid = "like_video"\npattern = "{actor} a aimé ta vidéo."\nkind = "share"\n'
        'example = "Lou Marchand a aimé ta vidéo."\nevidence = "seen"\n'
    )
    before = replayed("mentions", "--format", "jsonl", "--all").out

    shown = replayed("reparse", "--diff", "--format", "jsonl")
    asked = replayed("reparse", "--diff")

    changed = [json.loads(line) for line in shown.out.splitlines()]
    assert changed
    assert {one["difference"] for one in changed} == {"changed"}
    assert all(one["fields"]["kind"] == ["like", "share"] for one in changed)
    assert "--yes reads again and stores it" in asked.err
    assert replayed("mentions", "--format", "jsonl", "--all").out == before
    assert replayed("reparse", "--diff", "--yes").code == 0
    assert '"kind":"share"' in replayed("mentions", "--format", "jsonl", "--all").out
    assert "Reading again would change nothing." in replayed("reparse", "--diff").err


def test_one_in_quarantine_is_shown_with_its_words(replayed: Run) -> None:
    [number] = quarantined(replayed)

    shown = replayed("quarantine", "show", str(number))

    assert json.loads(shown.out)["notification"]["text"].startswith("Ton adresse change de couleur")
    assert "unknown_wording" in shown.err
    assert replayed("quarantine", "show", "99999").code == 1


def test_the_rates_tell_how_much_of_each_apps_wording_was_known(replayed: Run) -> None:
    every = [
        json.loads(line) for line in replayed("quarantine", "rates", "--all", "--format", "jsonl").out.splitlines()
    ]
    [unknown] = [rate for rate in every if rate["unknown"]]
    of_one_app = replayed("quarantine", "rates", "--app", unknown["package"], "--all", "--format", "jsonl")
    table = replayed("quarantine", "rates").out

    assert {rate["package"] for rate in every} > {unknown["package"]}
    assert all(json.loads(line)["package"] == unknown["package"] for line in of_one_app.out.splitlines())
    assert "Unknown" in table
    assert "100.0 %" in table
    later = replayed("quarantine", "rates", "--since", "2099-01-01")
    assert later.err.strip() == "No notification of an app that a parser reads was counted."
    assert replayed("quarantine", "rates", "--since", "yesterdayish").code == 2
    accepted = replayed("patterns", "accept", "--yes")
    assert accepted.code == 0
    assert '"unknown":0' in replayed("quarantine", "rates", "--app", unknown["package"], "--format", "jsonl").out
