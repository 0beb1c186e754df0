"""Mentions as Parquet; imported only where it is asked for, since pyarrow is an extra."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

import pyarrow as pa
from pyarrow.parquet import ParquetWriter

from veilleur.exports.columns import COLUMNS, ColumnKind, flat_values
from veilleur.exports.request import ExportRequest
from veilleur.model.mention import Mention
from veilleur.model.wire import completeness_fields, dump_line

_ROWS_IN_GROUP: Final = 20_000
_ROWS_AT_ONCE: Final = 1_000
_TYPES: Final = {
    ColumnKind.TEXT: pa.string(),
    ColumnKind.LIST: pa.string(),
    ColumnKind.INTEGER: pa.int64(),
    ColumnKind.NUMBER: pa.float64(),
    ColumnKind.FLAG: pa.bool_(),
    ColumnKind.INSTANT: pa.timestamp("ms", tz="UTC"),
}
_SCHEMA: Final = pa.schema([(column.name, _TYPES[column.kind]) for column in COLUMNS])
COMPLETENESS_KEY: Final = "veilleur.completeness"


def parquet_chunks(mentions: Iterable[Mention], asked: ExportRequest) -> Iterator[bytes]:
    """Yield the file as its row groups are full; what could not be seen stands in its metadata."""
    sink = _Sink()
    waiting = iter(mentions)
    with ParquetWriter(sink, _SCHEMA, compression="zstd") as writer:
        while batches := list(_batches(waiting)):
            writer.write_table(pa.Table.from_batches(batches, _SCHEMA))
            yield sink.taken()
        told = dump_line(completeness_fields(asked.completeness())).decode()
        writer.add_key_value_metadata({COMPLETENESS_KEY: told})
    yield sink.taken()


def _batches(waiting: Iterator[Mention]) -> Iterator[pa.RecordBatch]:
    """Yield the batches of one row group, each made of columns at once: the mentions themselves are let go."""
    for _ in range(_ROWS_IN_GROUP // _ROWS_AT_ONCE):
        rows = [flat_values(mention) for mention in islice(waiting, _ROWS_AT_ONCE)]
        if not rows:
            return
        columns = [pa.array(values, field.type) for values, field in zip(zip(*rows, strict=True), _SCHEMA, strict=True)]
        yield pa.RecordBatch.from_arrays(columns, schema=_SCHEMA)


class _Sink(io.RawIOBase):
    """Takes what the writer writes until it is fetched."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # the writer hands it bytes alone
        self._held += data
        return len(data)

    def taken(self) -> bytes:
        """Return what came since the last call."""
        held = bytes(self._held)
        self._held.clear()
        return held
