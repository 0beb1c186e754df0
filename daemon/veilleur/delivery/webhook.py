"""Webhooks: JSON by POST, signed, to the address that was resolved and checked; redirects are not followed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import secrets
import socket
import ssl
from datetime import datetime
from typing import Final
from urllib.parse import SplitResult, urlsplit

import msgspec
from msgspec import Struct

from veilleur.delivery.addresses import AddressGuard
from veilleur.delivery.channel import Message, message_fields
from veilleur.delivery.deadline import Deadline
from veilleur.model.delivery import LONGEST_ADDRESS, Answer, AttemptOutcome
from veilleur.model.errors import AddressRefused, ReceiverRefused
from veilleur.model.wire import dump_line
from veilleur.wording import refusals

SECRET_BYTES: Final = 32
SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - how Standard Webhooks begins a secret
REPLAY_WINDOW_S: Final = 300
"""How old a timestamp a receiver should still take."""
_PORTS: Final = {"http": 80, "https": 443}
_TAKEN: Final = range(200, 300)
_MASK: Final = "…"


class WebhookAddress(Struct, frozen=True):
    """Where a webhook's messages go, and the secret that signs them; sealed as JSON."""

    url: str
    secret: str


def new_secret() -> str:
    """Return a secret as Standard Webhooks writes it."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def write_address(url: str, secret: str) -> str:
    """Return what is sealed of a webhook."""
    return msgspec.json.encode(WebhookAddress(url, secret)).decode()


def signature(secret: str, delivery_id: str, at: datetime, body: bytes) -> str:
    """Return the value of `webhook-signature` (standardwebhooks.com, v1): HMAC-SHA256 of `id.timestamp.body`."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{delivery_id}.{int(at.timestamp())}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


class WebhookWay:
    """Sends to webhooks."""

    def __init__(self, guard: AddressGuard, *, user_agent: str) -> None:
        self._guard = guard
        self._user_agent = user_agent
        self._tls = ssl.create_default_context()

    def masked(self, address: str) -> str:
        """Return the URL without its path's end, query and password, any of which may be a secret."""
        url = _checked(_read(address).url)
        self._guard.require_name(url.hostname or "")
        _key_of(_read(address).secret)
        port = f":{url.port}" if url.port else ""
        return f"{url.scheme}://{url.hostname}{port}/" + (_MASK if url.path.strip("/") or url.query else "")

    def send(self, address: str, message: Message, deadline: Deadline) -> Answer:
        """Post once: 2xx is delivered, any other answer refused, no answer unknown."""
        hook = _read(address)
        url = _checked(hook.url)
        body = dump_line(message_fields(message)).rstrip(b"\n")
        headers = self._headers(hook, message, body)
        try:
            resolved = self._guard.resolve(url.hostname or "", url.port or _PORTS[url.scheme])
        except AddressRefused as refused:
            return Answer(AttemptOutcome.UNREACHED, f"the address is refused: {refused}")
        except OSError:
            return Answer(AttemptOutcome.UNREACHED, "its name does not resolve")
        try:
            with socket.socket(resolved.family) as line:
                deadline.cover(line)
                line.connect(resolved.sockaddr)
                return self._exchange(line, url, body, headers)
        except (OSError, http.client.HTTPException) as error:
            return Answer(AttemptOutcome.UNREACHED, f"no connection ({type(error).__name__})")

    def _exchange(self, line: socket.socket, url: SplitResult, body: bytes, headers: dict[str, str]) -> Answer:
        host = url.hostname or ""
        connection = http.client.HTTPConnection(host, url.port or _PORTS[url.scheme])
        is_tls = url.scheme == "https"
        with self._tls.wrap_socket(line, server_hostname=host) if is_tls else line as stream:
            connection.sock = stream
            target = (url.path or "/") + (f"?{url.query}" if url.query else "")
            try:
                connection.request("POST", target, body, headers)
                with connection.getresponse() as answer:
                    status, retry_after = answer.status, answer.headers["Retry-After"]
            except (OSError, http.client.HTTPException) as error:
                return Answer(AttemptOutcome.UNKNOWN, f"no answer ({type(error).__name__})")
        if status in _TAKEN:
            return Answer(AttemptOutcome.DELIVERED)
        return Answer(AttemptOutcome.REFUSED, f"it answered {status}", retry_after)

    def _headers(self, hook: WebhookAddress, message: Message, body: bytes) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": self._user_agent,
            "Idempotency-Key": message.delivery_id,
            "webhook-id": message.delivery_id,
            "webhook-timestamp": str(int(message.sent_at.timestamp())),
            "webhook-signature": signature(hook.secret, message.delivery_id, message.sent_at, body),
            "Veilleur-Repeat": "true" if message.is_repeat else "false",
            "Connection": "close",
        }
        url = urlsplit(hook.url)
        if url.username is not None:
            login = f"{url.username}:{url.password or ''}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(login).decode()}"
        return headers


_ADDRESSES: Final = msgspec.json.Decoder(WebhookAddress)


def _read(address: str) -> WebhookAddress:
    return _ADDRESSES.decode(address)


def _checked(text: str) -> SplitResult:
    try:
        url = urlsplit(text)
        is_usable = url.scheme in _PORTS and bool(url.hostname) and (url.port is None or url.port > 0)
    except ValueError:
        is_usable = False
    if not is_usable or len(text) > LONGEST_ADDRESS or not text.isascii() or not text.isprintable() or " " in text:
        raise ReceiverRefused(refusals.WEBHOOK_ADDRESS)
    return url


def _key_of(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError as error:
        raise ReceiverRefused(refusals.WEBHOOK_SECRET, prefix=SECRET_PREFIX) from error
