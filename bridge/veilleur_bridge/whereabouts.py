"""Where a paired device looks for its server: at each address of its code in turn, then wherever mDNS says it moved."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from veilleur_bridge.mdns_search import search_server
from veilleur_bridge.mqtt_url import MqttAddress
from veilleur_bridge.pairing import PairingCode

Search = Callable[[str], Sequence[tuple[str, int]]]
MOST_FOUND: Final = 4


class PairedWhereabouts:
    """Called before each connection. What was found is only tried: the key of the code decides whom to trust."""

    def __init__(self, code: PairingCode, *, search: Search = search_server) -> None:
        self._code = code
        self._search = search
        self._round: deque[MqttAddress] = deque(code.broker_addresses())

    def __call__(self) -> MqttAddress:
        """Return the next address to try."""
        if not self._round:
            self._round.extend(self._moved_to())
            self._round.extend(self._code.broker_addresses())
        return self._round.popleft()

    def _moved_to(self) -> list[MqttAddress]:
        if self._code.mdns is None or self._code.key_sha256 is None:
            return []
        found = self._search(self._code.mdns)[:MOST_FOUND]
        written = (f"mqtts://{f'[{host}]' if ':' in host else host}:{port}" for host, port in found)
        return [self._code.broker_address(one) for one in written]
