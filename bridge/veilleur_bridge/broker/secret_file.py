"""A secret kept in a file that only its owner may read, made once."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from veilleur_bridge.errors import BrokerError

SECRET_BYTES: Final = 32


def read_or_make_secret(path: Path) -> str:
    """Return the secret in `path`, made on the first call; complete or absent, never half written."""
    try:
        secret = path.read_text("ascii").strip()
    except FileNotFoundError:
        return _make(path)
    except (OSError, ValueError) as error:
        raise BrokerError(f"{path} cannot be read: {error}") from error
    if not secret:
        raise BrokerError(f"{path} is empty: restore it from a backup, or remove it to have a new one made")
    return secret


def write_private(path: Path, text: str) -> None:
    """Replace a file's text at once, readable by its owner only."""
    written = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    written.replace(path)


def _make(path: Path) -> str:
    secret = secrets.token_urlsafe(SECRET_BYTES)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        write_private(made, f"{secret}\n")
        try:
            path.hardlink_to(made)
        finally:
            made.unlink()
    except FileExistsError:
        # Another process was faster: its secret is everybody's.
        return read_or_make_secret(path)
    except OSError as error:
        raise BrokerError(f"{path} cannot be written: {error}") from error
    return secret
