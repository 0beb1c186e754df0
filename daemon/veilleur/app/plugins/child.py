"""The process that runs other people's parsers. What they print goes nowhere, and what they raise costs one record.

It is no sandbox: whoever installs a plug-in trusts it as any other package. It keeps a plug-in's faults from the line.
"""

from __future__ import annotations

import mmap
import os
import resource
import signal
import struct
import sys
from contextlib import suppress
from io import FileIO
from pkgutil import resolve_name
from typing import Final, cast

import msgspec

from veilleur.app.frames import framed, read_frame, write_frame
from veilleur.app.plugins.messages import ASK_DECODER, MEMORY_EXIT, PROGRESS_BYTES, Answer, Ask
from veilleur.parsers.containing import contained
from veilleur.parsers.outcome_checks import is_platform, pack_outcome
from veilleur.parsers.protocol import PROTOCOL_VERSION, PluginParser

_FAILED: Final = b""
_MEGABYTE: Final = 1024 * 1024
_PLACE: Final = struct.Struct("<Q")


class _Progress:
    """Tells the parent which record is under way, also when this process is gone a moment later."""

    def __init__(self, descriptor: int) -> None:
        self._shared = mmap.mmap(descriptor, PROGRESS_BYTES)

    def begin(self, place: int) -> None:
        _PLACE.pack_into(self._shared, 0, place)


class _Loaded:
    """The plug-ins that were asked for, each loaded once; a sentence stands for one that cannot be used."""

    def __init__(self) -> None:
        self._by_target: dict[str, PluginParser | str] = {}

    def find(self, target: str) -> PluginParser | str:
        if target not in self._by_target:
            reasons: list[str] = []
            loaded = contained(_load, target, target, lambda _target, error: reasons.append(error.__name__))
            self._by_target[target] = loaded or f"it cannot be loaded ({reasons[0]})"
        return self._by_target[target]


def _load(target: str) -> PluginParser | str:
    """Return the parser that stands there, or why it is none."""
    found = resolve_name(target)
    made = found() if isinstance(found, type) or not hasattr(found, "parse") else found
    protocol = getattr(made, "protocol", None)
    if protocol != PROTOCOL_VERSION:
        return f"it is written for protocol {protocol!s:.9}, and this release speaks {PROTOCOL_VERSION}"
    version, platform = getattr(made, "version", None), getattr(made, "platform", None)
    is_whole = isinstance(version, int) and 0 < version < 2**31 and isinstance(platform, str) and is_platform(platform)
    if not is_whole or not callable(getattr(made, "parse", None)):
        return "it lacks version (a number from 1), platform (a name in small letters) or parse"
    return cast("PluginParser", made)


def _answer(ask: Ask, loaded: _Loaded, progress: _Progress) -> Answer:
    parser = loaded.find(ask.target)
    if isinstance(parser, str):
        return Answer(ask.number, refused=parser)
    outcomes = []
    for place, envelope in enumerate(ask.envelopes):
        progress.begin(place)
        outcome = contained(parser.parse, envelope, ask.target, _end_without_memory)
        outcomes.append(pack_outcome(outcome) or _FAILED)
    return Answer(ask.number, int(parser.version), str(parser.platform), outcomes)


def _end_without_memory(_target: str, error: type[Exception]) -> None:
    if issubclass(error, MemoryError):
        os._exit(MEMORY_EXIT)


def main(arguments: list[str]) -> None:
    """Answer until the parent closes the pipe; given the megabytes that may be used, and the shared file."""
    memory_mb, progress_descriptor = map(int, arguments)
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb * _MEGABYTE,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    own_pid = os.getpid()
    with FileIO(os.dup(0)) as asked, FileIO(os.dup(1), "w") as telling, suppress(BrokenPipeError, EOFError):
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in range(3):
            os.dup2(nowhere, descriptor)
        loaded, progress = _Loaded(), _Progress(progress_descriptor)
        while frame := read_frame(asked):
            answer = _answer(ASK_DECODER.decode(frame), loaded, progress)
            if os.getpid() != own_pid:
                # A plug-in forked: its copy of this process must not answer a second time.
                os._exit(0)
            write_frame(telling, framed(msgspec.msgpack.encode(answer)))


if __name__ == "__main__":
    main(sys.argv[1:])
