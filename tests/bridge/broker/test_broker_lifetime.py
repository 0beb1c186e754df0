"""The embedded broker's life: one for a folder, gone with its daemon, back when it dies, and nothing lost by it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import pytest

from tests.bridge.mqtt.mqtt_parts import now, options, payloads, publish_all, source, store, up
from tests.servers.embedded import ListedDevices, broker_settings, running_embedded_broker
from tests.servers.ports import free_port, is_listening
from tests.servers.scripted_broker import running_script
from tests.waiting import until
from veilleur_bridge.broker.accounts import daemon_address
from veilleur_bridge.broker.embedded import EmbeddedBroker
from veilleur_bridge.broker.running import running_broker
from veilleur_bridge.errors import BrokerError, PortTaken
from veilleur_bridge.sources.mqtt import MqttSource

ROOT = Path(__file__).parents[3]
TOPIC = "veilleur/1/devices/rio/notifications"


@contextmanager
def broker_of_another_process(folder: Path, port: int, *, search_path: str) -> Iterator[tuple[int, int]]:
    """Run the broker in another process; give that process's pid and the broker's, and kill both at the end."""
    command = [sys.executable, "-m", "tests.servers.run_embedded", str(folder), str(port)]
    environment = {"PATH": search_path, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout is not None
        broker_pid = int(next(line for line in daemon.stdout if line.strip().isdigit()))
        try:
            yield daemon.pid, broker_pid
        finally:
            daemon.kill()
            if psutil.pid_exists(broker_pid):
                os.kill(broker_pid, signal.SIGKILL)


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.fault
def test_it_dies_with_its_killed_daemon_and_the_next_start_has_its_messages(tmp_path: Path) -> None:
    """Seen to catch a child started without `setpriv --pdeathsig`: it went on alone."""
    port = free_port()
    with broker_of_another_process(tmp_path, port, search_path=os.environ["PATH"]) as (daemon_pid, broker_pid):
        address = daemon_address(broker_settings(tmp_path).folder, host="127.0.0.1", port=port).url()
        with source(address):
            pass
        publish_all(address, [b"kept over the kill"], TOPIC)
        os.kill(daemon_pid, signal.SIGKILL)
        until(lambda: not is_alive(broker_pid), within_seconds=30, what="the broker dies with its daemon")

    with running_embedded_broker(tmp_path, port=port) as server, source(server.url) as opened:
        assert payloads(store(opened, 1)) == [b"kept over the kill"]


@pytest.mark.fault
def test_an_orphan_is_recognised_by_its_lock_and_ended(tmp_path: Path) -> None:
    """Seen to catch a child that does not inherit the lock: the start failed, the port was taken by the orphan."""
    port = free_port()
    with broker_of_another_process(tmp_path, port, search_path="/nonexistent") as (daemon_pid, orphan_pid):
        os.kill(daemon_pid, signal.SIGKILL)
        until(lambda: not is_alive(daemon_pid), within_seconds=30, what="the daemon is dead")
        assert is_alive(orphan_pid)

        with running_embedded_broker(tmp_path, port=port) as server:
            assert not is_alive(orphan_pid)
            assert server.broker.state().is_up


def test_a_second_broker_for_the_same_folder_is_refused_by_name(tmp_path: Path) -> None:
    with running_embedded_broker(tmp_path) as server:
        second = EmbeddedBroker(broker_settings(tmp_path), ListedDevices(), clock=now)
        with pytest.raises(BrokerError, match=rf"already runs \(pid {os.getpid()}\)"):
            second.start()
        second.stop()

        assert running_broker(server.settings.folder) == server.broker.address
    assert running_broker(server.settings.folder) is None


@pytest.mark.fault
def test_a_killed_child_is_started_again_and_loses_nothing(tmp_path: Path) -> None:
    """Seen to catch a `_run` that ends with its first child."""
    with running_embedded_broker(tmp_path) as server:
        with source(server.url) as before:
            publish_all(server.url, [b"stored", b"not stored"], TOPIC)
            store(before, 1)
        os.kill(server.pid, signal.SIGKILL)
        until(lambda: server.broker.state().restarts, within_seconds=30, what="its end is noticed")
        with closing(MqttSource(options(server.url, "daemon"), clock=now)) as opened:
            up(opened.state)
            # The broker may have died before it read the acknowledgement: then both come.
            (came,) = payloads(store(opened, 1))
            assert came == b"not stored" or payloads(store(opened, 1)) == [b"not stored"]

        until(lambda: server.broker.state().is_up, within_seconds=30, what="the state says that it is back")


def test_a_taken_port_is_told_with_its_holder_and_a_way_out(tmp_path: Path) -> None:
    """Seen to catch a start that leaves the discovery to the child (no pid, no program)."""
    with running_script([]) as holder:
        broker = EmbeddedBroker(broker_settings(tmp_path, port=holder.port), ListedDevices(), clock=now)
        with pytest.raises(PortTaken) as caught:
            broker.start()

    told = str(caught.value)
    assert f"pid {os.getpid()}" in told
    assert psutil.Process().name() in told
    assert "VEILLEUR_MQTT_PORT" in told


def test_once_stopped_nothing_listens_and_it_starts_again_at_once(tmp_path: Path) -> None:
    settings = broker_settings(tmp_path)
    broker = EmbeddedBroker(settings, ListedDevices(), clock=now)
    for _ in range(2):
        broker.start()
        pid = broker.state().pid
        broker.stop()
        assert pid is not None
        assert not is_alive(pid)
        assert not is_listening(settings.port)


@pytest.mark.privacy
def test_a_stored_message_is_unreadable_without_the_key(tmp_path: Path) -> None:
    """Seen to catch a configuration without `cipher`: the words lay in the store."""
    with running_embedded_broker(tmp_path) as server:
        with source(server.url):
            pass
        publish_all(server.url, [b"canary-of-a-private-chat"], TOPIC)
    stored = [file for file in server.settings.folder.rglob("*") if file.is_file()]

    assert any(server.settings.store_folder in file.parents for file in stored)
    assert [file for file in stored if b"canary-of-a-private-chat" in file.read_bytes()] == []


def test_a_lost_key_is_told_before_the_store_is_touched(tmp_path: Path) -> None:
    with running_embedded_broker(tmp_path) as server:
        server.settings.key_file.unlink()

    broker = EmbeddedBroker(server.settings, ListedDevices(), clock=now)
    with pytest.raises(BrokerError, match="is missing, and without it nobody can read"):
        broker.start()


def test_a_broker_that_cannot_start_says_its_last_words_and_leaves_nothing_running(tmp_path: Path) -> None:
    settings = broker_settings(tmp_path)
    settings.store_folder.parent.mkdir(mode=0o700)
    settings.store_folder.write_text("a file where a folder must be")
    broker = EmbeddedBroker(settings, ListedDevices(), clock=now)

    with pytest.raises(BrokerError, match="did not start: it ended with"):
        broker.start()
    assert not is_listening(settings.port)
