"""Commands and groups that refuse a value in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

# What pydantic, by which Typer reads values, puts before the sentence of a check.
_OWN_CHECK: Final = "Value error, "


class PlainCommand(TyperCommand):
    """Says why a value is refused, and not that it was a ValueError."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - Typer names no context of its own
        with _plain_words():
            return super().parse_args(ctx, args)


class PlainGroup(TyperGroup):
    """Says the same of the options of a group."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - Typer names no context of its own
        with _plain_words():
            return super().parse_args(ctx, args)


@contextmanager
def _plain_words() -> Iterator[None]:
    try:
        yield
    except typer.BadParameter as error:
        error.message = error.message.removeprefix(_OWN_CHECK)
        raise
