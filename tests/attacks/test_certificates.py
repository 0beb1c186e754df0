"""Trial 30: a certificate that expired, was renewed, or is of another key: never a word in clear, told long before."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.attacks.eavesdropper import Eavesdropper, listening_on_the_line
from tests.attacks.places import VICTIM, Tablet, paired, running_tablet, tablet_options
from tests.end_to_end.stored_rows import StoredRows, looking_into
from tests.faults.granted import granted_seconds
from tests.servers.certificates import ServerCertificate, make_certificate
from tests.servers.daemon import Daemon, Installation, Role, running_over
from tests.servers.mosquitto import running_mosquitto
from tests.servers.ports import free_port
from tests.waiting import until
from veilleur_bridge.broker.running import running_broker
from veilleur_bridge.mqtt_url import MqttAddress
from veilleur_bridge.pairing import PairingCode

pytestmark = pytest.mark.attack
BACK_WITHIN_SECONDS = 10.0
ELSEWHERE = "127.0.0.2"  # on Linux all of 127/8 is this machine
QUICK = {"VEILLEUR_WATCH_INTERVAL_S": "0.2"}


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """A daemon whose broker is open, a tablet paired over the network, and somebody on the line between them."""

    daemon: Daemon
    stored: StoredRows
    line: Eavesdropper
    code: PairingCode

    @property
    def installation(self) -> Installation:
        return self.daemon.installation

    def address(self) -> MqttAddress:
        return replace(self.code.broker_addresses()[0], host="127.0.0.1", port=self.line.port)

    @contextmanager
    def tablet(self) -> Iterator[Tablet]:
        folder = self.installation.folder / "spool"
        with running_tablet(VICTIM, folder, tablet_options(self.address(), VICTIM)) as tablet:
            yield tablet

    def stored_count(self) -> int:
        return self.stored.count("notifications")

    def certificate_file(self) -> Path:
        return self.installation.data_dir / "broker" / "certificate.pem"

    def put_certificate(self, *, days_left: int) -> None:
        """Put another certificate of the broker's own key in place of the one that it shows."""
        (key_file,) = (self.installation.folder / "keys").glob("*.tls.pem")
        key = load_pem_private_key(key_file.read_bytes(), password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        made = make_certificate(self.installation.folder / "made", key=key, days_left=days_left)
        made.certificate_file.replace(self.certificate_file())

    def is_open_alarm(self) -> bool:
        query = "SELECT count(*) FROM alarms WHERE code = 'certificate_expires' AND until IS NULL"
        return bool(self.stored.rows(query)[0][0])

    def nothing_was_said_in_clear(self) -> None:
        for words in (b"MQTT", VICTIM.encode(), self.code.secret.encode(), b"plate number"):
            assert not self.line.said_in_clear(words), words
        assert any(heard.startswith(b"\x16\x03") for heard in self.line.heard), "TLS was spoken"


@contextmanager
def open_place(folder: Path) -> Iterator[OpenPlace]:
    installation = Installation(folder, settings=QUICK)
    opened = installation.run("broker", "open", "--address", "127.0.0.1")
    assert opened.code == 0, opened.err
    with (
        running_over(installation, Role.UP) as daemon,
        looking_into(installation.database_url) as stored,
        listening_on_the_line(installation.mqtt_port) as line,
    ):
        yield OpenPlace(daemon, stored, line, paired(installation, VICTIM))


def test_an_expired_certificate_of_the_known_key_is_told_and_costs_neither_a_row_nor_a_word_in_clear(
    tmp_path: Path,
) -> None:
    """A tablet trusts the key: its clock may be wrong. Seen to catch a `BrokerWatch` without its look: no alarm."""
    with open_place(tmp_path) as place, place.tablet() as tablet:
        tablet.show(5)
        tablet.wait_until_empty()
        place.put_certificate(days_left=-1)
        until(place.is_open_alarm, within_seconds=30, what="the alarm certificate_expires")
        tablet.show(5)
        tablet.wait_until_empty()

        assert place.stored_count() == 10
        place.nothing_was_said_in_clear()


def test_the_alarm_comes_two_weeks_before_and_goes_when_the_certificate_is_renewed(tmp_path: Path) -> None:
    """Seen to catch a `TOLD_BEFORE` of a day: no alarm."""
    with open_place(tmp_path) as place:
        assert not place.is_open_alarm()
        place.put_certificate(days_left=15)
        until(place.is_open_alarm, within_seconds=30, what="the alarm certificate_expires")

        assert place.installation.run("broker", "certificate", "--renew").code == 0
        until(lambda: not place.is_open_alarm(), within_seconds=30, what="the alarm is over")


def test_a_renewed_certificate_has_tablet_and_daemon_back_within_ten_seconds(tmp_path: Path) -> None:
    """Seen to catch a `renew_certificate` that always makes a key: the tablet never came back."""
    with open_place(tmp_path) as place, place.tablet() as tablet:
        tablet.show(5)
        tablet.wait_until_empty()
        assert place.installation.run("broker", "certificate", "--renew").code == 0
        began = time.monotonic()
        tablet.show(20)
        until(
            lambda: place.stored_count() == 25,
            within_seconds=granted_seconds(BACK_WITHIN_SECONDS),
            what="all is stored",
        )

        assert time.monotonic() - began <= granted_seconds(BACK_WITHIN_SECONDS)
        place.nothing_was_said_in_clear()


def test_a_new_key_is_told_nothing_until_the_tablet_is_paired_again(tmp_path: Path) -> None:
    """The spool keeps everything. Seen to catch a `check_server` that compares nothing: it was not cut off."""
    with open_place(tmp_path) as place:
        with place.tablet() as tablet:
            until(tablet.is_up, within_seconds=30, what="the tablet is connected")
            renewed = place.installation.run("broker", "certificate", "--new-key")
            assert "every tablet must be paired again" in renewed.err
            until(lambda: not tablet.is_up(), within_seconds=30, what="the tablet is cut off")
            tablet.show(20)
            tries = len(place.line.heard)
            until(lambda: len(place.line.heard) > tries + 3, within_seconds=30, what="it goes on trying")

            assert tablet.depth == 20
            assert "not trusted, nothing was sent" in (tablet.program.state().link.last_error or "")
        again = replace(place, code=paired(place.installation, VICTIM))
        with again.tablet() as tablet:
            tablet.wait_until_empty()

        assert again.stored_count() == 20
        place.nothing_was_said_in_clear()


@pytest.mark.parametrize("how", ["unknown authority", "expired"])
def test_at_a_broker_of_ones_own_no_untrusted_certificate_gets_a_word_and_a_good_one_is_back_in_ten_seconds(
    tmp_path: Path, how: str
) -> None:
    """Seen to catch a `client_context` with CERT_NONE: the daemon was connected."""
    key = ec.generate_private_key(ec.SECP256R1())
    bad = make_certificate(tmp_path / "bad", key=key, days_left=-1 if how == "expired" else 365)
    good = make_certificate(tmp_path / "good", key=key)
    trusted = bad.certificate_file if how == "expired" else good.certificate_file
    served, port = tmp_path / "served", free_port()
    serve(served, bad)
    with running_mosquitto(tmp_path / "broker", extra=listener(port, served)) as broker:
        url = f"mqtts://veilleur:hunter2@localhost:{port}"
        settings = QUICK | {"VEILLEUR_MQTT_URL": url, "SSL_CERT_FILE": str(trusted)}
        installation = Installation(tmp_path / "ours", settings=settings)
        daemon = Daemon(installation, Role.INGEST)
        try:
            daemon.launch()
            until(lambda: "not trusted, nothing was sent" in daemon.said, within_seconds=90, what="it is told")
            assert "hunter2" not in daemon.said + broker.log
            with looking_into(installation.database_url) as stored:
                alarms = "SELECT count(*) FROM alarms WHERE code = 'certificate_expires' AND until IS NULL"
                until(lambda: stored.rows(alarms)[0][0] == 1, within_seconds=30, what="the alarm")
                trusted.write_bytes(good.certificate_file.read_bytes())
                serve(served, good)
                broker.restart()
                until(
                    lambda: "mqtt connected" in daemon.said,
                    within_seconds=granted_seconds(BACK_WITHIN_SECONDS),
                    what="it is back",
                )
        finally:
            daemon.stop()


def listener(port: int, served: Path) -> str:
    return f"listener {port} 127.0.0.1\ncertfile {served / 'certificate.pem'}\nkeyfile {served / 'key.pem'}"


def serve(served: Path, made: ServerCertificate) -> None:
    served.mkdir(exist_ok=True)
    (served / "certificate.pem").write_bytes(made.certificate_file.read_bytes())
    (served / "key.pem").write_bytes(made.key_file.read_bytes())


def test_the_tablet_reaches_the_broker_only_where_it_was_opened(tmp_path: Path) -> None:
    """Broken, and caught: `wanted_listening` on every address: "DID NOT RAISE ConnectionRefusedError"."""
    with open_place(tmp_path) as place:
        found = running_broker(place.installation.data_dir / "broker")

        assert found is not None
        with pytest.raises(ConnectionRefusedError), socket.create_connection((ELSEWHERE, found.port), timeout=10):
            pass
        assert (found.host, found.is_encrypted) == ("127.0.0.1", True)
        assert place.code.key_sha256 == found.key_sha256
        assert place.code.expires_at > datetime.now(UTC)
