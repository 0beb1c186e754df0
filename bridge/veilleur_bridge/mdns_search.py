"""Looks for a server by its name with multicast DNS, where none of the addresses that a device knows answers."""

from __future__ import annotations

import contextlib
import socket
import struct
import time
from collections.abc import Sequence
from typing import Final

from dnslib import QTYPE, DNSError, DNSQuestion, DNSRecord

from veilleur_bridge.mdns import PORT, SERVICE, send_to_group

ANSWER_SECONDS: Final = 1.5
PACKET_BYTES: Final = 9_000
ANY_INTERFACE: Final = "0.0.0.0"  # noqa: S104 -- the system chooses where to send


def search_server(
    name: str, *, interface: str = ANY_INTERFACE, port: int = PORT, within_seconds: float = ANSWER_SECONDS
) -> Sequence[tuple[str, int]]:
    """Return where the service of this name answers now (address and port); none where nobody tells in time.

    Anybody in the network may answer: what is found is an address to try, the server's key says whether to trust it.
    """
    question = DNSRecord(q=DNSQuestion(f"{name}.{SERVICE}", QTYPE.SRV))
    question.header.rd = 0
    deadline = time.monotonic() + within_seconds
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        try:
            send_to_group(line, interface, question.pack(), port)
        except OSError:
            return ()
        while (left := deadline - time.monotonic()) > 0:
            line.settimeout(left)
            with contextlib.suppress(OSError, DNSError, ValueError, IndexError, struct.error):
                if found := _places(DNSRecord.parse(line.recvfrom(PACKET_BYTES)[0]), f"{name}.{SERVICE}"):
                    return found
    return ()


def _places(answer: DNSRecord, instance: str) -> Sequence[tuple[str, int]]:
    services = [one for one in answer.rr if one.rtype == QTYPE.SRV and str(one.rname).lower() == instance.lower()]
    return tuple(
        (str(one.rdata), service.rdata.port)
        for service in services
        for one in answer.rr
        if one.rtype in {QTYPE.A, QTYPE.AAAA} and str(one.rname).lower() == str(service.rdata.target).lower()
    )
