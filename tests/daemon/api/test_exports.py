"""Files of mentions over HTTP: whole or broken off visibly, flat, for whoever may read them."""

from __future__ import annotations

import csv
import io
import json
from base64 import b64encode
from dataclasses import replace

import httpx
import openpyxl
import pandas as pd
import pytest
from pyarrow import parquet
from starlette.types import ASGIApp

from tests.daemon.api.asking import Asker
from veilleur.exports.columns import COLUMN_NAMES
from veilleur.exports.parquet import COMPLETENESS_KEY

FORMATS = ("csv", "jsonl", "xlsx", "parquet")


def ids(answer: httpx.Response, ending: str) -> list[str]:
    """Return the ids of the mentions in a file, by the reader that people use for it."""
    match ending:
        case "csv":
            return [row["id"] for row in csv.DictReader(io.StringIO(answer.text, newline=""))]
        case "jsonl":
            return [json.loads(line)["id"] for line in answer.text.splitlines()]
        case "xlsx":
            rows = openpyxl.load_workbook(io.BytesIO(answer.content))["mentions"].iter_rows(values_only=True)
            return [str(row[0]) for row in rows][1:]
        case _:
            return list(pd.read_parquet(io.BytesIO(answer.content))["id"])


@pytest.mark.parametrize("ending", FORMATS)
def test_a_file_holds_every_mention_that_the_search_finds_in_its_order(private_reader: Asker, ending: str) -> None:
    found = private_reader.read("/api/v1/mentions", limit="500")["mentions"]

    answer = private_reader.ask(f"/api/v1/mentions.{ending}")

    assert ids(answer, ending) == [mention["id"] for mention in found]
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="veilleur-mentions-2026-')
    assert answer.headers["Content-Disposition"].endswith(f'.{ending}"')
    assert answer.headers["Veilleur-Completeness"] == "known=?0, intervals=0, collapsed=12"
    assert answer.headers["Link"] == '</api/v1/coverage>; rel="describedby"'


@pytest.mark.privacy
@pytest.mark.parametrize("ending", FORMATS)
def test_private_mentions_are_in_no_file_of_a_token_that_may_not_read_them(
    public_reader: Asker, private_reader: Asker, ending: str
) -> None:
    public = private_reader.read("/api/v1/mentions", limit="500", q="visibility:public")["mentions"]

    assert ids(public_reader.ask(f"/api/v1/mentions.{ending}"), ending) == [mention["id"] for mention in public]
    assert public_reader.ask(f"/api/v1/mentions.{ending}", q="visibility:private,group").status_code == 200
    assert ids(public_reader.ask(f"/api/v1/mentions.{ending}", q="visibility:private,group"), ending) == []


@pytest.mark.parametrize("ending", FORMATS)
def test_no_file_begins_where_the_query_is_wrong_or_nobody_asks(
    api: ASGIApp, private_reader: Asker, ending: str
) -> None:
    assert private_reader.ask(f"/api/v1/mentions.{ending}", q="(").json()["column"] == 2
    assert Asker(api).ask(f"/api/v1/mentions.{ending}").status_code == 401


def test_the_password_of_basic_is_enough(api: ASGIApp, private_reader: Asker) -> None:
    sent = {"Authorization": "Basic " + b64encode(f"excel:{private_reader.token}".encode()).decode()}

    assert Asker(api, headers=sent).ask("/api/v1/mentions.csv").status_code == 200


def test_text_is_packed_where_the_reader_says_it_can_unpack(private_reader: Asker) -> None:
    def asked(accepted: str, ending: str = "csv") -> httpx.Response:
        reader = replace(private_reader, headers={"Accept-Encoding": accepted})
        return reader.ask(f"/api/v1/mentions.{ending}")

    plain, packed = asked("gzip;q=0, identity"), asked("br, GZIP; q=0.5")

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.text == plain.text
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in asked("gzip", "xlsx").headers


def test_french_csv_has_the_readers_dates(private_reader: Asker) -> None:
    answer = private_reader.ask("/api/v1/mentions.csv", dialect="excel-fr", zone="Europe/Paris")
    utc = private_reader.ask("/api/v1/mentions.csv", dialect="excel-fr")

    assert answer.content.startswith(b"\xef\xbb\xbfid;happened_at;")
    assert answer.text.splitlines()[0].removeprefix("\ufeff").split(";") == list(COLUMN_NAMES)
    assert answer.text != utc.text


def test_a_parquet_file_says_what_was_not_seen(private_reader: Asker) -> None:
    answer = private_reader.ask("/api/v1/mentions.parquet")

    told = parquet.read_metadata(io.BytesIO(answer.content)).metadata[COMPLETENESS_KEY.encode()]
    others = {"cause": "collapsed", "count": 12, "is_more": False}
    assert json.loads(told) == {"known": False, "intervals": [], "omitted": 0, "shortfalls": [others]}
