"""Asks a broker with canary messages what it would do to ours: no file of its configuration is read.

What only time or a restart shows is said to be unproven: session expiry, limits above what is sent here, and a disk
that is full.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Final

from veilleur_bridge.broker.findings import BrokerFinding, BrokerQuestion
from veilleur_bridge.broker.visit import Outgoing, Visit, visiting
from veilleur_bridge.broker_canary import make_canary, own_topic, probed_topics
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt.events import Received
from veilleur_bridge.mqtt_url import MqttAddress
from veilleur_bridge.topics import DeviceChannel, device_filter

QUEUED: Final = 2_000
QUEUED_BYTES: Final = 1_024
ENVELOPE_BYTES: Final = 256 * 1024
ABSENT_SESSION_KEPT: Final = timedelta(minutes=10)
# how long is waited for what may never come; an answer that will come is waited for as long as a slow line needs
SOON_SECONDS: Final = 1.0
ANSWER_SECONDS: Final = 30.0
DEPLOYED: Final = "deploy/mosquitto has a tried configuration"
OPEN_ACCESS: Final = "let the account of VEILLEUR_MQTT_URL write and read veilleur/1/#"
LARGER: Final = "let it take messages and packets of 512 KiB (mosquitto: message_size_limit, max_packet_size)"
CLOSED_ACCESS: Final = f"allow_anonymous false, and access rules ({DEPLOYED})"

Question = Callable[[MqttAddress], BrokerFinding]


def ask_broker(address: MqttAddress, *, is_quick: bool) -> Sequence[BrokerFinding]:
    """Ask everything in turn, in about five seconds (`is_quick`: without the queue, about two). Never raises."""
    questions: dict[BrokerQuestion, Question] = {
        BrokerQuestion.ACCESS: ask_access,
        BrokerQuestion.STRANGERS: ask_strangers,
        BrokerQuestion.SIZE: ask_size,
    }
    if not is_quick:
        questions[BrokerQuestion.QUEUE] = ask_queue
    return tuple(_asked(question, ask, address) for question, ask in questions.items())


def ask_access(address: MqttAddress) -> BrokerFinding:
    """Say whether every topic of a device carries what is said on it to Veilleur's account.

    3.1.1 acknowledges what an access rule forbids, and mosquitto grants every subscription and then delivers
    nothing: only a message that arrives proves anything.
    """
    topics, canary = probed_topics(), make_canary()
    with visiting(address, subscriptions=[device_filter(channel) for channel in DeviceChannel]) as listener:
        refused = [channel for channel, topic in topics.items() if _is_refused(address, Outgoing(topic, canary))]
        heard = listener.hear(len(topics), within_seconds=SOON_SECONDS, only=_is(canary))
    missing = [channel for channel, topic in topics.items() if topic not in {message.topic for message in heard}]
    if not missing:
        return BrokerFinding(BrokerQuestion.ACCESS, is_ok=True, detail="what is said on a device's topics arrives")
    swallowed = [channel for channel in missing if channel not in refused]
    parts = [f"refused {', '.join(refused)}"] if refused else []
    parts += [f"acknowledged, but did not deliver, {', '.join(swallowed)}"] if swallowed else []
    detail = f"of our messages on a device's topics the broker {'; it '.join(parts)}"
    return BrokerFinding(BrokerQuestion.ACCESS, is_ok=False, detail=detail, advice=OPEN_ACCESS)


def ask_strangers(address: MqttAddress) -> BrokerFinding:
    """Say whether somebody without an account is let in, and then reads what is for devices or speaks as one."""
    stranger_address = replace(address, username=None, password=None)
    topics, canary = probed_topics(), make_canary()
    receipt, notifications = topics[DeviceChannel.RECEIPT], topics[DeviceChannel.NOTIFICATIONS]
    with ExitStack() as stack:
        try:
            writer = stack.enter_context(visiting(stranger_address))
        except BrokerError as refused:
            return BrokerFinding(BrokerQuestion.STRANGERS, is_ok=True, detail=f"without an account: {refused}")
        reader = _reader(stack, stranger_address, receipt)
        ours = stack.enter_context(visiting(address, subscriptions=(notifications,)))
        ours.say([Outgoing(receipt, canary)], within_seconds=ANSWER_SECONDS)
        writer.say([Outgoing(notifications, canary)], within_seconds=ANSWER_SECONDS)
        deeds = {
            "speaks as any device": ours.hear(1, within_seconds=SOON_SECONDS),
            "reads what is for devices": reader.hear(1, within_seconds=SOON_SECONDS) if reader else (),
        }
    done = [deed for deed, heard in deeds.items() if heard]
    can = " and ".join(done) or "reads and writes nothing of ours"
    detail = f"whoever connects without an account is let in and {can}"
    return BrokerFinding(BrokerQuestion.STRANGERS, not done, detail, CLOSED_ACCESS)


def ask_size(address: MqttAddress) -> BrokerFinding:
    """Say whether the largest envelope passes."""
    topic = own_topic()
    largest = f"a message of {ENVELOPE_BYTES // 1024} KiB, as large as an envelope may be"
    try:
        with visiting(address, subscriptions=(topic,)) as visit:
            visit.say([Outgoing(topic, b"x" * ENVELOPE_BYTES)], within_seconds=ANSWER_SECONDS)
            arrived, end = bool(visit.hear(1, within_seconds=ANSWER_SECONDS)), "it did not arrive"
    except BrokerError as error:
        arrived, end = False, str(error)
    if arrived:
        return BrokerFinding(BrokerQuestion.SIZE, is_ok=True, detail=f"{largest}, arrives")
    return BrokerFinding(BrokerQuestion.SIZE, is_ok=False, detail=f"{largest}: {end}", advice=LARGER)


def ask_queue(address: MqttAddress) -> BrokerFinding:
    """Say whether what comes while Veilleur is away waits for it: two thousand messages for a session of ours."""
    topic, client_id = own_topic(), f"canary-{secrets.token_hex(8)}"
    said = [Outgoing(topic, b"%d ".ljust(QUEUED_BYTES, b"x") % number) for number in range(QUEUED)]
    try:
        with visiting(address, client_id=client_id, subscriptions=(topic,), session_kept=ABSENT_SESSION_KEPT):
            pass
        with visiting(address) as speaker:
            speaker.say(said, within_seconds=ANSWER_SECONDS)
        with visiting(address, client_id=client_id, session_kept=ABSENT_SESSION_KEPT) as returned:
            heard, is_known = _distinct(returned), returned.session_present
    finally:
        with visiting(address, client_id=client_id):
            pass
    if heard == QUEUED:
        detail = f"{QUEUED:,} messages waited for a reader that was away (more were not tried)"
        return BrokerFinding(BrokerQuestion.QUEUE, is_ok=True, detail=detail)
    what = f"it acknowledged {QUEUED:,} messages for a reader that was away, and kept {heard:,}"
    detail = what if is_known else f"{what}: it had forgotten the reader"
    advice = f"mosquitto: max_queued_messages 0 and max_queued_bytes 0 ({DEPLOYED}); tablets send again what is missing"
    return BrokerFinding(BrokerQuestion.QUEUE, is_ok=False, detail=detail, advice=advice)


def _asked(question: BrokerQuestion, ask: Question, address: MqttAddress) -> BrokerFinding:
    try:
        return ask(address)
    except BrokerError as error:
        return BrokerFinding(question, is_ok=False, detail=str(error), advice=OPEN_ACCESS)


def _is_refused(address: MqttAddress, said: Outgoing) -> bool:
    # a visit for each: mosquitto 2.0.11 hangs up after a refusal that it told under MQTT 5
    with visiting(address) as speaker:
        return speaker.say([said], within_seconds=ANSWER_SECONDS) != [None]


def _is(canary: bytes) -> Callable[[Received], bool]:
    return lambda message: message.payload == canary


def _reader(stack: ExitStack, address: MqttAddress, topic: str) -> Visit | None:
    try:
        return stack.enter_context(visiting(address, subscriptions=(topic,)))
    except BrokerError:
        return None


def _distinct(visit: Visit) -> int:
    return len({message.payload for message in visit.hear(QUEUED, within_seconds=SOON_SECONDS)})
