"""The dumpsys format: one envelope for each record of the current notification list.

The archive is left out: its lines hold neither words nor a time. So are queued and snoozed notifications: they come,
or come again, when Android posts them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from veilleur_bridge.delivery import LogItem, LogProblem
from veilleur_bridge.sources.console_words import repair_console_words
from veilleur_bridge.sources.dumpsys.header import read_header
from veilleur_bridge.sources.dumpsys.notification import read_notification
from veilleur_bridge.sources.dumpsys.record import read_fields
from veilleur_bridge.sources.dumpsys.record_lines import RawRecord, split_records
from veilleur_bridge.sources.imported import imported_delivery
from veilleur_bridge.sources.log_format import FormatReader, LogContext, LogFormat
from veilleur_bridge.sources.log_lines import text_lines
from veilleur_bridge.sources.raw_notification import RawNotification

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
    for found in read_dump(pieces, context.name):
        yield found if isinstance(found, LogProblem) else imported_delivery(found, LogFormat.DUMPSYS, context)


def read_dump(pieces: Iterator[bytes], name: str) -> Iterator[RawNotification | LogProblem]:
    """Yield each record's notification, or the problem with it; `name` begins every origin."""
    are_timed = False
    lines = ((number, repair_console_words(line)) for number, line in text_lines(pieces))
    for record in split_records(lines):
        is_timed = any(entry.text.startswith(_TIME) for entry in record.entries)
        origin = f"{name}:{record.line}"
        if record.is_open or (record.is_last and are_timed and not is_timed):
            yield LogProblem(origin, "the dump ends inside this record", ended_early=True)
        else:
            yield _read_record(record, origin)
        are_timed = are_timed or is_timed


def _read_record(raw: RawRecord, origin: str) -> RawNotification | LogProblem:
    header = read_header(raw.header)
    if raw.flaw or header is None:
        return LogProblem(origin, raw.flaw or "the record's first line cannot be read")
    record = read_fields(raw)
    key = record.fields.get("key") or header.key
    if key is None:
        return LogProblem(origin, "the record has no key")
    return RawNotification(origin, header.package, header.user, read_notification(header, key, record))


DUMPSYS: Final = FormatReader(LogFormat.DUMPSYS, "adb shell dumpsys notification --noredact", recognise, read)
