"""A port's holder is named, and a free port passes."""

from __future__ import annotations

import os
import socket

import psutil
import pytest

from tests.servers.ports import free_port
from veilleur_bridge.errors import BrokerError, PortTaken
from veilleur_bridge.ports import holder_of, require_free


def test_the_holder_of_a_port_is_named_by_process_and_program() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        holder = holder_of(port)
        with pytest.raises(PortTaken, match=rf"pid {os.getpid()}\).*VEILLEUR_HTTP_PORT"):
            require_free("127.0.0.1", port, setting="VEILLEUR_HTTP_PORT")

    assert holder is not None
    assert (holder.pid, holder.program) == (os.getpid(), psutil.Process().name())


def test_a_free_port_has_no_holder_and_is_let_through() -> None:
    port = free_port()

    assert holder_of(port) is None
    require_free("127.0.0.1", port, setting="VEILLEUR_HTTP_PORT")


@pytest.mark.parametrize("host", ["192.0.2.1", "999.1.1.1", "two..dots", "2001:db8::1"])
def test_an_address_that_is_not_ours_is_told_with_its_own_setting(host: str) -> None:
    with pytest.raises(BrokerError, match=r"cannot listen on the address .* VEILLEUR_HTTP_HOST") as refused:
        require_free(host, free_port(), setting="VEILLEUR_HTTP_PORT", host_setting="VEILLEUR_HTTP_HOST")

    assert host in str(refused.value)
    assert "VEILLEUR_HTTP_PORT" not in str(refused.value)
