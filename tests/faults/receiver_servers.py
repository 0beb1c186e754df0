"""Receivers of four kinds, each a real server on loopback that fails as told: what came to them, and what they did."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import NamedTuple, Protocol

from tests.servers.hook import Fault, Hook, running_hook
from tests.servers.mail import Mailbox, running_mail
from tests.servers.ports import free_port
from tests.servers.taking_broker import TakingBroker, running_taking_broker
from veilleur.delivery.brokers import DELIVERY_PROPERTY, REPEAT_PROPERTY
from veilleur.delivery.webhook import write_address
from veilleur.model.delivery import ReceiverKind

SECRET = "whsec_" + "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3I="


class Came(NamedTuple):
    """One sending as its server saw it; what was not refused was taken, whether or not it was answered."""

    delivery_id: str
    is_repeat: bool
    words: str
    is_taken: bool


class Failing(Protocol):
    """What the servers have in common."""

    always: Fault | None
    may_answer: Event


@dataclass
class ReceiverServer:
    """A receiver's server, which goes and comes back on its port; `history` is what came to those that went."""

    name: str
    kind: ReceiverKind
    address: str
    run: Callable[[], AbstractContextManager[Failing]]
    read: Callable[[Failing], list[Came]]
    fault: Fault | None = None
    history: list[Came] = field(default_factory=list)
    _server: Failing | None = None
    _stack: ExitStack = field(default_factory=ExitStack)

    @property
    def came(self) -> list[Came]:
        return self.history + ([] if self._server is None else self.read(self._server))

    def start(self, fault: Fault | None = None) -> None:
        self._server = self._stack.enter_context(self.run())
        self._server.always = fault

    def stop(self) -> None:
        self.history = self.came
        self._server = None
        self._stack.close()

    def fail(self, fault: Fault | None) -> None:
        """Do this with all that comes from now on."""
        assert self._server is not None
        self._server.always = fault

    def answer(self) -> None:
        """Let the server answer what waits for it."""
        assert self._server is not None
        self._server.may_answer.set()


@contextmanager
def four_receivers() -> Iterator[list[ReceiverServer]]:
    """Give a webhook, a mail server, ntfy and a broker, none of which runs yet; end those that do."""
    servers = [_webhook(free_port()), _mail(free_port()), _ntfy(free_port()), _broker(free_port())]
    with ExitStack() as leaving:
        for one in servers:
            leaving.callback(one.stop)
        yield servers


def _webhook(port: int) -> ReceiverServer:
    address = write_address(f"http://127.0.0.1:{port}/hook", SECRET)
    return ReceiverServer("webhook", ReceiverKind.WEBHOOK, address, lambda: running_hook(port), _came_to_webhook)


def _mail(port: int) -> ReceiverServer:
    address = f"mailto://127.0.0.1:{port}/?from=veilleur@example.org&to=equipe@example.org"
    return ReceiverServer("mail", ReceiverKind.SERVICE, address, lambda: running_mail(port), _came_to_mail)


def _ntfy(port: int) -> ReceiverServer:
    address = f"ntfy://127.0.0.1:{port}/veille"
    return ReceiverServer("ntfy", ReceiverKind.SERVICE, address, lambda: running_hook(port), _came_to_ntfy)


def _broker(port: int) -> ReceiverServer:
    address = f"mqtt://127.0.0.1:{port}/veille/alertes"
    return ReceiverServer("mqtt", ReceiverKind.SERVICE, address, lambda: running_taking_broker(port), _came_to_broker)


def _came_to_webhook(server: Failing) -> list[Came]:
    assert isinstance(server, Hook)
    assert all(one.is_signed_with(SECRET) for one in server.came)
    return [Came(one.delivery_id, one.is_repeat, one.json["text"], one.fault is not Fault.AWAY) for one in server.came]


def _came_to_mail(server: Failing) -> list[Came]:
    assert isinstance(server, Mailbox)
    refused = [Came("", False, "", False)] * server.refused_count
    taken = [
        Came(one["X-Veilleur-Delivery"], one["X-Veilleur-Repeat"] == "true", one.get_content(), True)
        for one in server.came
    ]
    return refused + taken


def _came_to_ntfy(server: Failing) -> list[Came]:
    assert isinstance(server, Hook)
    found = []
    for one in server.came:
        tags = one.headers["x-tags"].split(",")
        (delivery_id,) = [tag.removeprefix("veilleur-") for tag in tags if tag.startswith("veilleur-")]
        found.append(Came(delivery_id, "repeat" in tags, one.json["message"], one.fault is not Fault.AWAY))
    return found


def _came_to_broker(server: Failing) -> list[Came]:
    assert isinstance(server, TakingBroker)
    return [_published(one.marks, one.payload.decode(), one.fault) for one in server.came]


def _published(marks: Mapping[str, str], words: str, fault: Fault | None) -> Came:
    return Came(marks[DELIVERY_PROPERTY], marks[REPEAT_PROPERTY] == "true", words, fault is not Fault.AWAY)
