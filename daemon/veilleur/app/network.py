"""Wires what an operator says of the embedded broker's network: open, closed, and by which certificate."""

from __future__ import annotations

from veilleur.app.brokering import broker_settings
from veilleur.app.settings import Settings
from veilleur_bridge.broker.certificate import BrokerCertificate, read_or_make_certificate, renew_certificate
from veilleur_bridge.broker.opening import close_broker, open_broker, opened_to


def is_open(settings: Settings) -> bool:
    """Tell whether other machines may reach the embedded broker."""
    return opened_to(settings.broker_dir) is not None


def open_network(settings: Settings, host: str | None = None) -> str:
    """Have the embedded broker listen in the network, encrypted; return on which address."""
    certificate(settings)
    return open_broker(settings.broker_dir, host)


def close_network(settings: Settings) -> None:
    """Have the embedded broker listen on this machine alone."""
    close_broker(settings.broker_dir)


def certificate(settings: Settings) -> BrokerCertificate:
    """Return the embedded broker's certificate, made where there is none."""
    return read_or_make_certificate(broker_settings(settings).certificate_files)


def renewed_certificate(settings: Settings, *, has_new_key: bool) -> BrokerCertificate:
    """Make a new certificate for the embedded broker."""
    return renew_certificate(broker_settings(settings).certificate_files, has_new_key=has_new_key)
