"""Receivers that apprise knows: e-mail, ntfy, Gotify, Slack, Teams, Telegram, MQTT and others.

Importing this module imports apprise: whoever wires it does so when the first such receiver is there.
"""

from __future__ import annotations

import logging
import re
import threading
from base64 import b64decode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import apprise
from apprise.attachment.memory import AttachMemory
from apprise.common import NotifyFormat, NotifyType, PersistentStoreMode

from veilleur.delivery.addresses import AddressGuard
from veilleur.delivery.brokers import BrokerReceiver, publish
from veilleur.delivery.channel import Message, TellingChange
from veilleur.delivery.connect_guard import ConnectGuard
from veilleur.delivery.deadline import Deadline
from veilleur.model.delivery import LONGEST_ADDRESS, Answer, AttemptOutcome, Notice, Severity
from veilleur.model.errors import ReceiverRefused
from veilleur.wording import refusals
from veilleur.wording.languages import Language, load_texts
from veilleur_bridge.mqtt_url import DEFAULT_PORTS, MqttAddress, MqttScheme

_KINDS: Final = {
    Severity.INFO: NotifyType.INFO,
    Severity.WARNING: NotifyType.WARNING,
    Severity.URGENT: NotifyType.FAILURE,
}
# What stays on this machine tells nobody.
_LOCAL: Final = frozenset({"syslog", "dbus", "kde", "qt", "glib", "gnome", "macosx", "windows", "memory"})
_MAIL: Final = frozenset({"mailto", "mailtos"})
_BROKER: Final = frozenset({"mqtt", "mqtts"})
_NTFY: Final = frozenset({"ntfy", "ntfys"})
_TAG: Final = "veilleur-"
_REPEATED: Final = "repeat"
_END_OF_PAGE: Final = "</body>"
_QUIET: Final = "color:#6a747b;font:11px Arial,sans-serif;text-align:center;"
_PICTURE: Final = re.compile(r'src="data:image/(?P<kind>png|jpeg);base64,(?P<content>[A-Za-z0-9+/=]+)"')
_STATUS: Final = re.compile(r"error=(\d{3})\b")
_NEVER_CONNECTED: Final = (
    "Connection refused",
    "NewConnectionError",
    "ConnectTimeout",
    "Name or service not known",
    "No route to host",
    "Network is unreachable",
)
# What somebody else's code may raise where a receiver answers what it did not expect.
_OF_A_PLUGIN: Final = (OSError, ValueError, TypeError, LookupError, AttributeError, RuntimeError)
_LOGGER: Final = "apprise"


class ServiceWay:
    """Sends by apprise, whose connections are checked one by one as they are made."""

    def __init__(self, guard: AddressGuard, *, timeout_s: float) -> None:
        self._guard = guard
        self._timeout_s = timeout_s
        self._connects = ConnectGuard(guard)
        self._heard = _Heard()
        self._asset = apprise.AppriseAsset(
            app_id="Veilleur",
            app_desc="Veilleur",
            app_url="",
            image_url_mask="",
            image_url_logo="",
            http_redirects=False,
            storage_mode=PersistentStoreMode.MEMORY,
            allow_templates=False,
            pgp_autogen=False,
            pem_autogen=False,
        )
        logger = logging.getLogger(_LOGGER)
        logger.addHandler(self._heard)
        # Its lines hold addresses and words: they are read here for what went wrong, and written nowhere.
        logger.propagate = False
        logger.setLevel(logging.DEBUG)

    def masked(self, address: str) -> str:
        """Return the address as apprise writes it without secrets, and without what it adds to it."""
        plugin = self._plugin(address)
        for host in {plugin.host, getattr(plugin, "smtp_host", None)} - {None, ""}:
            self._guard.require_name(str(host))
        return str(plugin.url(privacy=True)).partition("?")[0]  # type: ignore[no-untyped-call]  # of apprise

    def send(self, address: str, message: Message, deadline: Deadline) -> Answer:
        """Send once; apprise says whether it went well, and its log what went wrong."""
        if isinstance(message.told, TellingChange):
            return Answer(AttemptOutcome.REFUSED, "changes are told to webhooks alone")
        with self._connects.checking(deadline) as refused:
            answer = self._sent(address, message, message.told)
        if refused and answer.outcome is not AttemptOutcome.DELIVERED:
            return Answer(AttemptOutcome.UNREACHED, f"the address is refused: {refused[0]}")
        return answer

    def _sent(self, address: str, message: Message, notice: Notice) -> Answer:
        with self._heard.here() as lines:
            try:
                plugin = self._plugin(_tagged(address, message))
                words, written_as = _written(plugin, message, notice)
                if _BROKER & _schemes(plugin):
                    said = f"{notice.subject}\n{words}"
                    return publish(_broker_of(plugin), said, message, within_s=self._timeout_s)
                _mark(plugin, message)
                words, pictures = _apart(plugin, words) if written_as is NotifyFormat.HTML else (words, None)
                is_sent = plugin.notify(
                    title=notice.subject,
                    body=words,
                    attach=pictures,
                    body_format=written_as,
                    notify_type=_KINDS[notice.severity],
                )
            except _OF_A_PLUGIN as error:
                return Answer(AttemptOutcome.UNKNOWN, f"the service's sender failed ({type(error).__name__})")
        return Answer(AttemptOutcome.DELIVERED) if is_sent else _failure(lines)

    def _plugin(self, address: str) -> apprise.NotifyBase:
        plugin: apprise.NotifyBase | None = apprise.Apprise.instantiate(address, asset=self._asset)
        if plugin is None or len(address) > LONGEST_ADDRESS:
            raise ReceiverRefused(refusals.NO_SERVICE)
        if _LOCAL & _schemes(plugin):
            raise ReceiverRefused(refusals.LOCAL_SERVICE)
        plugin.redirects = False
        plugin.socket_connect_timeout = plugin.socket_read_timeout = self._timeout_s
        return plugin


