"""`veilleur campaign …`: made, shown, renamed and removed, and told in mentions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.daemon.cli.conftest import BOTH_PLACES, Run
from veilleur.campaigns.links import opening_in_link

OPENING = "Bonjour, je voudrais en savoir plus sur votre brunch"
EXPORT = f"25/10/2026, 10:30 - Nadia: {OPENING} 😊\n25/10/2026, 10:31 - Nadia: C'est combien ?\n"


@BOTH_PLACES
def test_a_campaign_is_kept_and_tells_origins(run: Run, tmp_path: Path) -> None:
    export = tmp_path / "WhatsApp Chat with Nadia.txt"
    export.write_text(EXPORT, encoding="utf-8")
    replayed = run("replay", str(export), "--zone", "UTC")
    assert replayed.code == 0
    assert "--date-order" in replayed.err
    run("campaign", "add", "brunch", "--kind", "link", "--link", "https://wa.me/33600000000?text=" + OPENING)
    run("campaign", "add", "brunch", "--opening", "Autre début")
    [known] = [json.loads(line) for line in run("campaign", "list", "--format", "jsonl").out.splitlines()]
    assert (known["name"], known["kind"], sorted(known["openings"])) == ("brunch", "link", ["Autre début", OPENING])
    told = [json.loads(line)["origin"] for line in run("mentions", "--format", "jsonl", "--all").out.splitlines()]
    assert told == [{"kind": "link", "campaign": "brunch", "confidence": 1.0}] * 2
    assert run("campaign", "rename", "brunch", "brunch-2026").code == 0
    assert run("campaign", "show", "brunch").code == 2
    assert run("campaign", "remove", "brunch-2026", "--yes").code == 0
    assert json.loads(run("mentions", "--format", "jsonl", "--limit", "1").out)["origin"] is None


@pytest.mark.parametrize(
    ("link", "opening"),
    [
        ("https://wa.me/33600000000?text=Bonjour%20la%20vitrine", "Bonjour la vitrine"),
        ("wa.me/33600000000/?text=ok", "ok"),
        ("https://api.whatsapp.com/send?phone=336&text=a+b", "a b"),
        ("whatsapp://send?text=ok", "ok"),
        ("https://wa.me/33600000000", None),
        ("https://example.org/?text=ok", None),
        ("https://[bad?text=ok", None),
    ],
)
def test_a_link_of_whatsapp_holds_its_opening(link: str, opening: str | None) -> None:
    assert opening_in_link(link) == opening


@pytest.mark.parametrize(
    ("name", "opening"), [("", OPENING), (" ", OPENING), ("a/b", OPENING), ("x" * 101, OPENING), ("brunch", " ")]
)
@BOTH_PLACES
def test_what_nothing_could_begin_with_or_nobody_could_call_is_refused(run: Run, name: str, opening: str) -> None:
    ran = run("campaign", "add", name, "--opening", opening)
    assert (ran.code, "characters" in ran.err) == (2, True)
    assert run("campaign", "list", "--format", "jsonl").out == ""


@BOTH_PLACES
def test_a_broken_link_is_refused_with_what_to_write(run: Run) -> None:
    ran = run("campaign", "add", "brunch", "--link", "https://[bad?text=ok")
    assert (ran.code, "wa.me/33600000000?text=" in ran.err) == (2, True)
