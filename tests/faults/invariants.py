"""What must hold after every trial, whatever was killed, cut or filled up: I1 to I7, each a function that asserts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from http import HTTPStatus
from pathlib import Path

from tests.end_to_end.stored_rows import StoredRows
from tests.faults.made import MARK, Made
from tests.servers.daemon import Daemon
from tests.waiting import until

_NOT_READY_WITHIN_SECONDS = 30
_SHOWN = 5
_RAW_LOG = """
    SELECT devices.name, notifications.epoch, notifications.seq, notifications.sha256
    FROM notifications JOIN devices ON devices.id = notifications.device_id WHERE notifications.seq IS NOT NULL
"""


def raw_log(stored: StoredRows) -> list[Made]:
    """Return the stored side of the ledger."""
    return [Made(device, epoch, seq, bytes(digest)) for device, epoch, seq, digest in stored.rows(_RAW_LOG)]


def ledger_is_stored(stored: StoredRows, made: Collection[Made]) -> None:
    """I1 and I3: each made envelope lies in the raw log exactly once, byte for byte, and nothing else does."""
    log = Counter(raw_log(stored))
    lost = sorted(set(made) - set(log))
    strange = sorted(set(log) - set(made))
    twice = sorted(one for one, times in log.items() if times > 1)
    assert (_told(lost), _told(strange), _told(twice)) == ("", "", ""), "lost, never made, stored twice"


def every_mention_once(stored: StoredRows, count: int) -> None:
    """I2: each envelope's one new mention is there, once, and was told once."""
    facts = (
        stored.count("mentions"),
        stored.one("count(DISTINCT id)", "mentions"),
        stored.one("count(DISTINCT body)", "mentions"),
        stored.one("count(*)", "changes WHERE op = 'created'"),
    )
    assert facts == (count, count, count, count), "mentions, their ids, their words, changes told"


def watermark_is_at_the_end(stored: StoredRows, made: Iterable[Made]) -> None:
    """Check that the watermark of each epoch is its last seq, with nothing above it."""
    last: dict[tuple[str, str], int] = {}
    for one in made:
        last[one.device, one.epoch] = max(last.get((one.device, one.epoch), 0), one.seq)
    query = "SELECT devices.name, epoch, watermark FROM epochs JOIN devices ON devices.id = epochs.device_id"
    watermarks = {(device, epoch): watermark for device, epoch, watermark in stored.rows(query)}
    assert watermarks == last
    assert stored.rows("SELECT from_seq, through_seq FROM received_intervals") == []


def nothing_lost_nothing_twice(stored: StoredRows, made: Collection[Made]) -> None:
    """0/0: I1, I2, I3, the watermark, and no dead letter."""
    ledger_is_stored(stored, made)
    every_mention_once(stored, len(made))
    watermark_is_at_the_end(stored, made)
    assert stored.count("dead_letters") == 0


def spool_reaches_back_to_the_receipt(first_seq: int, stored_through: int) -> None:
    """I5: what a spool no longer holds is stored. Read `first_seq` before `stored_through`: both only grow."""
    assert first_seq <= stored_through + 1, f"the spool begins at {first_seq}, stored is {stored_through}"


def tells_that_it_is_not_ready(daemon: Daemon) -> None:
    """I6: `/readyz` says not ready within 30 s of a stall."""
    until(
        lambda: daemon.readiness() == HTTPStatus.SERVICE_UNAVAILABLE,
        within_seconds=_NOT_READY_WITHIN_SECONDS,
        what="/readyz says that the daemon is not ready",
    )


def logs_hold_no_words(folder: Path, words: str = MARK) -> None:
    """I7: no text of a notification stands in any log of this installation."""
    logs = [path for path in folder.rglob("*.log") if path.is_file()]
    assert logs, f"no log lies in {folder}"
    assert [path.name for path in logs if words.encode() in path.read_bytes()] == []


def _told(rows: Collection[Made]) -> str:
    few = ", ".join(f"{one.device}/{one.epoch}/{one.seq}" for one in list(rows)[:_SHOWN])
    return f"{len(rows)}: {few}" if rows else ""
