"""`veilleur export --raw`, played into another database: the same mentions, ids and times, whatever the log holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.daemon.store.arrivals import dead
from tests.end_to_end.conftest import RunHere
from tests.end_to_end.made_envelopes import chat, comment, encoded, envelope
from tests.end_to_end.stored_rows import StoredRows, looking_into
from tests.end_to_end.test_sample_week import WEEK
from tests.servers.daemon import Installation
from veilleur.store.commit import commit_batch
from veilleur.store.opening import open_database
from veilleur_bridge.envelope import MAX_ENVELOPE_BYTES

FUTURE_MS = 4_000_000_000_000
TABLES = (
    "SELECT id, epoch, seq, envelope_id, received_at, sha256, changed FROM notifications ORDER BY id",
    "SELECT * FROM outcomes ORDER BY notification_id",
    "SELECT from_seq, through_seq FROM lost_ranges ORDER BY 1, 2",
    "SELECT epoch, watermark FROM epochs ORDER BY 1",
    "SELECT epoch, seq, received_at, sha256 FROM dead_letters WHERE recovered_at IS NULL ORDER BY sha256",
)
Json = dict[str, Any]
Lines = list[bytes]
Told = Callable[[Installation], tuple[str, list[list[tuple[Any, ...]]]]]


@pytest.fixture
def told(run_here: RunHere) -> Told:
    """Return all that is told and stored: mentions as a person would save them, and the rows of the raw log."""

    def ask(installation: Installation) -> tuple[str, list[list[tuple[Any, ...]]]]:
        ran = run_here(installation, "mentions", "--format", "jsonl", "--all")
        with looking_into(installation.database_url) as stored:
            return ran.out, [compared(stored, statement) for statement in TABLES]

    return ask


def compared(stored: StoredRows, statement: str) -> list[tuple[Any, ...]]:
    return [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in stored.rows(statement)]


def strange_log() -> Lines:
    """Return a log with everything that a replay could lose: codes, lost seqs, late ones, no seqs, absurd times."""
    private = {"channel": "comment_push", "title": "TikTok", "text": "Zoé a commenté : ton code est 482913 pour TikTok"}
    unknown = {"key": "k", "channel": "?", "title": "TikTok", "text": "Ein Wortlaut, den niemand kennt"}
    long = {**private, "key": "0|long|1", "big_text": "Votre code : 4821, 4822 " * 10_800}
    lost = {**envelope(6, "veilleur.spool", {}), "event": "lost", "through_seq": 9, "reason": "cap"}
    imported = {name: value for name, value in comment(50).items() if name not in {"epoch", "seq"}}
    nul = {"key": "0|nul|1", **private, "text": "Ondine a commenté : avant\0après"}
    message = {"at_ms": FUTURE_MS, "sender": "Maëlle", "text": "à demain"}
    later = chat(12)["notification"] | {"key": "later", "messages": [message]}
    return [
        *(encoded(chat(seq)) for seq in (2, 4)),
        encoded(comment(1)),
        encoded(envelope(3, "com.zhiliaoapp.musically", {"key": "0|code|1", **private})),
        encoded({name: value for name, value in lost.items() if name != "notification"}),
        encoded(comment(7)),
        encoded(envelope(10, "com.zhiliaoapp.musically", unknown)),
        encoded({**imported, "id": "imported-1"}),
        json.dumps({**comment(11), "captured_at": "2099-01-01T00:00:00Z"}).encode(),
        encoded(envelope(12, "com.whatsapp.w4b", later)),
        encoded(envelope(13, "com.zhiliaoapp.musically", long)),
        json.dumps(envelope(14, "com.zhiliaoapp.musically", nul)).encode(),
        encoded({**comment(15), "stored": {"received_at": "2020-01-01T00:00:00+00:00"}, "x": 1}),
    ]


def play(run_here: RunHere, place: Installation, lines: Lines) -> None:
    place.folder.mkdir(parents=True, exist_ok=True)
    log = place.folder / "made.jsonl"
    log.write_bytes(b"\n".join(lines) + b"\n")
    ran = run_here(place, "replay", str(log))
    assert ran.code == 0, ran.err


def bury(place: Installation) -> None:
    """Keep two dead letters, of which one takes a seq: the watermark passes it."""
    database = open_database(place.database_url)
    head = b'{"v":1,"id":"broken","device":"salle-1","epoch":"e1","seq":1,"event":"posted",\n'
    commit_batch(database, [dead(head, seq=1), dead(b"\xff\x00 no envelope \n")], now_ms=0)
    database.close()


def test_the_sample_week_written_out_and_played_again_is_the_same_to_the_last_field(
    empty: Installation, tmp_path: Path, run_here: RunHere, told: Told
) -> None:
    """Broken once: `_delivered` took the time of the replay for the time of receipt; every `received_at` differed."""
    first, log = Installation(tmp_path / "first"), tmp_path / "log.jsonl"
    run_here(first, "replay", str(WEEK))

    assert run_here(first, "export", "--raw", "-o", str(log)).code == 0
    assert run_here(empty, "replay", str(log)).code == 0

    assert told(empty) == told(first)


def test_a_log_of_everything_strange_written_out_and_played_again_is_the_same_and_so_is_its_export(
    empty: Installation, tmp_path: Path, run_here: RunHere, told: Told
) -> None:
    """Broken once: the list of what was changed was not written; `changed` of the screened records was empty."""
    first, log, again = Installation(tmp_path / "first"), tmp_path / "log.jsonl", tmp_path / "again.jsonl"
    play(run_here, first, strange_log())
    bury(first)

    assert run_here(first, "export", "--raw", "-o", str(log)).code == 0
    replayed = run_here(empty, "replay", str(log))

    assert (replayed.code, replayed.out.split()[8:10]) == (1, ["dead", "2"])
    assert b"482913" not in log.read_bytes()
    assert max(map(len, log.read_bytes().splitlines())) > MAX_ENVELOPE_BYTES
    mentions, rows = told(empty)
    assert (mentions, rows) == told(first)
    assert [len(table) for table in rows] == [13, 13, 1, 2, 2]
    assert mentions.count('"time_quality":"received"') >= 1
    run_here(empty, "export", "--raw", "-o", str(again))
    assert again.read_bytes() == log.read_bytes()


def test_played_twice_it_adds_nothing(tmp_path: Path, run_here: RunHere, told: Told) -> None:
    first, log = Installation(tmp_path / "first"), tmp_path / "log.jsonl"
    play(run_here, first, strange_log())
    bury(first)
    before = told(first)

    run_here(first, "export", "--raw", "-o", str(log))
    run_here(first, "replay", str(log))

    assert told(first) == before


def test_a_part_is_chosen_by_device_and_time_of_receipt(tmp_path: Path, run_here: RunHere) -> None:
    place = Installation(tmp_path / "first")
    play(run_here, place, [encoded(comment(1)), encoded({**comment(2), "device": "salle-2"})])

    def seqs(*options: str) -> list[int]:
        return [json.loads(line)["seq"] for line in run_here(place, "export", "--raw", *options).out.splitlines()]

    assert seqs() == [1, 2]
    assert seqs("--device", "salle-2") == [2]
    assert seqs("--since", "1h") == [1, 2]
    assert seqs("--until", "2026-01-01") == []


@pytest.mark.privacy
def test_without_private_rows_only_what_is_known_to_be_public_is_written(tmp_path: Path, run_here: RunHere) -> None:
    place = Installation(tmp_path / "first")
    play(run_here, place, [encoded(comment(1)), encoded(chat(2))])
    bury(place)

    written = run_here(place, "export", "--raw", "--public").out.splitlines()

    assert [json.loads(line)["seq"] for line in written] == [1]
