"""Receivers and deliveries over HTTP: for administrators of the project, and never with an address in clear."""

from __future__ import annotations

import pytest
from starlette.types import ASGIApp

from tests.daemon.api.asking import Asker
from tests.daemon.api.story import make_token
from tests.daemon.delivery.outgoing import tell
from tests.servers.hook import Fault, running_hook
from veilleur.model.delivery import ReceiverId
from veilleur.model.scope import TokenScope
from veilleur.store.database import Database
from veilleur.store.tables import projects


@pytest.fixture
def admin(api: ASGIApp, database: Database) -> Asker:
    """Give a client that may administer, and reads nothing private."""
    return Asker(api, make_token(database, TokenScope.ADMIN, TokenScope.READ_MENTIONS))


def add(admin: Asker, url: str, name: str = "hook") -> int:
    answer = admin.send(f"/api/v1/receivers/{name}", {"kind": "webhook", "address": url})
    return answer.status_code


def test_a_receiver_is_added_tried_listed_masked_and_removed(admin: Asker) -> None:
    with running_hook() as hook:
        made = admin.send("/api/v1/receivers/hook", {"kind": "webhook", "address": hook.url}).json()
        assert made["secret"].startswith("whsec_")
        assert admin.send("/api/v1/receivers/hook/test", {}, "POST").json() == {"outcome": "delivered", "detail": None}
        assert hook.came[0].is_signed_with(made["secret"])
        hook.faults.append(Fault.AWAY)
        tried = admin.send("/api/v1/receivers/hook/test", {}, "POST").json()
        assert tried == {"outcome": "refused", "detail": "it answered 503"}
    listed = admin.read("/api/v1/receivers")
    assert "secret-path" not in str(listed)
    assert made["secret"] not in str(listed)
    assert admin.ask("/api/v1/receivers/hook", "DELETE").status_code == 200
    assert admin.read("/api/v1/receivers") == {"receivers": []}
    assert admin.ask("/api/v1/receivers/hook", "DELETE").status_code == 404


def test_an_address_that_cannot_be_used_is_refused_without_being_repeated(admin: Asker) -> None:
    for address in ("ftp://example.org/s3cret", "http://[::1/s3cret", "https://10.0.0.1/s3cret", "http:///s3cret"):
        answer = admin.send("/api/v1/receivers/hook", {"kind": "webhook", "address": address})
        assert answer.status_code == 422, address
        assert "s3cret" not in answer.text
    assert add(admin, "https://hooks.example.org/a") == 200
    assert add(admin, "https://hooks.example.org/a") == 422


def test_only_an_administrator_may_know_of_receivers(private_reader: Asker) -> None:
    for path in ("receivers", "subscriptions", "deliveries"):
        assert private_reader.ask(f"/api/v1/{path}").status_code == 403


def test_another_projects_receivers_do_not_exist(admin: Asker, api: ASGIApp, database: Database) -> None:
    add(admin, "https://hooks.example.org/a")
    tell(database, ReceiverId(1), "one")
    with database.writing() as connection:
        connection.execute(projects.insert().values(id="other", name="Other", created_at=0))
    other = Asker(api, make_token(database, TokenScope.ADMIN, project="other"))
    assert other.read("/api/v1/receivers") == {"receivers": []}
    assert other.read("/api/v1/deliveries")["deliveries"] == []
    assert other.ask("/api/v1/receivers/hook", "DELETE").status_code == 404
    assert other.send("/api/v1/receivers/hook/test", {}, "POST").status_code == 404
    assert len(admin.read("/api/v1/deliveries")["deliveries"]) == 1


def test_deliveries_are_paged_and_sent_again(admin: Asker, database: Database) -> None:
    add(admin, "https://hooks.example.org/a")
    tell(database, ReceiverId(1), "plastique", "sauce", "film")
    first = admin.read("/api/v1/deliveries", limit=2)
    rest = admin.read("/api/v1/deliveries", limit=2, cursor=first["next_cursor"])
    assert len({one["id"] for one in first["deliveries"] + rest["deliveries"]}) == 3
    assert rest["next_cursor"] is None
    assert "plastique" not in str(first)
    waiting = first["deliveries"][0]["id"]
    assert admin.send("/api/v1/deliveries/retry", {"delivery_id": waiting}, "POST").json() == {"count": 1}
    assert admin.send("/api/v1/deliveries/retry", {}, "POST").json() == {"count": 0}


def test_private_mentions_are_told_to_others_by_who_may_read_them_alone(admin: Asker) -> None:
    add(admin, "https://hooks.example.org/a")
    asked = {"query": "plastique", "with_private": True}
    assert admin.send("/api/v1/receivers/hook/subscriptions", asked, "POST").status_code == 403
    made = admin.send("/api/v1/receivers/hook/subscriptions", {"query": "plastique"}, "POST").json()
    assert admin.read("/api/v1/subscriptions")["subscriptions"] == [made]
    assert admin.ask(f"/api/v1/subscriptions/{made['id']}", "DELETE").json() == {"subscriptions": []}
