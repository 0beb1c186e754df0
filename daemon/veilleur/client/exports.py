"""Files of a server's mentions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, tzinfo

from veilleur.client.transport import Transport
from veilleur.client.zones import zone_name
from veilleur.model.export import Dialect, ExportFormat


class Exports:
    """Operations that answer with a whole file."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def mentions(
        self,
        query: str = "",
        zone: tzinfo = UTC,
        format: ExportFormat = ExportFormat.CSV,  # noqa: A002 - the ending's name
        dialect: Dialect = Dialect.STANDARD,
        *,
        tell: Callable[[int], None] | None = None,  # noqa: ARG002 - a server does not say how far it is
    ) -> Iterator[bytes]:
        """Yield a file piece by piece: every mention of a query, flat; `dialect` is of CSV.

        Asked once: NoAnswer is raised where it breaks off, and what came is no whole file then.
        """
        of_csv = {"dialect": dialect.value} if format is ExportFormat.CSV else {}
        return self._transport.stream(f"/mentions.{format}", q=query, zone=zone_name(zone), **of_csv)
