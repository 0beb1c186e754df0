"""Where somebody's parser may fail: what it raises costs what it was given, and is told by its type alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

OnFailure = Callable[[str, type[Exception]], None]
_Given = TypeVar("_Given")
_Made = TypeVar("_Made")


def contained(
    call: Callable[[_Given], _Made], given: _Given, name: str, on_failure: OnFailure | None = None
) -> _Made | None:
    """Return what a call makes, None where it raises; `on_failure` is then told the name and the type of the error."""
    try:
        return call(given)
    except Exception as error:  # a parser's fault costs one notification, never the line
        if on_failure is not None:
            on_failure(name, type(error))
        return None
