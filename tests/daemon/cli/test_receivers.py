"""`veilleur receiver …` and `veilleur delivery …`, to a real webhook on loopback."""

from __future__ import annotations

import json

import pytest

from tests.daemon.cli.conftest import BOTH_PLACES, Run
from tests.servers.hook import Fault, running_hook


@pytest.fixture
def own_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let messages go to this machine, also from a server that is started afterwards."""
    monkeypatch.setenv("VEILLEUR_DELIVERY_NETWORKS", "127.0.0.0/8")


@BOTH_PLACES
@pytest.mark.usefixtures("own_network")
def test_a_receiver_is_added_tried_and_removed_and_its_address_shown_masked(run: Run) -> None:
    """Broken line: `try_out` of the client that asks without `/test`; then a trial ended with 1."""
    with running_hook() as hook:
        made = run("receiver", "add", "hook", hook.url)
        assert (made.code, made.out.startswith("whsec_"), "secret-path" in made.err) == (0, True, False)
        assert run("receiver", "test", "hook").code == 0
        assert hook.came[0].is_signed_with(made.out.strip())
        hook.faults.append(Fault.AWAY)
        assert run("receiver", "test", "hook").code == 1
        kept = [json.loads(line) for line in run("delivery", "list", "--format", "jsonl").out.splitlines()]
        assert [(one["id"], one["state"]) for one in kept] == [
            (came.delivery_id, state) for came, state in zip(hook.came[::-1], ("given_up", "sent"), strict=True)
        ]
        assert [one["attempts"][0]["outcome"] for one in kept] == ["refused", "delivered"]
        run("delivery", "retry")
        assert "queued" not in run("delivery", "list").out
        listed = run("receiver", "list")
        assert "hook" in listed.out
        assert "secret-path" not in listed.out
        assert run("receiver", "remove", "hook", "--yes").code == 0
        assert run("receiver", "test", "hook").code == 2


@BOTH_PLACES
def test_who_removes_a_receiver_is_told_which_rules_lose_it(run: Run) -> None:
    """Broken, and caught: the receiver itself counted among those that are left: nothing was said."""
    for name in ("ana", "bo"):
        assert run("receiver", "add", name, "https://hooks.example.org/a").code == 0
    assert "no receiver" not in run("alert", "add", "peaks", "--on", "burst", "--to", "ana").err
    assert "last whom peaks names" in run("receiver", "remove", "ana", "--yes").err
    assert "tell nobody" in run("receiver", "remove", "bo", "--yes").err


@BOTH_PLACES
def test_the_own_network_and_what_is_no_address_are_refused(run: Run) -> None:
    for address in ("http://127.0.0.1:9/", "http://localhost/", "http://[::1]/", "nothing"):
        refused = run("receiver", "add", "hook", address)
        assert (refused.code, refused.out) == (2, ""), address


@BOTH_PLACES
def test_a_webhook_is_subscribed_and_unsubscribed(run: Run) -> None:
    run("receiver", "add", "hook", "https://hooks.example.org/a")
    assert run("receiver", "subscribe", "hook", "--query", "plastique").code == 0
    assert run("receiver", "subscribe", "hook", "--query", "(").code == 2
    assert run("receiver", "subscribe", "hook").code == 2
    (one,) = map(json.loads, run("receiver", "subscriptions", "--format", "jsonl").out.splitlines())
    assert (one["receiver"], one["query"], one["with_private"]) == ("hook", "plastique", False)
    assert run("receiver", "unsubscribe", str(one["id"])).code == 0
    assert run("receiver", "unsubscribe", str(one["id"])).code == 2
    assert run("delivery", "list", "--format", "jsonl").out == ""
    assert run("delivery", "retry").code == 0
