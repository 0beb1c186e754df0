"""A real SMTP server on loopback, which keeps what it took, and refuses, hangs or is late as told."""

from __future__ import annotations

import asyncio
import email
import email.policy
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers.hook import Fault
from tests.servers.ports import free_port

_STARTS_WITHIN_SECONDS = 60.0


@dataclass
class Mailbox:
    """What was taken, and the answers to what comes next, which is else taken; `always` is done with all of it."""

    port: int
    came: list[EmailMessage] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    refused_count: int = 0
    always: Fault | None = None
    may_answer: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    async def handle_DATA(  # noqa: N802 - the library calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Take a message, or refuse it."""
        fault = self.always
        if self.refusals or fault is Fault.AWAY:
            self.refused_count += 1
            return self.refusals.pop(0) if self.refusals else "451 later"
        content = envelope.content
        assert isinstance(content, bytes)
        self.came.append(email.message_from_bytes(content, policy=email.policy.default))
        if fault in (Fault.HANG, Fault.LATE):
            awaited = self.over if fault is Fault.HANG else self.may_answer
            await asyncio.get_running_loop().run_in_executor(None, awaited.wait, 60)
        return "250 OK"


@contextmanager
def running_mail(port: int | None = None) -> Iterator[Mailbox]:
    """Serve SMTP while the block runs."""
    mailbox = Mailbox(port or free_port())
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port, ready_timeout=_STARTS_WITHIN_SECONDS)
    controller.start()
    try:
        yield mailbox
    finally:
        mailbox.over.set()
        mailbox.may_answer.set()
        controller.stop()
