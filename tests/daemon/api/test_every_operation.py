"""Every operation's example is asked of a server that holds the sample, and its answer held against the description."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.daemon.api.asking import Asker
from tests.daemon.api.sample_server import sample_database
from tests.daemon.api.story import api_of, make_token
from tests.daemon.api.test_description import validate
from veilleur.api.description import Document, operations_of
from veilleur.api.example_requests import example_body, example_path
from veilleur.model.scope import TokenScope

_ORDER = ("get", "put", "post", "patch", "delete")
_JSON = "application/json"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    """Give a client that may do everything."""
    with sample_database(tmp_path_factory.mktemp("sample")) as database:
        yield Asker(api_of(database), make_token(database, *TokenScope))


def test_every_example_is_a_request_that_works_and_answers_as_it_is_described(reader: Asker) -> None:
    """Reads come first and removals last. Broken line: `is_alive` left out of `answers`: named as extra."""
    document: Document = reader.read("/openapi.json")
    operations = sorted(operations_of(document), key=lambda one: _ORDER.index(one[1]))

    for path, method, operation in operations:
        asked = example_path(path, operation)
        if (body := example_body(operation)) is None:
            answer = reader.ask(asked, method.upper())
        else:
            answer = reader.send(asked, body, method.upper())
        declared = operation["responses"].get(str(answer.status_code))
        assert answer.is_success, f"{method} {asked}: {answer.text}"
        assert declared is not None, f"{method} {asked} answers {answer.status_code}, which is not described"
        if answer.headers.get("Content-Type") == _JSON:
            validate(document, declared["content"][_JSON]["schema"], answer.json())


def test_every_example_is_there(reader: Asker) -> None:
    for path, method, operation in operations_of(reader.read("/openapi.json")):
        contents = [one["content"] for one in operation["responses"].values() if "content" in one]
        assert contents, f"{method} {path} describes no answer"
        media = next(iter(contents[0].values()))
        assert "example" in media or "examples" in media, f"{method} {path} has no example answer"
