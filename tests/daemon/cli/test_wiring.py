"""The lazy loading: names, homes and types agree."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import pytest

from veilleur.cli import wiring


@pytest.mark.parametrize(("home", "name"), [(home, name) for home, names in wiring.HOMES.items() for name in names])
def test_every_name_is_where_the_wiring_says(home: str, name: str) -> None:
    assert getattr(wiring, name) is getattr(import_module(home), name)


def test_the_type_checker_is_told_the_same() -> None:
    tree = ast.parse(Path(wiring.__file__).read_text())
    told = {
        (node.module, alias.name)
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }

    assert told == {(home, name) for home, names in wiring.HOMES.items() for name in names}


def test_a_name_that_is_nowhere_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="frobnicate"):
        getattr(wiring, "frobnicate")  # noqa: B009 - the type checker would refuse the plain form
