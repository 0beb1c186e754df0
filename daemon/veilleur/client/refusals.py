"""From a refused body to the error that a command on this machine meets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from veilleur.client.errors import WrongParameter
from veilleur.model.errors import VeilleurError


@contextmanager
def wrong_as(kind: type[VeilleurError]) -> Iterator[None]:
    """Raise this kind, in the server's words, where it finds something wrong with what it was sent."""
    try:
        yield
    except WrongParameter as error:
        raise kind(str(error)) from error
