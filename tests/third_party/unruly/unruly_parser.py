"""A plug-in that does what its notification's text says: what a good one does, and everything that a bad one might."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from veilleur.model.kinds import Exactness, MentionKind, Visibility
from veilleur.model.outcome import Draft, Ignored, Outcome, Parsed
from veilleur.model.parts import OpenLink
from veilleur.parsers.record import notification_part
from veilleur_bridge.envelope import Envelope, Notification

SLOW_S = 3.0


def loop() -> None:
    while True:
        pass


def hang() -> None:
    threading.Event().wait()


def eat() -> None:
    held = []
    while True:
        held.append(bytearray(16 * 1024 * 1024))


def fork() -> None:
    if os.fork() == 0:
        time.monotonic()


def leave_a_child() -> None:
    subprocess.Popen([sys.executable, "-c", "import threading; threading.Event().wait()"])


def chatter() -> None:
    sys.stdout.write("nothing between the frames")
    sys.stdout.flush()
    os.write(1, b"\0\0\0\1?")
    sys.stderr.write("nor in the log")


def fail() -> None:
    raise LookupError("somebody's words")


ACTS: dict[str, Callable[[], object]] = {
    "raise": fail,
    "loop": loop,
    "hang": hang,
    "eat": eat,
    "fork": fork,
    "child": leave_a_child,
    "print": chatter,
    "exit": lambda: os._exit(0),
    "sys.exit": lambda: sys.exit(3),
}


class UnrulyParser:
    protocol = 1
    version = 4
    platform = "unruly"

    def parse(self, envelope: Envelope) -> Outcome:
        notification = envelope.notification
        assert notification is not None
        words = notification.text or ""
        act = ACTS.get(words)
        if act is not None:
            act()
        rubbish = RUBBISH.get(words)
        return Parsed((draft(notification),)) if rubbish is None else rubbish(notification)


class FutureParser(UnrulyParser):
    protocol = 2


def slow() -> UnrulyParser:
    """Take longer to start than a batch may take."""
    threading.Event().wait(SLOW_S)
    return UnrulyParser()


def stumbling() -> UnrulyParser:
    """Die at the start as often as a file says."""
    falls = Path(os.environ["UNRULY_FALLS"])
    left = int(falls.read_text())
    if left:
        falls.write_text(str(left - 1))
        os._exit(1)
    return UnrulyParser()


def draft(notification: Notification, **members: Any) -> Draft:
    fields: dict[str, Any] = {
        "kind": MentionKind.COMMENT,
        "visibility": Visibility.PUBLIC,
        "identity": notification_part(notification),
        "pattern": "said",
        "confidence": 0.9,
        "body": f"{notification.text} in {os.getpid()}",
    }
    return Draft(**(fields | members))


def one(**members: Any) -> Callable[[Notification], Any]:
    return lambda notification: Parsed((draft(notification, **members),))


RUBBISH: dict[str, Callable[[Notification], Any]] = {
    "none": lambda _notification: None,
    "text": lambda _notification: "parsed",
    "another kind": one(kind="shrug"),
    "no identity": one(identity=None),
    "number as body": one(body=7),
    "nul": one(body="a\0b"),
    "surrogate": one(body="\ud800"),
    "huge number": one(count=2**62),
    "larger number": one(count=2**70),
    "not a number": one(confidence=float("nan")),
    "too sure": one(confidence=1.1),
    "script": one(open=OpenLink("javascript:alert(1)", Exactness.POST)),
    "platform": one(platform="../tiktok"),
    "long": one(body="x" * 100_000),
    "many": lambda notification: Parsed((draft(notification),) * 5_000),
    "reason": lambda _notification: Ignored("Nadia wrote: hello"),
    "object": one(actor=object()),
}
