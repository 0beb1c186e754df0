"""What supervisors ask: without a token, by GET or HEAD."""

from __future__ import annotations

import pytest

from tests.daemon.api.asking import Asker


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/docs", "/docs/style.css", "/openapi.json"])
def test_a_look_at_the_headers_alone_is_answered(public_reader: Asker, path: str) -> None:
    assert public_reader.ask(path, "HEAD").status_code == 200
    assert public_reader.ask(path, "POST").status_code == 405


def test_the_description_names_no_operation_twice(public_reader: Asker) -> None:
    paths = public_reader.read("/openapi.json")["paths"]

    assert (list(paths["/healthz"]), list(paths["/readyz"])) == (["get"], ["get"])
