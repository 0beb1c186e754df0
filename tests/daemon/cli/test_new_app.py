"""`veilleur parsers new` and `allow`: an app that no parser reads is read, its past as well, and undone."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.daemon.cli.conftest import Run
from tests.samples.quartier import LETTER, PACKAGE, captured, expected_kinds
from veilleur.parsers.protocol import PLUGIN_GROUP


@pytest.fixture
def replayed(run: Run, tmp_path: Path) -> Run:
    log = tmp_path / "quartier.jsonl"
    log.write_text("".join(json.dumps(one) + "\n" for one in captured()), encoding="utf-8")
    assert run("replay", str(log)).code == 0
    return run


@pytest.fixture
def plugged_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the metadata of a plug-in that reads the app."""
    metadata = tmp_path / "site" / "neighbours-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: neighbours\nVersion: 1.0\n", encoding="utf-8")
    points = f"[{PLUGIN_GROUP}]\n{PACKAGE} = neighbours:Parser\n"
    (metadata / "entry_points.txt").write_text(points, encoding="utf-8")
    monkeypatch.syspath_prepend(str(metadata.parent))


def mentions(run: Run) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run("mentions", "--format", "jsonl", "--all").out.splitlines()]


def quarantined(run: Run) -> int:
    return len(run("quarantine", "list", "--format", "jsonl").out.splitlines())


def test_an_app_that_nobody_knew_is_described_from_what_was_captured_and_its_past_read(
    replayed: Run, data_dir: Path
) -> None:
    assert mentions(replayed) == []
    captured_rows = quarantined(replayed)

    done = replayed("parsers", "new", PACKAGE, "--yes")

    assert done.code == 0, done.err
    found = mentions(replayed)
    assert len(found) == captured_rows
    assert quarantined(replayed) == 0
    assert Counter(one["kind"] for one in found) == expected_kinds()
    assert {(one["platform"], one["package"]) for one in found} == {("quartier", PACKAGE)}
    assert {one["visibility"] for one in found} == {"private", "group"}
    assert "All of it is private" in done.err
    actors = {one["actor"]["name"] for one in found if one["kind"] == "comment"}
    assert {"Awa Diallo", "Nina Roux"} <= actors
    folder = data_dir / "catalogues" / PACKAGE
    assert {"app.toml", "cases.jsonl", "fr.toml"} <= {path.name for path in folder.iterdir()}
    cases = [json.loads(line) for line in (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
    assert cases
    assert all("Awa" not in json.dumps(case) and isinstance(case["is"], list) for case in cases)
    listed = [json.loads(line) for line in replayed("parsers", "--format", "jsonl").out.splitlines()]
    assert [(one["origin"], one["packages"]) for one in listed if one["parser"] == PACKAGE] == [("your own", [PACKAGE])]


def test_nothing_is_written_while_nobody_agrees(replayed: Run, data_dir: Path) -> None:
    refused = replayed("parsers", "new", PACKAGE)

    assert refused.code == 1
    assert "--yes writes the files" in refused.err
    assert not (data_dir / "catalogues").exists()


def test_of_an_app_that_was_never_captured_nothing_can_be_told(run: Run) -> None:
    refused = run("parsers", "new", "org.example.absent")

    assert refused.code != 0
    assert "nothing of org.example.absent was captured yet" in " ".join(refused.err.split())


def test_an_allowed_app_is_read_as_it_is_and_taken_back(replayed: Run) -> None:
    rows = quarantined(replayed)

    assert replayed("parsers", "allow", PACKAGE).code == 0

    found = mentions(replayed)
    assert {one["kind"] for one in found} == {"other", "group_message"}
    assert {one["visibility"] for one in found if one["kind"] == "other"} == {"private"}
    assert replayed("parsers", "allow", PACKAGE).code != 0
    assert replayed("parsers", "disallow", PACKAGE).code == 0
    assert mentions(replayed) == []
    assert quarantined(replayed) == rows
    assert replayed("parsers", "disallow", PACKAGE).code != 0


def test_an_allowed_app_may_be_described_later(replayed: Run) -> None:
    assert replayed("parsers", "allow", PACKAGE).code == 0
    assert replayed("parsers", "new", PACKAGE, "--yes").code == 0
    assert Counter(one["kind"] for one in mentions(replayed)) == expected_kinds()


def test_an_app_is_described_once_and_what_somebody_wrote_in_its_folder_stays(replayed: Run, data_dir: Path) -> None:
    assert replayed("parsers", "new", PACKAGE, "--yes").code == 0
    described = data_dir / "catalogues" / PACKAGE / "app.toml"
    described.write_text(described.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in described.parent.iterdir()}

    again = replayed("parsers", "new", PACKAGE, "--yes")

    assert again.code != 0
    assert "stands in your catalogues already" in again.err
    assert {path.name: path.read_bytes() for path in described.parent.iterdir()} == before


def test_an_allowed_app_that_somebody_changed_by_hand_is_not_described_over_it(replayed: Run, data_dir: Path) -> None:
    assert replayed("parsers", "allow", PACKAGE).code == 0
    allowed = data_dir / "catalogues" / PACKAGE / "app.toml"
    changed = allowed.read_text(encoding="utf-8").replace('"other"', '"neighbours"')
    allowed.write_text(changed, encoding="utf-8")

    assert replayed("parsers", "new", PACKAGE, "--yes").code != 0
    assert allowed.read_text(encoding="utf-8") == changed


def test_what_was_said_once_and_is_like_nothing_known_is_no_wording(run: Run, tmp_path: Path, data_dir: Path) -> None:
    log = tmp_path / "letter.jsonl"
    log.write_text("".join(json.dumps(one) + "\n" for one in captured(LETTER)), encoding="utf-8")
    assert run("replay", str(log)).code == 0

    assert run("parsers", "new", PACKAGE, "--yes").code == 0

    written = "".join(path.read_text("utf-8") for path in (data_dir / "catalogues" / PACKAGE).iterdir())
    assert "Solange" not in written
    assert quarantined(run) == 1
    assert Counter(one["kind"] for one in mentions(run)) == expected_kinds()


@pytest.mark.parametrize("name", ["../../evil", "{outside}/org.example.app", "evil", 'org.example."app'])
@pytest.mark.parametrize("command", ["new", "allow", "disallow"])
def test_what_is_no_package_is_refused_and_nothing_written(
    run: Run, tmp_path: Path, data_dir: Path, command: str, name: str
) -> None:
    before = sorted(tmp_path.rglob("*.toml"))

    refused = run("parsers", command, name.format(outside=tmp_path))

    assert refused.code != 0
    assert "is no package" in refused.err
    assert sorted(tmp_path.rglob("*.toml")) == before
    assert not (data_dir / "catalogues").exists()


@pytest.mark.parametrize("command", [("new", PACKAGE, "--yes"), ("allow", PACKAGE)])
@pytest.mark.usefixtures("plugged_in")
def test_what_a_plug_in_reads_is_not_described_beside_it(run: Run, data_dir: Path, command: tuple[str, ...]) -> None:
    refused = run("parsers", *command)

    assert refused.code != 0
    assert "read by the plug-in neighbours" in refused.err
    assert not (data_dir / "catalogues").exists()
