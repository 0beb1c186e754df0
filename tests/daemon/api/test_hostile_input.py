"""Whatever is sent, no answer is 5xx, and every refusal is a problem detail; on both databases."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from tests.daemon.api.asking import send_raw
from tests.daemon.api.story import api_of, make_token
from veilleur.model.scope import TokenScope
from veilleur.store.database import Database

pytestmark = pytest.mark.attack

QUERIES = [
    b"%00",
    b"a%00b",
    b"from:%00",
    b"from:@%00",
    b"platform:%00",
    b"%22%00%22",
    b"%ED%A0%80",
    b"%FF%FE",
    b"\xff\xfe",
    b"%",
    b"%zz",
    b"a" * 100_000,
    quote("mot " * 999).encode(),
    quote("#" * 4_000).encode(),
    quote('"' * 3_999).encode(),
    quote("platform:" + ",".join("x" * 1_900)).encode(),
    quote("\U0001f469\u200d\U0001f4bb" * 1_000).encode(),
    quote("\u202e\u0000\ufeff\u2028").encode(),
    quote('") OR 1=1 --').encode(),
    quote("'; DROP TABLE mentions; --").encode(),
    quote("words : * NEAR(a b) ^ { } + -").encode(),
    quote("since:9999-12-31 until:0001-01-01").encode(),
    quote("since:0001-01-01T00:00+23:59").encode(),
    quote("until:9999-12-31").encode(),
    quote("since:999999w").encode(),
    quote("from:+" + "9" * 3_000).encode(),
    quote("kind:" + "comment," * 400 + "comment").encode(),
]
PARAMETERS = [
    b"limit=-1",
    b"limit=0",
    b"limit=501",
    b"limit=99999999999999999999999999",
    b"limit=1e3",
    b"limit=%00",
    b"limit=",
    b"limit=1&limit=2",
    b"cursor=",
    b"cursor=-1",
    b"cursor=zz",
    b"cursor=0x10",
    b"cursor=1_0",
    b"cursor=ffffffffffffffff",
    b"cursor=8000000000000000",
    b"cursor=7fffffffffffffff",
    b"cursor=" + b"f" * 50_000,
    b"cursor=%00",
    b"cursor=%0A1",
    b"cursor=1%0A",
    "cursor=٣".encode(),
    b"zone=",
    b"zone=Mars/Base",
    b"zone=America",
    b"zone=../../etc/passwd",
    b"zone=/etc/passwd",
    b"zone=%00",
    b"zone=" + b"x" * 10_000,
    b"zone=Europe/Paris%0A",
    b"by=mood",
    b"by=",
    b"outcome=none",
    b"unknown=1",
    b"&&&=&=",
    b";" * 5_000,
]
PATHS = [
    "/api/v1/mentions/\0",
    "/api/v1/mentions/" + "f" * 31,
    "/api/v1/mentions/" + "g" * 32,
    "/api/v1/mentions/" + "F" * 32,
    "/api/v1/mentions/" + "٣" * 32,
    "/api/v1/mentions/" + "0" * 32 + "\n",
    "/api/v1/mentions/" + "x" * 50_000,
    "/api/v1/mentions/../../etc/passwd",
    "/api/v1/notifications/-1",
    "/api/v1/notifications/0",
    "/api/v1/notifications/9223372036854775807",
    "/api/v1/notifications/9223372036854775808",
    "/api/v1/notifications/" + "9" * 5_000,
    "/api/v1/notifications/1.5",
    "/api/v1/notifications/\0",
    "/api/v1/notifications/\ud800",
    "//api/v1/mentions",
    "/docs/../docs",
]
READABLE = ["/api/v1/mentions", "/api/v1/facets", "/api/v1/timeline", "/api/v1/notifications"]


@pytest.fixture
def headers(either_database: Database) -> list[tuple[bytes, bytes]]:
    secret = make_token(either_database, TokenScope.READ_MENTIONS, TokenScope.READ_PRIVATE)
    return [(b"authorization", f"Bearer {secret}".encode()), (b"host", b"veilleur.test")]


def test_no_query_and_no_parameter_makes_the_server_fail(
    either_database: Database, headers: list[tuple[bytes, bytes]]
) -> None:
    app = api_of(either_database)
    for query in [*(b"q=" + text for text in QUERIES), *PARAMETERS]:
        for path in READABLE:
            assert_answered(*send_raw(app, path, query, headers), said=(path, query[:80]))


def test_no_path_makes_the_server_fail(either_database: Database, headers: list[tuple[bytes, bytes]]) -> None:
    app = api_of(either_database)
    for path in PATHS:
        status, body = send_raw(app, path, b"", headers)
        assert_answered(status, body, said=(path[:80],))
        assert status in {404, 422}, path[:80]


@pytest.mark.parametrize("host", [b"", b"[", b"a b", b"\xff\xfe", b"x" * 9_000, b'evil.example"><script>alert(1)'])
@pytest.mark.parametrize("path", ["/docs", "/healthz", "/api/v1/mentions", "/nothing/"])
def test_no_host_makes_the_server_fail_or_gets_into_a_page(database: Database, host: bytes, path: str) -> None:
    status, body = send_raw(api_of(database), path, b"", [(b"host", host)])

    assert status < 500
    assert b"<script" not in body


@pytest.mark.parametrize("name", [b"authorization", b"accept", b"accept-language", b"content-type", b"cookie"])
@pytest.mark.parametrize("value", [b"", b"\x00", b"\xff" * 5_000, b"Basic " + b"A" * 50_000, b"Bearer \xed\xa0\x80"])
def test_no_header_makes_the_server_fail(database: Database, name: bytes, value: bytes) -> None:
    assert send_raw(api_of(database), "/api/v1/mentions", b"", [(name, value)])[0] == 401


def assert_answered(status: int, body: bytes, *, said: tuple[object, ...]) -> None:
    assert status in {200, 400, 404, 422}, (said, status, body[:300])
    answer = json.loads(body)
    if status != 200:
        assert {"type", "title", "status", "detail"} <= answer.keys(), said
        assert len(body) < 20_000, said
