"""MQTT brokers as receivers: one short visit for each message, by the client that the house has, on no other thread."""

from __future__ import annotations

import ssl
from typing import Final

from msgspec import Struct

from veilleur.delivery.channel import Message
from veilleur.model.delivery import Answer, AttemptOutcome
from veilleur_bridge.broker.visit import Outgoing, visiting
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt.connection import LoginRefused
from veilleur_bridge.mqtt_url import MqttAddress

DELIVERY_PROPERTY: Final = "veilleur-delivery"
REPEAT_PROPERTY: Final = "veilleur-repeat"
_LOGIN_REFUSED: Final = (
    "the broker refused the user name or password: remove the receiver, and add it again with those that it knows"
)
_NOT_TRUSTED: Final = "the broker's certificate is not trusted, nothing was sent: give it one that this machine trusts"
_NOT_GREETED: Final = "no MQTT broker answered: check its host and port, and that it runs"
_LOST: Final = "the connection ended before the broker said that it has the message"


class BrokerReceiver(Struct, frozen=True, kw_only=True):
    """A broker, and the topics on which it is told."""

    address: MqttAddress
    topics: tuple[str, ...]
    client_id: str | None = None
    is_retained: bool = False
    is_verified: bool = True


def publish(receiver: BrokerReceiver, words: str, message: Message, *, within_s: float) -> Answer:
    """Publish with QoS 1: delivered is what the broker says that it has, on every topic.

    Under MQTT 5 user properties name the delivery's id; 3.1.1 has none, there the words alone do.
    """
    marks = ((DELIVERY_PROPERTY, message.delivery_id), (REPEAT_PROPERTY, str(message.is_repeat).lower()))
    told = [Outgoing(topic, words.encode(), marks) for topic in receiver.topics]
    is_greeted = False
    try:
        with visiting(receiver.address, client_id=receiver.client_id, tls=_unverified(receiver)) as visit:
            is_greeted = True
            answers = visit.say(told, within_seconds=within_s, is_retained=receiver.is_retained)
    except LoginRefused:
        return Answer(AttemptOutcome.REFUSED, _LOGIN_REFUSED)
    except BrokerError as error:
        return Answer(AttemptOutcome.UNKNOWN, _LOST) if is_greeted else _not_greeted(error)
    refusals = [answer for answer in answers if answer is not None]
    if refusals:
        reason = f"the broker refused it ({refusals[0].lower()}): let this user write to the receiver's topics"
        return Answer(AttemptOutcome.REFUSED, reason)
    return Answer(AttemptOutcome.DELIVERED)


def _not_greeted(error: BrokerError) -> Answer:
    is_untrusted = isinstance(error.__cause__, ssl.SSLCertVerificationError)
    return Answer(AttemptOutcome.UNREACHED, _NOT_TRUSTED if is_untrusted else _NOT_GREETED)


def _unverified(receiver: BrokerReceiver) -> ssl.SSLContext | None:
    """Return how a broker is trusted where its address asks for no verification; None: as everywhere else."""
    if receiver.is_verified or not receiver.address.is_encrypted:
        return None
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
