"""Services by apprise, to real servers on loopback: e-mail over SMTP, and an endpoint as ntfy's."""

from __future__ import annotations

import re
import socket
from base64 import b64encode
from ipaddress import ip_network

import pytest
from msgspec.structs import replace

from tests.daemon.delivery.outgoing import (
    LOOPBACK,
    SOON_S,
    UNHURRIED,
    add_service,
    channels_with,
    outgoing_with,
    send_until,
    sending,
    tell,
)
from tests.servers.hook import Fault, Hook, running_hook
from tests.servers.mail import running_mail
from veilleur.app.clock import utc_now
from veilleur.delivery.addresses import AddressGuard
from veilleur.delivery.channel import Message
from veilleur.model.delivery import AttemptOutcome, DeliveryId, DeliveryState, Notice, ReceiverId, ReceiverKind
from veilleur.model.errors import ReceiverRefused
from veilleur.store.database import Database

SENT = DeliveryState.SENT
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
ID = DeliveryId("0123456789abcdef0123456789abcdef")


def message(text: str = "plastique", *, is_repeat: bool = False) -> Message:
    notice = Notice(receiver_id=ReceiverId(1), subject="Pic", text=text, queued_at=utc_now())
    return Message(delivery_id=ID, is_repeat=is_repeat, sent_at=utc_now(), told=notice)


def test_mail_arrives_once_with_its_delivery_id_after_a_refusal(database: Database) -> None:
    out = outgoing_with(timeout_s=SOON_S)
    with running_mail() as mailbox:
        mailbox.refusals.append("451 later")
        url = f"mailto://127.0.0.1:{mailbox.port}/?from=veilleur@example.org&to=equipe@example.org"
        added = add_service(database, out, url)
        tell(database, added.receiver.id, "plastique")
        with sending(database, out, UNHURRIED) as turn:
            (sent,) = send_until(database, turn, SENT, 1)
    (came,) = mailbox.came
    body = came.get_body(("plain", "html"))
    assert body is not None
    assert "plastique" in body.get_content()
    assert sent.id in body.get_content()
    assert came["X-Veilleur-Delivery"] == sent.id
    assert len(sent.attempts) == 2


def test_words_in_a_mail_are_words_and_never_mark_up() -> None:
    """Broken, and caught: `notify` without `body_format`: the words had become mark-up."""
    words = 'first <img src="http://tracker.test/x.png">\nsecond & last'
    services = channels_with(LOOPBACK, timeout_s=SOON_S)(ReceiverKind.SERVICE)
    with running_mail() as mailbox:
        address = f"mailto://127.0.0.1:{mailbox.port}/?from=veilleur@example.org&to=equipe@example.org"
        assert services.send(address, message(words)).outcome == AttemptOutcome.DELIVERED
    (came,) = mailbox.came
    plain = came.get_body(("plain",))
    assert plain is not None
    assert words in plain.get_content().replace("\r\n", "\n")
    assert all(part.get_content_type() != "text/html" for part in came.walk())


def test_a_page_is_sent_by_mail_as_one_with_the_delivery_s_id_and_elsewhere_as_words(hook: Hook) -> None:
    """Catches `notice.html` left out of `_written`."""
    services = channels_with(LOOPBACK, timeout_s=SOON_S)(ReceiverKind.SERVICE)
    page = "<html><body><table><tr><td>Revue de veille</td></tr></table></body></html>"
    sent = message(is_repeat=True)
    sent = replace(sent, told=replace(sent.told, html=page))
    with running_mail() as mailbox:
        address = f"mailto://127.0.0.1:{mailbox.port}/?from=veilleur@example.org&to=equipe@example.org"
        assert services.send(address, sent).outcome == AttemptOutcome.DELIVERED
    html = mailbox.came[0].get_body(("html",))
    assert html is not None
    assert "<td>Revue de veille</td>" in html.get_content()
    assert f"Veilleur {ID} (sent again" in html.get_content()
    assert services.send(f"ntfy://127.0.0.1:{hook.port}/veille", sent).outcome == AttemptOutcome.DELIVERED
    assert "<table>" not in hook.came[-1].body.decode()
    assert "plastique" in hook.came[-1].body.decode()


