"""Every operation of the description is asked what nobody thought of; one that is new joins by itself.

Schemathesis makes requests from the OpenAPI document, some that fit it and some that do not. Queries are made here.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, CheckFunction
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok

from tests.daemon.api.asking import Asker
from tests.daemon.api.sample_server import sample_database
from tests.daemon.api.story import api_of, make_token
from veilleur.model.scope import TokenScope
from veilleur.query.reading import MOST_SAID

FEW: Final = 5
QUERIES: Final = 20
MANY: Final = 300
_HELD: Final = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
_LONGEST_S: Final = 1.0
_PATIENCE_S: Final = 90.0
"""How long an operation is waited for where its answer is looked at, not its time: a busy machine is no failure."""
_LONGEST: Final = 4_100
_HOST: Final = {"Host": "localhost"}
_ASKING: Final[dict[str, tuple[str, dict[str, str | int]]]] = {
    "page": ("mentions", {"limit": 500}),
    "relevance": ("mentions", {"order": "relevance"}),
    "meaning": ("explain", {}),
    "facets": ("facets", {"by": "actor"}),
    "timeline": ("timeline", {"grain": "hour"}),
    "csv": ("mentions.csv", {"dialect": "excel-fr"}),
    "jsonl": ("mentions.jsonl", {}),
    "backtest": ("backtest", {"condition": "count", "at_least": 2}),
}
"""The operations that take a query, and what else each is asked."""
_PIECES: Final = (
    *("AND", "OR", "NOT", "(", ")", '"', "*", ":", "-", "#", "@", "#ratp", "@nom", '"ligne 13"', "grève", "grèv*"),
    *("kind:comment", "from:", "in:", "since:7d", "until:2026-11-20", "since:999999999d", "count:>=1e308", "lang:fr"),
    *(
        "has:link",
        "is:group",
        "visibility:private",
        "confidence:0..1",
        "tag:x",
        "tone:y",
        *("tone:mixed", "is:treated", "“", "”", "«", "»", "‘", "’", "« ligne 13 »"),
        "地铁",
        "ราคา",
        "قطار",
        "é" * 9,
    ),
)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    """Give a client that may do everything, of a server that holds the sample."""
    with sample_database(tmp_path_factory.mktemp("sample")) as database:
        yield Asker(api_of(database), make_token(database, *TokenScope))


def generated(count: int) -> settings:
    return settings(
        max_examples=count,
        deadline=None,
        database=None,
        derandomize=count <= QUERIES,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )


# Several requests to every operation: two minutes are not enough for them on a busy machine.
@pytest.mark.attack
@pytest.mark.parametrize(
    "count",
    [
        pytest.param(FEW, marks=pytest.mark.timeout(600)),
        pytest.param(MANY, marks=[pytest.mark.soak, pytest.mark.timeout(14_400)]),
    ],
)
def test_no_operation_fails_or_answers_other_than_it_is_described(everything: Asker, count: int) -> None:
    description = schemathesis.openapi.from_asgi("/openapi.json", everything.app, headers=_HOST)
    checks = cast("list[CheckFunction]", [CHECKS.get_one(name) for name in _HELD])
    wrong: list[str] = []

    def hold(case: Case[Any]) -> None:
        try:
            answer = case.call(headers=_HOST | {"Authorization": f"Bearer {everything.token}"}, timeout=_PATIENCE_S)
            case.validate_response(answer, checks=checks)
        except FailureGroup as failures:
            wrong.extend(f"{case.method} {case.formatted_path}: {failure}" for failure in failures.exceptions)

    for found in description.get_all_operations():
        assert isinstance(found, Ok), found
        for mode in GenerationMode:
            # An operation that takes nothing cannot be asked wrongly.
            with suppress(Unsatisfiable):
                generated(count)(given(case=found.ok().as_strategy(generation_mode=mode))(hold))()

    assert not wrong, "\n\n".join(dict.fromkeys(wrong))


def queries() -> st.SearchStrategy[str]:
    """Make queries: any signs at all, well-formed pieces in any order, deep nesting, and very long ones."""
    nested = st.tuples(st.sampled_from(("(", "NOT ", "NOT (", '"')), st.integers(1, 2_000)).map(
        lambda one: one[0] * one[1]
    )
    balanced = st.integers(1, 1_300).map(lambda depth: "(" * depth + "a" + ")" * depth)
    pieces = st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=6)), max_size=60).map(" ".join)
    long = st.tuples(st.sampled_from(_PIECES), st.integers(100, 4_000)).map(lambda one: " ".join([one[0]] * one[1]))
    return st.one_of(st.text(max_size=80), pieces, nested, balanced, long).map(lambda text: text[:_LONGEST])


@pytest.mark.attack
@pytest.mark.parametrize("count", [QUERIES, pytest.param(2_000, marks=pytest.mark.soak)])
@pytest.mark.parametrize("asked", list(_ASKING))
def test_no_query_fails_or_takes_a_second(everything: Asker, asked: str, count: int) -> None:
    """The second is of this process's own time: what else the machine does is no query's fault.

    Broken line: a condition for each `since:`; facets, timeline and relevance then said that the database was busy.
    500 `tag:` were let through; by relevance the database then could not be used, and a page was refused as too costly.
    """
    path, parameters = _ASKING[asked]

    @generated(count)
    @given(queries())
    @example("since:7d " * 60)
    @example("NOT count:>2 " * 300)
    @example("tag:x " * 500)
    @example("-tag:x " * 400)
    @example("-tag:x " * MOST_SAID)
    @example("tag:x tone:mixed " * (MOST_SAID // 2))
    def ask(query: str) -> None:
        text = query.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        began_s = time.process_time()
        answer = everything.ask(f"/api/v1/{path}", q=text, **parameters)
        took_s = time.process_time() - began_s
        assert answer.status_code in {200, 400}, answer.text[:500]
        assert took_s < _LONGEST_S, f"{took_s:.1f} s for a query of {len(text)} characters: {text[:200]!r}"
        if answer.status_code == 400:
            assert answer.json()["column"] >= 1

    ask()
