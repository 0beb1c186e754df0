"""The typed client against a scripted server: what it sends, what it tries again, and what its errors say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from veilleur.api.examples import problem_example, response_examples
from veilleur.api.problems import ProblemKind
from veilleur.client import Client, Patience
from veilleur.client.errors import (
    ClientError,
    Conflict,
    MissingScope,
    NoAnswer,
    NotAuthenticated,
    NotUnderstood,
    ServerBusy,
    ServerFailed,
    TooSlow,
    WrongParameter,
    WrongQuery,
)
from veilleur.model.campaign import CampaignKind
from veilleur.model.errors import QueryError

TOKEN = "veil_secret-of-this-test"
Answer = Callable[[httpx.Request], httpx.Response]


class Scripted:
    """A server that gives these answers in turn, the last for ever, and remembers what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []
        self.pauses_s: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return (self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])(request)

    def client(self, token: str | None = TOKEN) -> Client:
        patience = Patience(pause=self.pauses_s.append)
        return Client("http://veilleur.test/", token, patience=patience, transport=httpx.MockTransport(self))


def says(fields: Any, status: int = 200, **headers: str) -> Answer:
    return lambda _: httpx.Response(status, json=fields, headers=headers)


def problem(kind: ProblemKind, **headers: str) -> Answer:
    fields = problem_example(kind)
    return says(fields, fields["status"], **headers)


def breaks(error: type[httpx.TransportError]) -> Answer:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error("connection reset", request=request)

    return fail


def test_a_read_carries_token_and_parameters() -> None:
    server = Scripted(says(response_examples()["search_mentions"] | {"next_cursor": None}))

    page = server.client().mentions.page("#ratp since:7d", limit=7)

    [asked] = server.asked
    assert (asked.url.path, dict(asked.url.params)) == (
        "/api/v1/mentions",
        {"q": "#ratp since:7d", "zone": "UTC", "limit": "7", "order": "newest"},
    )
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"
    assert page.mentions[0].hashtags == ("pouletrose",)


def test_the_token_comes_from_the_environment_where_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEILLEUR_TOKEN", "from-the-environment")
    server = Scripted(says(response_examples()["list_alarms"]))

    server.client(None).losses.alarms()

    assert server.asked[0].headers["Authorization"] == "Bearer from-the-environment"


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (ProblemKind.NOT_AUTHENTICATED, NotAuthenticated),
        (ProblemKind.MISSING_SCOPE, MissingScope),
        (ProblemKind.WRONG_QUERY, WrongQuery),
        (ProblemKind.WRONG_PARAMETER, WrongParameter),
        (ProblemKind.CONFLICT, Conflict),
        (ProblemKind.INTERNAL_ERROR, ServerFailed),
        (ProblemKind.STORE_BUSY, ServerBusy),
    ],
)
def test_each_problem_is_an_error_of_its_own(kind: ProblemKind, error: type[ClientError]) -> None:
    with pytest.raises(error) as raised:
        Scripted(problem(kind)).client().losses.alarms()

    assert str(raised.value) == problem_example(kind)["detail"]
    assert TOKEN not in repr(raised.value)


def test_a_wrong_query_names_column_and_what_was_expected_as_a_local_one_does() -> None:
    with pytest.raises(QueryError) as raised:
        Scripted(problem(ProblemKind.WRONG_QUERY)).client().mentions.total("kind:x")

    assert (raised.value.column, raised.value.expected) == (6, "a kind such as comment")


def test_what_is_not_there_is_none() -> None:
    client = Scripted(problem(ProblemKind.NOT_FOUND)).client()

    assert client.mentions.find("0" * 32) is None
    assert client.campaigns.find("brunch") is None
    assert client.devices.health("salle-9") is None


def test_a_read_is_tried_again_with_longer_pauses_and_as_the_server_asks() -> None:
    """Broken line: a `raise` before the pause; then the first busy answer ended the read."""
    busy = problem(ProblemKind.STORE_BUSY, **{"Retry-After": "2"})
    server = Scripted(breaks(httpx.ConnectError), busy, says(response_examples()["list_alarms"]))

    assert server.client().losses.alarms()
    assert (len(server.asked), server.pauses_s) == (3, [0.2, 2.0])


def test_a_read_ends_after_its_tries() -> None:
    server = Scripted(breaks(httpx.ReadTimeout))

    with pytest.raises(TooSlow, match="within 30 s"):
        server.client().losses.alarms()
    assert (len(server.asked), server.pauses_s) == (4, [0.2, 0.4, 0.8])


@pytest.mark.parametrize("answer", [breaks(httpx.ReadError), problem(ProblemKind.STORE_BUSY)])
def test_a_change_is_sent_once_whatever_becomes_of_it(answer: Answer) -> None:
    """Broken line: writes by way of the loop of reads; then four requests were sent."""
    server = Scripted(answer)

    with pytest.raises(ClientError):
        server.client().campaigns.save("brunch", CampaignKind.AD, ["Bonjour"])
    assert len(server.asked) == 1


def test_what_is_wrong_for_good_is_not_tried_again() -> None:
    server = Scripted(problem(ProblemKind.WRONG_PARAMETER))

    with pytest.raises(WrongParameter) as raised:
        server.client().losses.alarms()
    assert len(server.asked) == 1
    assert raised.value.errors[0].parameter == "limit"


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: httpx.Response(200, html="<p>a router</p>"),
        lambda _: httpx.Response(404, html="<p>a router</p>"),
        says({"mentions": "many"}),
        says([], 302, Location="https://elsewhere.example/"),
    ],
)
def test_what_is_no_server_of_veilleur_is_said_so(answer: Answer) -> None:
    with pytest.raises(NotUnderstood):
        Scripted(answer).client().mentions.page()


@pytest.mark.parametrize("address", ["veilleur.test", "ftp://veilleur.test", "http://", ""])
def test_an_address_that_is_none_is_refused_at_once(address: str) -> None:
    with pytest.raises(NoAnswer):
        Client(address, TOKEN)


@pytest.mark.parametrize("token", ["café", "two\nlines"])
def test_a_token_that_no_header_can_hold_is_refused_without_being_shown(token: str) -> None:
    with pytest.raises(ClientError) as raised:
        Scripted(says({})).client(token).losses.alarms()
    assert token not in str(raised.value)


def test_short_pages_are_followed_until_enough_is_there() -> None:
    page = response_examples()["search_mentions"]
    server = Scripted(says(page | {"mentions": []}), says(page), says(page | {"next_cursor": None}))

    found = server.client().mentions.page(limit=2)

    assert (len(found.mentions), found.next_cursor) == (2, None)
    assert [dict(asked.url.params).get("cursor") for asked in server.asked] == [None, *[page["next_cursor"]] * 2]
