"""A file that is there whole or not at all: written beside its place, and put there at the end."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

import typer


@contextmanager
def whole_file(path: Path | None, *, may_replace: bool) -> Iterator[IO[bytes]]:
    """Yield what to write to (None: standard output); after a failure or Ctrl+C nothing stands under the name.

    The file may be read by its owner alone. A pipe or a device is written to as it is.
    """
    if path is None:
        yield sys.stdout.buffer
    elif path.exists() and not path.is_file():
        with path.open("wb") as special:
            yield special
    else:
        require_free_name(path, may_replace=may_replace)
        with _beside(path) as (file, temporary):
            yield file
            file.flush()
            os.fsync(file.fileno())
            require_free_name(path, may_replace=may_replace)
            temporary.replace(path)


def require_free_name(path: Path, *, may_replace: bool) -> None:
    """Refuse a name in a folder that is not there, and one that is taken, unless it may be."""
    if not path.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {path.parent}")
    if path.is_file() and not may_replace:
        raise typer.BadParameter(f"{path} is there already: name another file, or replace it with --force")


@contextmanager
def _beside(path: Path) -> Iterator[tuple[IO[bytes], Path]]:
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", suffix=".part", delete=False) as file:
        temporary = Path(file.name)
        try:
            yield file, temporary
        finally:
            temporary.unlink(missing_ok=True)