class _Heard(logging.Handler):
    """Gives each thread the lines that apprise wrote while it sent."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._here = threading.local()

    def emit(self, record: logging.LogRecord) -> None:
        lines: list[str] | None = getattr(self._here, "lines", None)
        if lines is not None:
            lines.append(record.getMessage())

    @contextmanager
    def here(self) -> Iterator[list[str]]:
        lines: list[str] = []
        self._here.lines = lines
        try:
            yield lines
        finally:
            self._here.lines = None


def _failure(lines: list[str]) -> Answer:
    text = "\n".join(lines)
    if found := _STATUS.search(text):
        return Answer(AttemptOutcome.REFUSED, f"it answered {found[1]}")
    if any(sign in text for sign in _NEVER_CONNECTED):
        return Answer(AttemptOutcome.UNREACHED, "no connection")
    return Answer(AttemptOutcome.UNKNOWN, "the service did not take it, or did not answer")


def _schemes(plugin: apprise.NotifyBase) -> set[str]:
    named: tuple[str | Iterable[str] | None, ...] = (plugin.protocol, plugin.secure_protocol)
    return {one for names in named for one in ([names] if isinstance(names, str) else names or [])}


def _tagged(address: str, message: Message) -> str:
    """Give ntfy the delivery's id as a tag, its field for such things, beside those that the address asks for."""
    head, _, query = address.partition("?")
    if urlsplit(head).scheme not in _NTFY:
        return address
    asked = dict(parse_qsl(query))
    tags = [asked.pop(name) for name in ("xtags", "tags") if name in asked]
    tags += [f"{_TAG}{message.delivery_id}", *([_REPEATED] if message.is_repeat else [])]
    return f"{head}?{urlencode({**asked, 'xtags': ','.join(tags)})}"


def _broker_of(plugin: apprise.NotifyBase) -> BrokerReceiver:
    """Return what apprise read in an MQTT broker's address."""
    scheme = MqttScheme.MQTTS if plugin.secure else MqttScheme.MQTT
    port = plugin.port or DEFAULT_PORTS[scheme]
    address = MqttAddress(
        host=str(plugin.host), port=port, scheme=scheme, username=plugin.user or None, password=plugin.password or None
    )
    of_mqtt: Any = plugin
    return BrokerReceiver(
        address=address,
        topics=tuple(of_mqtt.topics),
        client_id=of_mqtt.client_id or None,
        is_retained=bool(of_mqtt.retain),
        is_verified=bool(plugin.verify_certificate),
    )


def _mark(plugin: apprise.NotifyBase, message: Message) -> None:
    """Give e-mail the delivery's id as headers; where a service has no headers the text says it."""
    headers = getattr(plugin, "headers", None)
    if isinstance(headers, dict):
        headers["X-Veilleur-Delivery"] = message.delivery_id
        headers["X-Veilleur-Repeat"] = "true" if message.is_repeat else "false"


def _apart(plugin: apprise.NotifyBase, page: str) -> tuple[str, apprise.AppriseAttachment | None]:
    """Return the page with its first picture as a part beside it: most readers of e-mail show no `data:` address."""
    found = _PICTURE.search(page)
    if found is None:
        return page, None
    name = f"logo.{found['kind']}"
    beside: Any = plugin
    beside.inline = True
    content, kind = b64decode(found["content"]), f"image/{found['kind']}"
    picture = AttachMemory(content=content, name=name, mimetype=kind)  # type: ignore[no-untyped-call]  # of apprise
    return page.replace(found[0], f'src="cid:{name}"'), apprise.AppriseAttachment(picture)


def _written(plugin: apprise.NotifyBase, message: Message, notice: Notice) -> tuple[str, NotifyFormat]:
    """Return the words and how they are written: what is no HTML is never taken for it."""
    texts, told = load_texts(Language(notice.language)), f"Veilleur {message.delivery_id}"
    if message.is_repeat:
        told = texts.gettext("%(told)s (sent again: it may have come before)") % {"told": told}
    if notice.html is not None and _MAIL & _schemes(plugin):
        return notice.html.replace(_END_OF_PAGE, f'<p style="{_QUIET}">{told}</p>{_END_OF_PAGE}'), NotifyFormat.HTML
    return "\n\n".join(part for part in (notice.text, notice.url, told) if part), NotifyFormat.TEXT
