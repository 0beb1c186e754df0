"""Whatever a receiver does, a sending is over in its time, long before another daemon may begin it anew."""

from __future__ import annotations

import socket
import ssl
import time
from pathlib import Path

import pytest

from tests.daemon.delivery.outgoing import LOOPBACK, SECRET, SOON_S, channels_with
from tests.daemon.delivery.test_services import message
from tests.servers.certificates import make_certificate
from tests.servers.dripping import running_dripper
from tests.waiting import until
from veilleur.delivery.webhook import write_address
from veilleur.model.delivery import AttemptOutcome, ReceiverKind

_TIMEOUT_S = 2.0
_OVER_WITHIN_S = 20.0
_GREETED = b"\x20\x03\x00\x00\x00"
"""A broker's CONNACK (MQTT 5 §3.2): it takes whoever comes."""
_LONG_MESSAGE = b"\x30\xff\xff\x7f"
DRIPPING = [
    ("http", b"HTTP/1.1 "),
    ("ntfy", b"HTTP/1.1 "),
    ("ntfy", b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n"),
    ("mailto", b"220 "),
    ("mailto", b"220 mail.example.org\r\n250"),
    ("mqtt", _GREETED + _LONG_MESSAGE),
]


def _sent_to(scheme: str, port: int) -> tuple[AttemptOutcome, float]:
    """Send one message; return what came of it, and the seconds that it took."""
    is_hook = scheme.startswith("http")
    address = f"{scheme}://localhost:{port}/veille?from=veilleur@example.org&to=equipe@example.org"
    address = write_address(address, SECRET) if is_hook else address
    channel = channels_with(LOOPBACK, timeout_s=_TIMEOUT_S)(ReceiverKind.WEBHOOK if is_hook else ReceiverKind.SERVICE)
    # What a service is sent by is imported now, and not while its time runs.
    channel.masked(address)
    began = time.monotonic()
    answer = channel.send(address, message())
    return answer.outcome, time.monotonic() - began


@pytest.mark.parametrize(("scheme", "begun"), DRIPPING)
def test_who_drips_is_cut_off_in_time_and_may_have_it(scheme: str, begun: bytes) -> None:
    """Broken, and caught: time-outs of single reads alone: e-mail and ntfy were not over after 60 s."""
    with running_dripper(begun) as dripper:
        outcome, seconds = _sent_to(scheme, dripper.port)
        until(lambda: dripper.left_count == dripper.came_count, within_seconds=SOON_S, what="all are cut off")
    assert outcome is AttemptOutcome.UNKNOWN
    assert seconds < _OVER_WITHIN_S


def test_who_drips_under_tls_is_cut_off_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken, and caught: a cut of the socket that TLS had taken the descriptor from: not over after 60 s."""
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.certificate_file))
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(certificate.certificate_file, certificate.key_file)
    with running_dripper(b"HTTP/1.1 ", tls=shown) as dripper:
        outcome, seconds = _sent_to("https", dripper.port)
        until(lambda: dripper.left_count == dripper.came_count, within_seconds=SOON_S, what="all are cut off")
    assert outcome is AttemptOutcome.UNKNOWN
    assert seconds < _OVER_WITHIN_S


@pytest.mark.parametrize("scheme", ["http", "ntfy", "mailto", "mqtt"])
def test_who_takes_a_connection_and_never_speaks_is_left_in_time(scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        outcome, seconds = _sent_to(scheme, mute.getsockname()[1])
    assert outcome is not AttemptOutcome.DELIVERED
    assert seconds < _OVER_WITHIN_S