def test_a_logo_goes_beside_the_page_of_a_mail_for_readers_show_none_that_is_within_it() -> None:
    """Broken line: `attach` left out; it reported a mail not sent, for its page names what is not there."""
    services = channels_with(LOOPBACK, timeout_s=SOON_S)(ReceiverKind.SERVICE)
    page = f'<html><body><img src="data:image/png;base64,{b64encode(PNG).decode()}" alt="">Revue</body></html>'
    sent = replace(message(), told=replace(message().told, html=page))
    with running_mail() as mailbox:
        address = f"mailto://127.0.0.1:{mailbox.port}/?from=veilleur@example.org&to=equipe@example.org"
        assert services.send(address, sent).outcome == AttemptOutcome.DELIVERED
    html = mailbox.came[0].get_body(("html",))
    assert html is not None
    named = re.findall(r'src="([^"]*)"', html.get_content())
    pictures = [part for part in mailbox.came[0].walk() if part.get_content_type() == "image/png"]
    assert [f"cid:{part['Content-ID'].strip('<>')}" for part in pictures] == named
    assert [part.get_content() for part in pictures] == [PNG]
    assert [part.get_content_disposition() for part in pictures] == ["inline"]


def test_an_ntfy_server_is_told_once_more_after_it_failed_and_came_back(database: Database) -> None:
    out = outgoing_with(timeout_s=SOON_S)
    with running_hook() as ntfy:
        ntfy.faults.append(Fault.BROKEN)
        added = add_service(database, out, f"ntfy://127.0.0.1:{ntfy.port}/veille")
        tell(database, added.receiver.id, "plastique")
        with sending(database, out, UNHURRIED) as turn:
            (sent,) = send_until(database, turn, SENT, 1)
    assert [one.outcome for one in sent.attempts] == [AttemptOutcome.REFUSED, AttemptOutcome.DELIVERED]
    assert [sent.id in one.body.decode() and "plastique" in one.body.decode() for one in ntfy.came] == [True, True]


def test_a_service_that_redirects_is_not_followed_and_a_repeat_says_so(hook: Hook) -> None:
    services = channels_with(LOOPBACK, timeout_s=SOON_S)(ReceiverKind.SERVICE)
    hook.faults.append(Fault.MOVED)
    address = f"ntfy://127.0.0.1:{hook.port}/veille?redirect=yes"
    assert services.send(address, message()).outcome == AttemptOutcome.REFUSED
    assert services.send(address, message(is_repeat=True)).outcome == AttemptOutcome.DELIVERED
    assert [one.path for one in hook.came if one.path == "/elsewhere"] == []
    assert "sent again" in hook.came[-1].json["message"]
    french = message(is_repeat=True)
    french = replace(french, told=replace(french.told, language="fr"))
    assert services.send(address, french).outcome == AttemptOutcome.DELIVERED
    assert "second envoi" in hook.came[-1].json["message"]
    assert set(hook.came[-1].headers["x-tags"].split(",")) == {f"veilleur-{ID}", "repeat"}


def test_a_connection_into_the_own_network_is_refused_whatever_name_led_there(hook: Hook) -> None:
    services = channels_with(AddressGuard(), timeout_s=SOON_S)(ReceiverKind.SERVICE)
    # a name that is no address in writing, and resolves to one of the own network
    address = f"ntfy://{socket.gethostname()}:{hook.port}/veille"
    answer = services.send(address, message())
    assert (answer.outcome, hook.came) == (AttemptOutcome.UNREACHED, [])
    assert "VEILLEUR_DELIVERY_NETWORKS" in (answer.detail or "")


@pytest.mark.parametrize(
    "address", ["nothing", "syslog://", "ntfy://127.0.0.1/veille", "mailto://localhost?to=a@example.org"]
)
def test_an_address_that_reaches_nobody_or_the_own_network_is_refused(address: str) -> None:
    with pytest.raises(ReceiverRefused):
        channels_with(AddressGuard())(ReceiverKind.SERVICE).masked(address)


def test_a_masked_address_holds_no_secret() -> None:
    services = channels_with(AddressGuard([ip_network("10.0.0.0/8")]))(ReceiverKind.SERVICE)
    for address in (
        "mailto://user:hunter22@example.org?to=a@example.org",
        "gotify://example.org/hunter22hunter22",
        "tgram://123456789:hunter22hunter22hunter22/12315544/",
        "ntfy://user:hunter22@example.org/topic",
    ):
        assert "hunter22" not in services.masked(address)
