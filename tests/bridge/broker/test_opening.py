"""The embedded broker opened to the network: encrypted at once, by a key that lasts, and no session lost over it."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from tests.bridge.mqtt.mqtt_parts import down, now, options, payloads, publish_all, publisher, store, up
from tests.servers.embedded import EmbeddedServer, running_embedded_broker
from tests.waiting import until
from veilleur_bridge.broker.certificate import CertificateFiles, read_or_make_certificate, renew_certificate
from veilleur_bridge.broker.opening import close_broker, open_broker, opened_to
from veilleur_bridge.broker.running import running_broker
from veilleur_bridge.errors import BrokerError
from veilleur_bridge.mqtt_url import MqttAddress, MqttScheme
from veilleur_bridge.sources.mqtt import MqttSource

TOPIC = "veilleur/1/devices/salon-1/notifications"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    with running_embedded_broker(tmp_path) as running:
        yield running


def address(server: EmbeddedServer) -> MqttAddress:
    found = running_broker(server.settings.folder)
    if found is None:
        raise BrokerError("it is between two runs")
    return found


def listening(server: EmbeddedServer, scheme: MqttScheme) -> MqttAddress:
    """Wait until the broker has followed the operator."""

    def followed() -> bool:
        return server.broker.state().is_up and server.broker.address.scheme is scheme

    until(followed, within_seconds=30, what=f"it listens with {scheme}")
    return address(server)


def test_it_is_opened_and_closed_again_while_it_runs_and_no_session_is_lost(server: EmbeddedServer) -> None:
    """Seen to catch an `_is_to_move` that is never true: it listened unencrypted for ever."""
    follower = replace(options("mqtt://127.0.0.1:1", "daemon"), whereabouts=lambda: address(server))
    with closing(MqttSource(follower, clock=now)) as daemon:
        up(daemon.state)
        open_broker(server.settings.folder, "127.0.0.1")
        opened = listening(server, MqttScheme.MQTTS)
        publish_all(opened.url(), [b"while it is open"], TOPIC)
        assert payloads(store(daemon, 1)) == [b"while it is open"]

        daemon.close()
        publish_all(opened.url(), [b"while the daemon is away"], TOPIC)
        close_broker(server.settings.folder)
        closed = listening(server, MqttScheme.MQTT)
        with closing(MqttSource(options(closed.url(), "daemon"), clock=now)) as again:
            # An acknowledgement may cross the broker's own repetition: what is stored may come again.
            came = until(lambda: again.take(9, 0.1), within_seconds=30, what="something comes")
            while b"while the daemon is away" not in payloads(came):
                assert payloads(came) == [b"while it is open"]
                came = until(lambda: again.take(9, 0.1), within_seconds=30, what="what waited comes")


@pytest.mark.attack
def test_nobody_is_let_in_unencrypted_once_it_is_open(server: EmbeddedServer) -> None:
    """Seen to catch a configuration without its tls block: our own encrypted round trip found no broker."""
    device = server.address_of("salon-1")
    open_broker(server.settings.folder, "127.0.0.1")
    opened = listening(server, MqttScheme.MQTTS)

    encrypted = replace(device, scheme=MqttScheme.MQTTS, key_sha256=opened.key_sha256)
    with publisher(encrypted.url(), client_id="salon-1") as link:
        up(link.state)
    with publisher(device.url(), client_id="salon-1") as plain:
        until(lambda: plain.state().connections > 2, within_seconds=30, what="it is tried")
        assert not plain.state().is_up


def test_who_is_connected_and_under_which_name_is_told(server: EmbeddedServer) -> None:
    device = server.address_of("salon-1")
    with publisher(device.url(), client_id="under-another-name") as link:
        up(link.state)

        until(
            lambda: [(one.user, one.client_id) for one in server.heard] == [("salon-1", "under-another-name")],
            within_seconds=30,
            what="the broker tells",
        )
        assert abs(server.heard[0].since_at - now()) < timedelta(seconds=20)
    until(lambda: not server.heard, within_seconds=30, what="and that it is gone")


@pytest.mark.attack
def test_the_observer_may_ask_who_is_connected_and_nothing_else(server: EmbeddedServer) -> None:
    configured = server.settings.configuration_file.read_text()
    users = json.loads(configured[configured.index("users: ") + 7 : configured.rindex("]") + 1])
    (observer,) = [user for user in users if user["allowed_connection_types"] == ["STANDARD"]]

    assert observer["permissions"] == {
        "publish": {"allow": ["$SYS.REQ.ACCOUNT.PING.CONNZ"]},
        "subscribe": {"allow": ["_INBOX.>"]},
    }
    assert all(user["allowed_connection_types"] == ["MQTT"] for user in users if user is not observer)


def test_a_renewed_certificate_has_the_same_key_and_is_shown_within_seconds(server: EmbeddedServer) -> None:
    open_broker(server.settings.folder, "127.0.0.1")
    before = listening(server, MqttScheme.MQTTS)
    shown = certificate_shown(server.port)

    renewed = renew_certificate(server.settings.certificate_files)

    until(lambda: certificate_shown(server.port) not in {shown, None}, within_seconds=30, what="the new one is shown")
    assert address(server) == before
    assert renewed.key_sha256 == before.key_sha256


def certificate_shown(port: int) -> str | None:
    try:
        return ssl.get_server_certificate(("127.0.0.1", port), timeout=2)
    except OSError:
        return None


def test_an_address_that_is_none_opens_nothing(tmp_path: Path) -> None:
    with pytest.raises(BrokerError, match="no address of this machine"):
        open_broker(tmp_path, "the-office")

    assert opened_to(tmp_path) is None


def files(folder: Path) -> CertificateFiles:
    return CertificateFiles(folder / "keys" / "broker.tls.pem", folder / "broker" / "certificate.pem")


@pytest.mark.privacy
def test_key_and_certificate_are_private_and_hold_ten_years(tmp_path: Path) -> None:
    made = read_or_make_certificate(files(tmp_path))

    assert [file.stat().st_mode & 0o777 for file in (files(tmp_path).key_file, files(tmp_path).certificate_file)] == [
        0o600,
        0o600,
    ]
    assert timedelta(days=3649) < made.expires_at - datetime.now(UTC) < timedelta(days=3651)
    assert read_or_make_certificate(files(tmp_path)) == made


def test_the_certificate_names_this_machine_as_others_may_call_it(tmp_path: Path) -> None:
    made = read_or_make_certificate(files(tmp_path))

    certificate = x509.load_pem_x509_certificate(files(tmp_path).certificate_file.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {"localhost", f"{made.server_name}.local"} <= set(names.get_values_for_type(x509.DNSName))
    assert "127.0.0.1" in {str(one) for one in names.get_values_for_type(x509.IPAddress)}


def test_a_new_key_is_made_only_when_it_is_asked_for(tmp_path: Path) -> None:
    made = read_or_make_certificate(files(tmp_path))

    assert renew_certificate(files(tmp_path)).key_sha256 == made.key_sha256
    assert renew_certificate(files(tmp_path), has_new_key=True).key_sha256 != made.key_sha256


def test_a_lost_key_is_told_and_never_quietly_made_anew(tmp_path: Path) -> None:
    """Seen to catch a `read_or_make_certificate` that makes what is missing: the loss was not told."""
    read_or_make_certificate(files(tmp_path))
    files(tmp_path).key_file.unlink()

    with pytest.raises(BrokerError, match="--new-key"):
        read_or_make_certificate(files(tmp_path))


def test_a_certificate_of_another_key_is_told(tmp_path: Path) -> None:
    read_or_make_certificate(files(tmp_path))
    read_or_make_certificate(files(tmp_path / "other"))
    files(tmp_path / "other").key_file.replace(files(tmp_path).key_file)

    with pytest.raises(BrokerError, match="--renew"):
        read_or_make_certificate(files(tmp_path))


@pytest.mark.parametrize("damage", ["", "no certificate"])
def test_a_damaged_certificate_is_told_with_the_way_out(tmp_path: Path, damage: str) -> None:
    read_or_make_certificate(files(tmp_path))
    files(tmp_path).certificate_file.write_text(damage)

    with pytest.raises(BrokerError, match="--renew"):
        read_or_make_certificate(files(tmp_path))


def test_a_started_broker_is_open_where_it_was_opened_before(tmp_path: Path) -> None:
    with running_embedded_broker(tmp_path) as server:
        open_broker(server.settings.folder, "127.0.0.1")
        key = listening(server, MqttScheme.MQTTS).key_sha256
    with running_embedded_broker(tmp_path) as again:
        assert again.broker.address.scheme is MqttScheme.MQTTS
        assert again.broker.address.key_sha256 == key


@pytest.mark.attack
def test_a_tls_client_that_trusts_another_key_is_not_served(server: EmbeddedServer) -> None:
    open_broker(server.settings.folder, "127.0.0.1")
    opened = listening(server, MqttScheme.MQTTS)
    with publisher(replace(opened, key_sha256="0" * 64).url(), client_id="distrusts") as link:
        down(link.state, "is not trusted, nothing was sent")
