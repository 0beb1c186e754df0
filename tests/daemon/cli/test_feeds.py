"""`veilleur feed …` and `veilleur watch history`: links are told once, here and by a server."""

from __future__ import annotations

import json

from tests.daemon.cli.conftest import BOTH_PLACES, Run


def states(run: Run) -> list[tuple[int, str, bool]]:
    """Return number, watch and whether it is open of each feed."""
    found = map(json.loads, run("feed", "list", "--format", "jsonl").out.splitlines())
    return [(one["id"], one["watch"], one["revoked_at"] is None) for one in found]


@BOTH_PLACES
def test_a_feed_is_made_renewed_and_revoked(run: Run) -> None:
    run("watch", "add", "strike", "strike")
    made = run("feed", "create", "strike")
    assert (made.code, made.out.startswith("http://"), made.out.strip().endswith(".atom")) == (0, True, True)
    assert (made.out.strip() in made.err, "shows what is public of strike" in made.err) == (False, True)
    assert states(run) == [(1, "strike", True)]
    assert made.out.strip() not in run("feed", "list").out
    renewed = run("feed", "renew", "1")
    assert renewed.out.startswith("http://")
    assert renewed.out != made.out
    assert run("feed", "revoke", "1", "--yes").code == 0
    assert states(run) == [(1, "strike", False)]
    for refused in (("renew", "1"), ("revoke", "1", "--yes"), ("create", "none")):
        assert run("feed", *refused).code == 2


@BOTH_PLACES
def test_a_feed_of_private_mentions_says_so(run: Run) -> None:
    run("watch", "add", "strike", "strike")

    made = run("feed", "create", "strike", "--with-private")

    assert "private and of groups" in made.err
    assert "private too" in run("feed", "list").out


@BOTH_PLACES
def test_revoking_asks_first(run: Run) -> None:
    run("watch", "add", "strike", "strike")
    run("feed", "create", "strike")

    asked = run("feed", "revoke", "1")

    assert (asked.code, "Nothing was revoked." in asked.err, states(run)) == (1, True, [(1, "strike", True)])


@BOTH_PLACES
def test_the_history_of_a_watch_is_shown_newest_first(run: Run) -> None:
    run("watch", "add", "strike", "strike")
    run("watch", "edit", "strike", "--query", "sunny", "--name", "sun")

    versions = [json.loads(line) for line in run("watch", "history", "sun", "--format", "jsonl").out.splitlines()]

    assert [(one["version"], one["name"], one["query"]) for one in versions] == [
        (2, "sun", "sunny"),
        (1, "strike", "strike"),
    ]
    assert "sunny" in run("watch", "history", "sun").out
    assert run("watch", "history", "none").code == 2
