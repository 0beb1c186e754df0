"""paho-mqtt as we use it: a client for one connection, whose callbacks do nothing but write down what came."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from veilleur_bridge.mqtt.buffered_socket import BufferedSocket
from veilleur_bridge.mqtt.events import Answered, Greeted, Note, Ready, Received, Subscribed
from veilleur_bridge.mqtt.options import MqttOptions, MqttProtocol
from veilleur_bridge.tls import client_context

MAX_UNANSWERED: Final = 65_535
PAHO_PROTOCOL: Final = {MqttProtocol.V311: paho.MQTTv311, MqttProtocol.V5: paho.MQTTv5}


class PahoClient(paho.Client):
    """Paho's client over a buffered socket, which whoever turns its loop fills and flushes."""

    line: BufferedSocket | None = None

    def _create_socket(self) -> BufferedSocket:
        self.line = BufferedSocket(super()._create_socket())
        return self.line


def make_paho_client(options: MqttOptions, protocol: MqttProtocol, notes: deque[Note]) -> PahoClient:
    """Return an unconnected client that writes what it hears to `notes` and sends only when its loop is turned."""
    client = PahoClient(
        CallbackAPIVersion.VERSION2,
        client_id=options.client_id,
        clean_session=None if protocol is MqttProtocol.V5 else not options.session_kept,
        protocol=PAHO_PROTOCOL[protocol],
        transport="websockets" if options.address.is_websocket else "tcp",
        reconnect_on_failure=False,
        manual_ack=True,
    )
    client.username_pw_set(options.address.username, options.address.password)
    client.max_inflight_messages = 0
    if options.will is not None:
        client.will_set(options.will.topic, options.will.payload, qos=1, retain=True)
    if options.address.is_websocket:
        client.ws_set_options(path=options.address.path)
    if options.address.is_encrypted:
        client.tls_set_context(options.tls or client_context(options.address.key_sha256))
    _write_down(client, notes)
    return client


def open_socket(client: paho.Client, options: MqttOptions, protocol: MqttProtocol) -> None:
    """Connect and queue the hello. Raises OSError or ValueError."""
    address = options.address
    if protocol is MqttProtocol.V311:
        client.connect(address.host, address.port, options.keepalive_seconds)
        return
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho gives its constructor no types
    properties.ReceiveMaximum = min(options.window, MAX_UNANSWERED)
    properties.SessionExpiryInterval = int(options.session_kept.total_seconds())
    client.connect(
        address.host,
        address.port,
        options.keepalive_seconds,
        clean_start=not options.session_kept,
        properties=properties,
    )


def user_properties(marks: Sequence[tuple[str, str]]) -> Properties:
    """Return what goes with one message beside its words (MQTT 5 §3.3.2.3.7)."""
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho gives its constructor no types
    properties.UserProperty = list(marks)
    return properties


def _write_down(client: paho.Client, notes: deque[Note]) -> None:
    client.on_connect = lambda _client, _data, flags, code, more: notes.append(_greeted(flags, code, more))
    client.on_subscribe = lambda _client, _data, mid, codes, _more: notes.append(Subscribed(mid, tuple(codes)))
    client.on_message = lambda _client, _data, message: notes.append(_received(message))
    client.on_publish = lambda _client, _data, mid, code, _more: notes.append(_answered(mid, code))
    # paho then leaves the writing to whoever turns its loop, whichever thread queued a packet
    client.on_socket_register_write = lambda _client, _data, _socket: None


def _greeted(flags: paho.ConnectFlags, code: ReasonCode, properties: Properties | None) -> Greeted:
    return Greeted(code, Ready(flags.session_present, getattr(properties, "ReceiveMaximum", MAX_UNANSWERED)))


def _received(message: paho.MQTTMessage) -> Received:
    topic: str | None
    try:
        topic = message.topic
    except UnicodeDecodeError:
        topic = None
    return Received(topic, bytes(message.payload), message.mid, message.qos, message.retain)


def _answered(message_id: int, code: ReasonCode) -> Answered:
    return Answered(message_id, str(code) if code.is_failure else None)
