"""The parsers that ship, made once: they keep nothing between notifications."""

from __future__ import annotations

import pytest

from veilleur.parsers.registry import ParserRegistry, builtin_parsers


@pytest.fixture(scope="session")
def registry() -> ParserRegistry:
    return builtin_parsers()
