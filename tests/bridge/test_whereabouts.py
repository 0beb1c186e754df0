"""A device tries every address of its code, then where mDNS says the server is, and trusts the code's key alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tests.bridge.test_pairing import CODE
from veilleur_bridge.whereabouts import PairedWhereabouts


def found_elsewhere(name: str) -> Sequence[tuple[str, int]]:
    assert name == CODE.mdns
    return (("192.0.2.77", 2883), ("2001:db8::77", 2883))


def test_each_address_is_tried_then_what_was_found_then_the_addresses_again() -> None:
    """Seen to catch a `_moved_to` that is never asked: the moved server was not found."""
    whereabouts = PairedWhereabouts(CODE, search=found_elsewhere)

    tried = [whereabouts() for _ in range(8)]

    known = list(CODE.broker_addresses())
    assert tried[:3] == known
    assert [(address.host, address.port) for address in tried[3:5]] == [("192.0.2.77", 2883), ("2001:db8::77", 2883)]
    assert tried[5:] == known
    assert {address.key_sha256 for address in tried} == {CODE.key_sha256}
    assert {address.username for address in tried} == {"salon-1"}


def test_a_code_without_a_name_or_a_key_is_not_searched_for() -> None:
    for code in (
        replace(CODE, mdns=None),
        replace(CODE, key_sha256=None, addresses=("mqtt://127.0.0.1:1883",)),
    ):
        whereabouts = PairedWhereabouts(code, search=found_elsewhere)

        assert {whereabouts().host for _ in range(9)} == {address.host for address in code.broker_addresses()}
