"""`veilleur plan …`: entered by hand or from a file, shown with its silences, written back."""

from __future__ import annotations

import json
from pathlib import Path

from tests.daemon.cli.conftest import BOTH_PLACES, Run


@BOTH_PLACES
def test_a_plan_is_imported_shown_exported_and_changed(run: Run, tmp_path: Path) -> None:
    plan = tmp_path / "plan.csv"
    plan.write_text("kind;target;device\naccount;@nadia.b;salle-1\nhashtag;#brunch;\n", encoding="utf-8-sig")
    assert "plan.csv is right: 2 entries." in run("plan", "import", str(plan), "--dry-run").err
    assert run("plan", "show", "--format", "jsonl").out == ""
    assert "Of 2 entries 2 are new and 0 changed." in run("plan", "import", str(plan)).err
    shown = run("plan", "show", "--format", "jsonl")
    told = [json.loads(line) for line in shown.out.splitlines()]
    assert [(one["entry"]["target"], one["last_at"], one["tag_url"]) for one in told] == [
        ("@nadia.b", None, None),
        ("#brunch", None, "https://www.tiktok.com/tag/brunch"),
    ]
    assert "TikTok notifies nobody about a hashtag" in shown.err
    assert "never" in run("plan", "show").out
    assert run("plan", "show", "--format", "csv").out.startswith("kind,target,platform,device,")
    written = run("plan", "export").out
    plan.write_text(written, encoding="utf-8")
    assert "Of 2 entries 0 are new and 0 changed." in run("plan", "import", str(plan)).err
    assert run("plan", "remove", "account", "@nadia.b", "--device", "salle-1").code == 0
    assert run("plan", "remove", "account", "@nadia.b", "--device", "salle-1").code == 2


@BOTH_PLACES
def test_a_hashtag_is_entered_with_what_to_paste(run: Run) -> None:
    added = run("plan", "add", "hashtag", "#brunch")
    assert added.code == 0
    for expected in ("https://www.tiktok.com/tag/brunch", 'site:tiktok.com "#brunch"', "notifies nobody"):
        assert expected in added.err
    refused = run("plan", "add", "group", "Clients", "--device", "salle-1")
    assert (refused.code, "authorised" in refused.err) == (2, True)


@BOTH_PLACES
def test_a_wrong_file_enters_nothing_and_names_the_line(run: Run, tmp_path: Path) -> None:
    plan = tmp_path / "plan.csv"
    plan.write_text("kind,target\nhashtag,#brunch\nhashtag,\n", encoding="utf-8")
    ran = run("plan", "import", str(plan))
    assert (ran.code, "line 3, column 2" in ran.err) == (2, True)
    assert run("plan", "export").out.splitlines() == ["kind,target,platform,device,authorised_by,ground,note"]
