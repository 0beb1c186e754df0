"""Trust by the key: every kind of key is found in its certificate, and no byte goes to a server with another one."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from tests.bridge.mqtt.mqtt_parts import down, publish_all, publisher
from tests.servers.certificates import Key, ServerCertificate, make_certificate
from tests.servers.mosquitto import running_mosquitto
from tests.servers.ports import free_port
from veilleur_bridge.tls import client_context, key_sha256_of


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP521R1()),
        rsa.generate_private_key(65_537, 2048),
        ed25519.Ed25519PrivateKey.generate(),
    ],
    ids=["P-256", "P-521", "RSA", "Ed25519"],
)
def test_the_fingerprint_is_that_of_the_key_whatever_its_kind(tmp_path: Path, key: Key) -> None:
    made = make_certificate(tmp_path, key=key, name="a-name-that-needs-a-length-of-two-bytes.example")

    assert key_sha256_of(made.der) == made.key_sha256


@pytest.mark.parametrize("cut", [0, 1, 2, 20, 100, 200])
def test_what_is_no_certificate_is_refused(tmp_path: Path, cut: int) -> None:
    made = make_certificate(tmp_path)

    with pytest.raises(ValueError, match="cut off"):
        key_sha256_of(made.der[:cut])


def test_a_fingerprint_that_is_none_makes_no_context() -> None:
    with pytest.raises(ValueError, match="64 hexadecimal"):
        client_context("9f86")


def test_without_a_key_the_authorities_and_the_name_are_checked() -> None:
    context = client_context(None)

    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


def listener(made: ServerCertificate, port: int) -> str:
    """Return the configuration of a TLS listener beside the plain one."""
    return f"listener {port} 127.0.0.1\ncertfile {made.certificate_file}\nkeyfile {made.key_file}"


@pytest.mark.parametrize("days_left", [365, -1], ids=["valid", "expired"])
def test_the_pinned_key_is_trusted_whatever_the_name_and_the_date(tmp_path: Path, days_left: int) -> None:
    made, port = make_certificate(tmp_path / "tls", name="elsewhere.example", days_left=days_left), free_port()
    with running_mosquitto(tmp_path, extra=listener(made, port)):
        publish_all(f"mqtts://127.0.0.1:{port}?key_sha256={made.key_sha256}", [b"told"])


@pytest.mark.attack
def test_a_server_with_another_key_is_told_nothing(tmp_path: Path) -> None:
    """Seen to catch a `do_handshake` without the comparison: the link came up."""
    made, port = make_certificate(tmp_path / "tls"), free_port()
    with (
        running_mosquitto(tmp_path, extra=listener(made, port)) as server,
        publisher(f"mqtts://rio:secret@127.0.0.1:{port}?key_sha256={'0' * 64}", client_id="rio-of-the-tablet") as link,
    ):
        down(link.state, "is not trusted, nothing was sent")

        assert "rio-of-the-tablet" not in server.log


@pytest.mark.attack
def test_an_unknown_authority_is_told_nothing_either(tmp_path: Path) -> None:
    made, port = make_certificate(tmp_path / "tls"), free_port()
    with (
        running_mosquitto(tmp_path, extra=listener(made, port)) as server,
        publisher(f"mqtts://rio:secret@localhost:{port}", client_id="rio-of-the-tablet") as link,
    ):
        down(link.state, "is not trusted, nothing was sent")

        assert "rio-of-the-tablet" not in server.log
