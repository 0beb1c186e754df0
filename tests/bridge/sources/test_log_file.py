"""A log is opened, unpacked, told from others and followed to its end, whatever it is."""

from __future__ import annotations

import gzip
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from tests.bridge.sources.dump_printer import Shown, print_dump
from tests.bridge.sources.log_reading import DUMPS, NOW, notifications, problems, read_bytes, read_file
from veilleur_bridge.delivery import Delivery, LogProblem
from veilleur_bridge.envelope import MAX_ENVELOPE_BYTES
from veilleur_bridge.errors import LogError
from veilleur_bridge.sources.log_file import open_log
from veilleur_bridge.sources.log_format import LogFormat
from veilleur_bridge.sources.log_lines import line_batches

ENVELOPE = (
    '{"v":1,"id":"%d","device":"tablet-1","epoch":"e","seq":%d,"event":"posted","captured_at":"2026-11-21T10:00:00.000Z",'
    '"source":{"kind":"companion"},"app":{"package":"a.b"},"notification":{"key":"k","text":"« été »"}}'
)
LINES = [(ENVELOPE % (number, number)).encode() for number in range(1, 2001)]
LOG = b"\n".join(LINES) + b"\n"


def gzipped(content: bytes) -> bytes:
    return gzip.compress(content)


def zstded(content: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(content)


def as_it_is(content: bytes) -> bytes:
    return content


def payloads(content: bytes, *, log_format: LogFormat | None = None) -> list[bytes]:
    return [item.payload for item in read_bytes(content, log_format=log_format) if isinstance(item, Delivery)]


def refusal_of(content: bytes) -> str:
    with pytest.raises(LogError) as refused:
        read_bytes(content)
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize("pack", [as_it_is, gzipped, zstded])
def test_every_line_is_delivered_as_it_stands(pack: Callable[[bytes], bytes]) -> None:
    assert payloads(pack(LOG)) == LINES


@pytest.mark.parametrize("pack", [gzipped, zstded])
def test_packed_logs_one_after_the_other_are_one(pack: Callable[[bytes], bytes]) -> None:
    assert payloads(pack(LOG) + pack(LOG)) == LINES * 2


@pytest.mark.parametrize("pack", [gzipped, zstded])
@pytest.mark.parametrize("lost_bytes", [1, 5, 400])
def test_a_packed_log_that_is_cut_gives_what_came_before(pack: Callable[[bytes], bytes], lost_bytes: int) -> None:
    noise = b"".join(b'{"v":1,"device":"%s"}\n' % os.urandom(200).hex().encode() for _ in range(3000))
    items = read_bytes(pack(noise)[:-lost_bytes])
    *delivered, problem = items
    assert isinstance(problem, LogProblem)
    assert problem.ended_early
    assert "cut off" in problem.reason
    assert [item.payload for item in delivered if isinstance(item, Delivery)] == noise.splitlines()[: len(delivered)]
    assert len(delivered) > 1000


@pytest.mark.parametrize("pack", [gzipped, zstded])
def test_a_packed_log_that_is_damaged_ends_early(pack: Callable[[bytes], bytes]) -> None:
    noise = b"".join(b'{"v":1,"device":"%s"}\n' % os.urandom(200).hex().encode() for _ in range(9000))
    packed = bytearray(pack(noise))
    packed[len(packed) // 2 : len(packed) // 2 + 64] = b"\xff" * 64
    *delivered, problem = read_bytes(bytes(packed))
    assert isinstance(problem, LogProblem)
    assert problem.ended_early
    assert len(delivered) > 500


def test_zeros_after_a_gzip_member_are_padding() -> None:
    assert payloads(gzipped(LOG) + b"\0" * 512 + gzipped(LOG)) == LINES * 2


def test_a_line_end_may_lie_across_two_pieces() -> None:
    assert list(line_batches(iter([b"a\r", b"\nb", b"\n", b"c\r"]))) == [[], [b"a"], [b"b"], [], [b"c"]]


def test_blank_lines_at_the_top_do_not_hide_the_format() -> None:
    assert payloads(b"\n" * 1000 + LOG) == LINES


def test_a_packed_log_cut_before_its_first_line_is_refused() -> None:
    assert "cut off" in refusal_of(gzipped(LOG)[:15])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8"])
def test_encodings_with_a_byte_order_mark_and_windows_line_ends_are_read(encoding: str) -> None:
    assert payloads(LOG.decode().replace("\n", "\r\n").encode(encoding)) == LINES


def test_big_endian_utf_16_is_read() -> None:
    assert payloads(b"\xfe\xff" + LOG.decode().encode("utf-16-be")) == LINES


def test_utf_16_that_ends_in_half_a_character_says_so() -> None:
    items = read_bytes(LOG.decode().encode("utf-16")[:-1])
    assert [problem.ended_early for problem in problems(items)] == [True]
    assert len(items) >= len(LINES)


def test_a_lone_surrogate_in_utf_16_spoils_its_own_line_only() -> None:
    bad = LINES[0].decode().replace("été", "\ud83d")
    read = payloads(f"{bad}\n{LINES[1].decode()}\n".encode("utf-16", "surrogatepass"))
    assert read[1] == LINES[1]
    with pytest.raises(UnicodeDecodeError):
        read[0].decode()


def test_origins_count_every_line_and_blank_ones_are_passed_over() -> None:
    items = read_bytes(LINES[0] + b"\n\n  \t\r\n" + LINES[1])
    assert [item.origin for item in items] == ["log.txt:1", "log.txt:4"]
    assert [item.received_at for item in items if isinstance(item, Delivery)] == [NOW, NOW]
    assert [item.topic_device for item in items if isinstance(item, Delivery)] == [None, None]


def test_a_bad_line_condemns_no_file() -> None:
    bad = [b"not json", b"\x00\xff\x01", b"{", b'{"v":2}']
    assert payloads(b"\n".join([*bad, LINES[0]])) == [*bad, LINES[0]]


def test_a_line_over_the_bound_is_named_and_the_rest_is_read() -> None:
    longest = LINES[0] + b" " * (MAX_ENVELOPE_BYTES - len(LINES[0]))
    items = read_bytes(b"\n".join([longest, longest + b" ", b"x" * 3_000_000, LINES[1]]))
    assert [item.payload for item in items if isinstance(item, Delivery)] == [longest, LINES[1]]
    assert [problem.origin for problem in problems(items)] == ["log.txt:2", "log.txt:3"]


def test_a_first_line_over_the_bound_does_not_hide_the_format() -> None:
    assert payloads(b"x" * 400_000 + b"\n" + LINES[0]) == [LINES[0]]


@pytest.mark.parametrize(
    "content",
    [
        os.urandom(5000),
        b"\x7fELF\x02\x01\x01" + b"\x00" * 500,
        b"hello\nworld\n",
        b"[" * 100_000,
        b"12-17 19:31:36.296  2852  2852 I StatusBar: StatusBarNotification(pkg=a.b user=UserHandle{0} id=1 tag=null\n",
    ],
)
def test_a_file_of_no_known_format_is_refused_in_one_line_that_names_the_known_ones(content: bytes) -> None:
    refusal = refusal_of(content)
    assert "log.txt is of no known format" in refusal
    assert all(known in refusal for known in LogFormat)
    assert "--format" in refusal


def test_an_empty_file_and_one_of_blanks_hold_nothing() -> None:
    assert "is empty" in refusal_of(b"")
    assert "is empty" in refusal_of(b" \r\n\n")


def test_what_only_begins_like_a_packed_file_is_refused() -> None:
    assert "damaged" in refusal_of(b"\x1f\x8b" + b"nonsense" * 50)
    assert "damaged" in refusal_of(b"\x28\xb5\x2f\xfd" + b"\xff" * 50)


def test_what_is_missing_a_folder_or_forbidden_is_refused(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "gone.jsonl", "no such file"), (tmp_path, "is a folder")):
        with pytest.raises(LogError, match=said):
            read_file(path)


def test_the_name_of_a_file_decides_nothing(tmp_path: Path) -> None:
    path = tmp_path / "log.gz"
    path.write_bytes(LOG)
    assert len(read_file(path)) == len(LINES)


def test_a_format_that_is_named_is_taken_at_its_word() -> None:
    assert payloads(b"hello\nworld\n", log_format=LogFormat.VEILLEUR) == [b"hello", b"world"]
    assert read_bytes(b"", log_format=LogFormat.VEILLEUR) == []
    assert read_bytes(b"hello\n", log_format=LogFormat.DUMPSYS) == []


@pytest.mark.parametrize(
    ("content", "log_format"),
    [
        (LOG, LogFormat.VEILLEUR),
        ((DUMPS / "android16.txt").read_bytes(), LogFormat.DUMPSYS),
        (b"* daemon started successfully\n" + (DUMPS / "android9.txt").read_bytes(), LogFormat.DUMPSYS),
        (b'\n[\n  {\n    "id": 1,\n    "packageName": "a.b"\n  }\n]', LogFormat.TERMUX),
    ],
)
def test_a_format_is_told_from_the_first_lines(tmp_path: Path, content: bytes, log_format: LogFormat) -> None:
    path = tmp_path / "log"
    path.write_bytes(content)
    with open_log(path, format=None, device="d", clock=lambda: NOW) as log:
        assert log.format is log_format


def test_a_dump_whose_words_look_like_another_log_is_still_a_dump() -> None:
    words = 'Voilà :\n{"v":1,"device":"salon-1"}\n{"dead":{"device":"salon-1"}}\n[21/11/2026 10:02:11] Nadia: Bonjour'
    [shown] = notifications(read_bytes(print_dump([Shown("Nadia", words)]).encode()))
    assert shown.text == words


def test_progress_counts_the_packed_file(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(zstded(LOG))
    with open_log(path, format=None, device="d", clock=lambda: NOW) as log:
        assert log.total_bytes == path.stat().st_size
        assert sum(1 for _ in log.items) == len(LINES)
        assert log.bytes_read == log.total_bytes


def test_standard_input_is_unpacked_too_and_has_no_size() -> None:
    program = (
        "from datetime import UTC, datetime\n"
        "from veilleur_bridge.sources.log_file import open_log\n"
        "with open_log(None, format=None, device='d', clock=lambda: datetime.now(UTC)) as log:\n"
        "    items = list(log.items)\n"
        "    print(log.total_bytes, len(items), items[0].origin)\n"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, input=gzipped(LOG), capture_output=True, check=True, timeout=60)
    assert done.stdout.decode().split() == ["None", str(len(LINES)), "stdin:1"]


def test_a_pipe_is_followed_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    keep_open = os.open(path, os.O_RDWR)
    os.write(keep_open, LINES[0] + b"\n")
    with open_log(path, format=None, device="d", clock=lambda: NOW) as log:
        assert log.total_bytes is None
        first = next(log.items)
    os.close(keep_open)
    assert isinstance(first, Delivery)
    assert first.payload == LINES[0]


def test_a_gigabyte_without_a_line_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "endless.zst"
    with zstandard.open(path, "wb") as file:
        file.write(LINES[0] + b"\n")
        for _ in range(1024):
            file.write(b"x" * 1024 * 1024)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    items = read_file(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 96 * 1024
    assert [type(item) for item in items] == [Delivery, LogProblem]
