"""The dumpsys format: one envelope for each record of the current notification list.

The archive is left out: its lines hold neither words nor a time. So are queued and snoozed notifications: they come,
or come again, when Android posts them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from veilleur_bridge.delivery import Delivery, LogItem, LogProblem
from veilleur_bridge.encoding import encode
from veilleur_bridge.sources.console_words import repair_console_words
from veilleur_bridge.sources.dumpsys.header import read_header
from veilleur_bridge.sources.dumpsys.notification import read_notification
from veilleur_bridge.sources.dumpsys.record import read_fields
from veilleur_bridge.sources.dumpsys.record_lines import RawRecord, split_records
from veilleur_bridge.sources.imported import imported_envelope
from veilleur_bridge.sources.log_format import FormatReader, LogContext, LogFormat
from veilleur_bridge.sources.log_lines import text_lines

_SIGNS: Final = re.compile(
    rb"[ \t]*(?:Current Notification Manager state:|(?:Current )?Notification List:"
    rb"|NotificationRecord\(0x[0-9a-fA-F]+: pkg=|DUMP OF SERVICE notification:)"
)
_TIME: Final = "mCreationTimeMs="


def recognise(lines: Sequence[bytes]) -> bool:
    """Tell whether any of the lines is one that only this dump has."""
    return any(_SIGNS.match(line) for line in lines)


def read(pieces: Iterator[bytes], context: LogContext) -> Iterator[LogItem]:
    """Yield a delivery for each record, and a problem for each that cannot be read."""
    are_timed = False
    lines = ((number, repair_console_words(line)) for number, line in text_lines(pieces))
    for record in split_records(lines):
        is_timed = any(entry.text.startswith(_TIME) for entry in record.entries)
        if record.is_open or (record.is_last and are_timed and not is_timed):
            yield LogProblem(_origin(record, context), "the dump ends inside this record", ended_early=True)
        else:
            yield _read_record(record, context)
        are_timed = are_timed or is_timed


def _origin(record: RawRecord, context: LogContext) -> str:
    return f"{context.name}:{record.line}"


def _read_record(raw: RawRecord, context: LogContext) -> LogItem:
    header = read_header(raw.header)
    if raw.flaw or header is None:
        return LogProblem(_origin(raw, context), raw.flaw or "the record's first line cannot be read")
    record = read_fields(raw)
    key = record.fields.get("key") or header.key
    if key is None:
        return LogProblem(_origin(raw, context), "the record has no key")
    notification = read_notification(header, key, record)
    envelope = imported_envelope(notification, header.package, header.user, LogFormat.DUMPSYS, context)
    return Delivery(encode(envelope), context.clock(), _origin(raw, context))


DUMPSYS: Final = FormatReader(LogFormat.DUMPSYS, "adb shell dumpsys notification --noredact", recognise, read)
