"""Wires `veilleur up`: broker, ingest, API and pages in one process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from veilleur.app.brokering import embedded_broker
from veilleur.app.clock import utc_now
from veilleur.app.foreground import Say, goes_to_the_journal
from veilleur.app.ingesting import Ingest, running_ingest
from veilleur.app.logs import configure_logs
from veilleur.app.one_heap import share_one_heap
from veilleur.app.opening import open_store
from veilleur.app.running import find_running
from veilleur.app.serving import running_server
from veilleur.app.settings import Settings
from veilleur.model.errors import AlreadyRunning
from veilleur.model.readiness import PartState
from veilleur.model.scope import Scope, TokenScope
from veilleur.store.database import Database
from veilleur.store.invitations import invite_first
from veilleur.store.lease import lease
from veilleur.store.people import has_people
from veilleur.store.tokens import create_token, has_tokens
from veilleur_bridge.broker.embedded import EmbeddedBroker
from veilleur_bridge.mqtt_url import MqttAddress, parse_mqtt_url
from veilleur_bridge.stop_signal import stop_signal

_FIRST_TOKEN_SCOPES = (TokenScope.READ_MENTIONS, TokenScope.READ_PRIVATE)


def run_up(settings: Settings, say: Say) -> None:
    """Run everything in the foreground; says its addresses, and once a token for the API.

    Where a daemon of this name already runs and answers, says where, and returns at once.
    """
    stopped = stop_signal()
    share_one_heap()
    configure_logs(settings)
    database = open_store(settings)
    with ExitStack() as stack:
        try:
            stack.enter_context(lease(database, settings.daemon_name, wait_seconds=0))
        except AlreadyRunning as refused:
            running = find_running(settings, refused)
            if running is not None:
                say(f"Veilleur is already running as process {running.pid}: {running.web}")
                return
            # It may be just ending: then the lease is free soon.
            stack.enter_context(lease(database, settings.daemon_name))
        broker = None if settings.mqtt_url else stack.enter_context(embedded_broker(settings, database))
        address = _address(settings, broker)
        ingest = stack.enter_context(running_ingest(settings, database, address))
        web = stack.enter_context(running_server(settings, database, lambda: _parts(broker, ingest)))
        addresses = _addresses(web, address, ingest.link_problem())
        # In one piece: what the log says meanwhile must not stand between a sentence and its link.
        say("\n".join([*addresses, *_first_link(database, web), *_first_token(database, web), "Ctrl+C ends it."]))
        stopped.wait()


def _addresses(web: str, address: MqttAddress, link_problem: str | None) -> Iterator[str]:
    pages = f"{web} (pages), {web}/docs (API)"
    if link_problem is None:
        yield f"Veilleur is up: {pages}, MQTT on {address.host}:{address.port}"
        return
    yield f"Veilleur is up without its broker: {pages}"
    yield f"No connection to the broker yet, and Veilleur goes on trying: {link_problem}"


def _address(settings: Settings, broker: EmbeddedBroker | None) -> MqttAddress:
    return parse_mqtt_url(settings.mqtt_url or "") if broker is None else broker.address


def _parts(broker: EmbeddedBroker | None, ingest: Ingest) -> tuple[PartState, ...]:
    if broker is None:
        return ingest.parts()
    state = broker.state()
    return (PartState("broker", state.is_up, None if state.is_up else state.last_error), *ingest.parts())


def _first_link(database: Database, web: str) -> Iterator[str]:
    if has_people(database):
        return
    if goes_to_the_journal():
        yield "Nobody has an account for the pages yet: `veilleur person link` makes the first administrator's link."
        return
    secret = invite_first(database, Scope(), now=utc_now())
    yield "Open this in a browser to become the first administrator of the pages (good once, for three days):"
    yield f"  {web}/welcome/{secret}"


def _first_token(database: Database, web: str) -> Iterator[str]:
    if has_tokens(database):
        return
    if goes_to_the_journal():
        # which others may read, and which keeps it
        yield "Nobody has a token for the API yet: `veilleur token create NAME --scope read:mentions` makes one."
        return
    token, secret = create_token(database, Scope(), "first", _FIRST_TOKEN_SCOPES, now=utc_now())
    yield f"A token for the API, shown this once (revoke it with `veilleur token revoke {token.id}`):"
    yield f"  {secret}"
    yield f"  curl -H 'Authorization: Bearer {secret}' '{web}/api/v1/mentions'"
