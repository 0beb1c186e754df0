"""What passes between a reader and the process of the plug-ins: msgpack frames over two pipes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from veilleur_bridge.envelope import Envelope

MEMORY_EXIT: Final = 78
"""How the child ends when a plug-in asked for more memory than it may have."""
PROGRESS_BYTES: Final = 8
"""The size of the file that both processes map: the child writes there which record it is about to parse."""


class Budget(Struct, frozen=True):
    """How long a plug-in may take for one batch and to start, and how much memory the child may take."""

    seconds: float = 5.0
    memory_mb: int = 1_024
    start_seconds: float = 30.0


class PluginChoice(Struct, frozen=True):
    """Where the standing of plug-ins is kept, and what they may take."""

    folder: Path
    budget: Budget = Budget()


class Ask(Struct, frozen=True):
    """A batch for one plug-in; the answer carries its number. An empty one loads the plug-in, and no more."""

    number: int
    target: str
    envelopes: Sequence[Envelope]


class Answer(Struct, frozen=True):
    """What a plug-in said: an outcome for each envelope, as bytes (empty: it failed), and who it says it is.

    `refused` tells why it could not be used at all; nothing else is set then.
    """

    number: int
    version: int = 0
    platform: str = ""
    outcomes: Sequence[bytes] = ()
    refused: str | None = None


ASK_DECODER: Final = msgspec.msgpack.Decoder(Ask)
ANSWER_DECODER: Final = msgspec.msgpack.Decoder(Answer)
