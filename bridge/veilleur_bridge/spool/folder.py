"""Files that survive a power cut: written beside, synced, put in place, and the folder synced."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Final

from veilleur_bridge.errors import SpoolError, SpoolInUse

LOCK_FILE: Final = "lock"
_BEING_WRITTEN: Final = ".new"


def put_file(path: Path, content: bytes) -> None:
    """Put a whole file in place; after a crash the old one or the new one is there. Raises OSError."""
    beside = path.with_name(path.name + _BEING_WRITTEN)
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the folder's names durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def lock_folder(folder: Path) -> int:
    """Make the folder, private to this user, and lock it; the lock dies with the process or the returned descriptor.

    Raises SpoolInUse where another process has it, SpoolError where it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise SpoolError(f"the spool {folder} cannot be opened: {error.strerror}; give another folder") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise SpoolInUse(
            f"another program uses the spool {folder}: end it, or give this device another folder"
        ) from error
    return descriptor
