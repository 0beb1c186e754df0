"""Multicast DNS (RFC 6762, RFC 6763): tells the local network where the broker is, so that a moved one is found."""

from __future__ import annotations

import contextlib
import selectors
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address
from typing import Final

import structlog
from dnslib import AAAA, CLASS, PTR, QTYPE, RR, SRV, TXT, A, DNSError, DNSHeader, DNSRecord

GROUP: Final = "224.0.0.251"
PORT: Final = 5353
SERVICE: Final = "_veilleur._tcp.local."
EVERY_SERVICE: Final = "_services._dns-sd._udp.local."
ADDRESS_TTL_SECONDS: Final = 120
SERVICE_TTL_SECONDS: Final = 4_500
HOPS: Final = 255
PACKET_BYTES: Final = 9_000
LOOK_SECONDS: Final = 1.0
# RFC 6762 §5.4 and §10.2: the top bit asks for an answer to us alone, or says that a record is the only one
TOP_BIT: Final = 0x8000
IS_ONLY_ONE: Final = CLASS.IN | TOP_BIT

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Announced:
    """What is told: the service's and the host's name (`veilleur-1a2b3c`), its port, its addresses now."""

    name: str
    port: int
    addresses: Callable[[], Sequence[str]]

    @property
    def host(self) -> str:
        """The host's whole name."""
        return f"{self.name}.local."

    @property
    def instance(self) -> str:
        """The service's whole name."""
        return f"{self.name}.{SERVICE}"


class MdnsResponder:
    """Answers from `start` to `stop`, beside any other responder of this machine; without a network it stays silent.

    `interfaces` gives the IPv4 addresses of the interfaces to speak on; asked anew now and then, as they change.
    """

    def __init__(self, announced: Announced, *, interfaces: Callable[[], Iterable[str]], port: int = PORT) -> None:
        self._announced = announced
        self._interfaces = interfaces
        self._port = port
        self._joined: set[str] = set()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to answer; a port that cannot be had is logged, and nothing else happens."""
        try:
            line = open_line(self._port)
        except OSError as error:
            log.warning("mdns is off: tablets find a moved server by its other addresses", reason=str(error))
            return
        self._thread = threading.Thread(target=self._run, args=(line,), name="mdns", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Say goodbye and end."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self, line: socket.socket) -> None:
        with line, selectors.DefaultSelector() as selector:
            selector.register(line, selectors.EVENT_READ)
            while not self._stopping.is_set():
                self._join_new(line)
                if selector.select(LOOK_SECONDS):
                    with contextlib.suppress(OSError):
                        self._answer(line, *line.recvfrom(PACKET_BYTES))
            self._tell_everyone(line, [_mortal(record) for record in self._records()])

    def _join_new(self, line: socket.socket) -> None:
        wanted = set(self._interfaces())
        for interface in wanted - self._joined:
            with contextlib.suppress(OSError):
                join_group(line, interface)
                self._joined.add(interface)
                self._tell_everyone(line, self._records())
        self._joined &= wanted

    def _answer(self, line: socket.socket, packet: bytes, sender: tuple[str, int]) -> None:
        try:
            asked = DNSRecord.parse(packet)
        except (DNSError, ValueError, IndexError, struct.error) as error:
            log.debug("mdns packet passed over", reason=type(error).__name__)
            return
        if asked.header.qr:
            return
        found = [one for one in self._records() if any(_matches(one, question) for question in asked.questions)]
        if not found:
            return
        records = found + [one for one in self._records() if one not in found]
        is_simple = sender[1] != PORT and sender[1] != self._port
        if is_simple or any(question.qclass & TOP_BIT for question in asked.questions):
            # RFC 6762 §6.7: one that does not listen to the group needs its question back, with its id
            reply = DNSRecord(DNSHeader(id=asked.header.id, qr=1, aa=1), questions=asked.questions if is_simple else [])
            reply.add_answer(*records)
            line.sendto(reply.pack(), sender)
        else:
            self._tell_everyone(line, records)

    def _tell_everyone(self, line: socket.socket, records: Sequence[RR]) -> None:
        packet = DNSRecord(DNSHeader(id=0, qr=1, aa=1))
        packet.add_answer(*records)
        for interface in self._joined:
            with contextlib.suppress(OSError):
                send_to_group(line, interface, packet.pack(), self._port)

    def _records(self) -> list[RR]:
        told = self._announced
        shared = {"rclass": CLASS.IN, "ttl": SERVICE_TTL_SECONDS}
        own = {"rclass": IS_ONLY_ONE, "ttl": ADDRESS_TTL_SECONDS}
        records = [
            RR(SERVICE, QTYPE.PTR, rdata=PTR(told.instance), **shared),
            RR(EVERY_SERVICE, QTYPE.PTR, rdata=PTR(SERVICE), **shared),
            RR(told.instance, QTYPE.SRV, rdata=SRV(port=told.port, target=told.host), **own),
            RR(told.instance, QTYPE.TXT, rdata=TXT("v=1"), **own),
        ]
        for address in map(ip_address, told.addresses()):
            kind, data = (QTYPE.A, A) if isinstance(address, IPv4Address) else (QTYPE.AAAA, AAAA)
            records.append(RR(told.host, kind, rdata=data(str(address)), **own))
        return records


def open_line(port: int) -> socket.socket:
    """Return a socket that shares the port with every other responder. Raises OSError."""
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        line.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, HOPS)
        line.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)
        line.bind(("", port))
    except OSError:
        line.close()
        raise
    return line


def join_group(line: socket.socket, interface: str) -> None:
    """Listen to the group on the interface that has this address. Raises OSError."""
    membership = socket.inet_aton(GROUP) + socket.inet_aton(interface)
    line.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)


def send_to_group(line: socket.socket, interface: str, packet: bytes, port: int) -> None:
    """Send to the group on the interface that has this address. Raises OSError."""
    line.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(interface))
    line.sendto(packet, (GROUP, port))


def _matches(record: RR, question: object) -> bool:
    name, kind = str(getattr(question, "qname", "")).lower(), getattr(question, "qtype", 0)
    return name == str(record.rname).lower() and kind in {record.rtype, QTYPE.ANY}


def _mortal(record: RR) -> RR:
    record.ttl = 0
    return record
