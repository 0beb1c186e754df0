"""`veilleur project …`: made, filled, worked in by a setting, removed; asked first."""

from __future__ import annotations

import json

import pytest

from tests.daemon.cli.conftest import BOTH_PLACES, Keep, Run
from tests.daemon.store.arrivals import arrival, sighting


@BOTH_PLACES
def test_a_project_is_made_filled_listed_and_removed(run: Run) -> None:
    assert run("project", "add", "dupont", "Maison Dupont").code == 0
    assert run("project", "add", "dupont", "Again").code == 2
    assert run("project", "rename", "dupont", "Dupont").code == 0
    assert run("project", "rename", "durand", "Durand").code == 2
    let_in = run("project", "let-in", "dupont", "Zoé", "--role", "analyst", "--private")
    assert (let_in.code, "/welcome/" in let_in.out) == (0, True)

    known = {one["id"]: one for one in json.loads(run("project", "list", "--format", "json").out)["projects"]}
    assert [known["dupont"]["people"][0][name] for name in ("name", "project")] == ["Zoé", "dupont"]
    assert "Zoé (analyst)" in run("project", "list").out
    refused = run("project", "remove", "dupont", "--yes")
    assert (refused.code, "people who belong to no other" in refused.err) == (1, True)
    assert run("project", "let-go", "dupont", "Zoé", "--yes").code == 0
    assert run("project", "remove", "dupont").code == 1
    assert run("project", "remove", "dupont", "--yes").code == 0
    assert run("project", "remove", "dupont", "--yes").code == 2


@BOTH_PLACES
def test_a_device_is_moved_after_it_was_asked(run: Run, keep: Keep) -> None:
    keep(arrival(1, sighting("avant")))
    run("project", "add", "dupont", "Maison Dupont")

    unasked = run("project", "take", "dupont", "salle-1")
    assert (unasked.code, "what it sent before stays" in unasked.err) == (1, True)
    assert run("project", "take", "dupont", "salle-1", "--yes").code == 0
    assert run("project", "take", "dupont", "nowhere", "--yes").code == 2

    assert "salle-1" not in run("device", "list").out


def test_commands_work_in_the_project_that_the_setting_names(
    run: Run, keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(arrival(1, sighting("chez les autres")))
    run("project", "add", "dupont", "Maison Dupont")
    monkeypatch.setenv("VEILLEUR_PROJECT", "dupont")

    assert run("device", "pair", "salon-2", "--usb", "--no-wait").code == 0
    assert [json.loads(line)["name"] for line in run("device", "list", "-f", "jsonl").out.splitlines()] == ["salon-2"]
    assert run("mentions", "--format", "jsonl").out == ""
    run("token", "create", "script")
    assert json.loads(run("token", "list", "-f", "jsonl").out)["project"] == "dupont"
    run("person", "add", "Zoé")
    assert json.loads(run("person", "list", "-f", "jsonl").out)["project"] == "dupont"
    assert run("watch", "add", "froid", "froid").code == 0

    monkeypatch.setenv("VEILLEUR_PROJECT", "durand")
    refused = run("mentions")
    assert refused.code == 2
    assert "there is no project durand here" in refused.err
    monkeypatch.delenv("VEILLEUR_PROJECT")
    assert json.loads(run("watch", "list", "-f", "json").out)["watches"] == []


def test_a_device_of_another_project_is_not_paired_from_here(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("project", "add", "dupont", "Maison Dupont")
    run("device", "pair", "salon-2", "--usb", "--no-wait")
    monkeypatch.setenv("VEILLEUR_PROJECT", "dupont")

    for command in (("device", "pair", "salon-2", "--usb", "--no-wait"), ("device", "add", "salon-2")):
        refused = run(*command)
        assert refused.code != 0
        assert "choose another name" in refused.err
