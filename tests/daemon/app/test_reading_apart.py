"""A long log is read by a process of its own: the same batches as in this one, and no accident of it goes unsaid."""

from __future__ import annotations

import gzip
import os
import random
import signal
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from msgspec.structs import replace

from tests.bridge.envelopes import good_envelope, payload_of
from tests.waiting import until
from veilleur.app.reading_apart import read_log
from veilleur.app.reading_messages import LogBatch, LogChoice
from veilleur.app.settings import Settings, load_settings
from veilleur.model.arrival import Arrival
from veilleur_bridge.delivery import LogProblem
from veilleur_bridge.errors import LogError

WORTH_A_PROCESS = 8 * 1024 * 1024
LINES = 2_600
SOON = 20.0
TIMES_LONGER = 12
LETTERS = bytes.maketrans(b"0123456789+/=", b"abcdefghijklm")


def made_line(number: int, chance: random.Random, text: str = "Camille commented: froid") -> bytes:
    """Return a line of some 4,600 bytes, half of which no compression takes away."""
    filler = b64encode(chance.randbytes(3_300)).translate(LETTERS).decode()
    tree = good_envelope(id=f"0192f0c1-7b7e-7c1e-8f3a-{number:012}", seq=number)
    tree["notification"] = {"key": "k", "title": "TikTok", "text": text, "tag": filler}
    return payload_of(tree) + b"\n"


@pytest.fixture(scope="module")
def lines() -> list[bytes]:
    chance = random.Random(5)
    made = [made_line(number, chance) for number in range(1, LINES + 1)]
    made[7] = b"nonsense\n"
    return made


@pytest.fixture
def settings(bare: Path) -> Settings:
    return load_settings(data_dir=bare)


@pytest.fixture
def long_log(tmp_path: Path, lines: list[bytes]) -> Path:
    return written(tmp_path / "long.jsonl", b"".join(lines))


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def choice(path: Path) -> LogChoice:
    return LogChoice(path, None, "import")


def reading_processes() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if is_born(child)]


def without_hour(arrivals: list[Arrival]) -> list[Arrival]:
    return [replace(one, received_at_ms=0) for one in arrivals]


def test_a_long_log_tells_what_its_two_halves_tell(
    settings: Settings, long_log: Path, tmp_path: Path, lines: list[bytes]
) -> None:
    halves = [lines[: LINES // 2], lines[LINES // 2 :]]
    paths = [written(tmp_path / f"half-{number}.jsonl", b"".join(half)) for number, half in enumerate(halves)]
    assert max(path.stat().st_size for path in paths) < WORTH_A_PROCESS < long_log.stat().st_size
    here = [batch for path in paths for batch in read_log(settings, choice(path))]
    assert reading_processes() == []
    there, processes = list[LogBatch](), set[psutil.Process]()
    for batch in read_log(settings, choice(long_log)):
        there.append(batch)
        processes.update(reading_processes())
    assert len(processes) == 1
    assert reading_processes() == []
    assert without_hour(arrivals_of(there)) == without_hour(arrivals_of(here))
    assert [problem.reason for problem in problems_of(there)] == [problem.reason for problem in problems_of(here)]
    assert len(arrivals_of(there)) == LINES - 1
    assert there[-1].bytes_read == there[-1].total_bytes == long_log.stat().st_size
    assert max(len(batch.arrivals) for batch in there) <= 1_000


def arrivals_of(batches: list[LogBatch]) -> list[Arrival]:
    return [arrival for batch in batches for arrival in batch.arrivals if isinstance(arrival, Arrival)]


def problems_of(batches: list[LogBatch]) -> list[LogProblem]:
    return [problem for batch in batches for problem in batch.problems]


@pytest.mark.fault
def test_a_long_log_that_breaks_off_is_read_up_to_there(settings: Settings, tmp_path: Path, lines: list[bytes]) -> None:
    whole = gzip.compress(b"".join(lines), compresslevel=1)
    cut = written(tmp_path / "cut.jsonl.gz", whole[: WORTH_A_PROCESS + 1_000])
    batches = list(read_log(settings, choice(cut)))
    assert [problem.ended_early for batch in batches for problem in batch.problems] == [False, True]
    assert LINES // 2 < len(arrivals_of(batches)) < LINES - 1


def refusal_of(settings: Settings, path: Path) -> str:
    with pytest.raises(LogError) as refused:
        list(read_log(settings, choice(path)))
    return str(refused.value)


def test_a_long_file_of_no_known_format_is_refused_as_a_short_one(
    settings: Settings, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    content = bytes(range(256)) * 33 * 1024
    path = tmp_path / "binary"
    refusals = {refusal_of(settings, written(path, content[:size])) for size in (9_000, len(content))}
    assert len(refusals) == 1
    assert "--format" in refusals.pop()
    assert capfd.readouterr() == ("", "")


def test_a_missing_file_is_named(settings: Settings, tmp_path: Path) -> None:
    assert "missing.jsonl" in refusal_of(settings, tmp_path / "missing.jsonl")


def test_the_reading_process_ends_when_nobody_reads_on(
    settings: Settings, long_log: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    batches = read_log(settings, choice(long_log))
    assert len(next(batches).arrivals) > 900
    assert len(reading_processes()) == 1
    del batches
    assert reading_processes() == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.fault
def test_a_reading_process_that_dies_in_the_middle_of_a_batch_is_told(settings: Settings, long_log: Path) -> None:
    """It mostly waits inside a message that is too large for the pipe: its end there is no end of the file."""
    batches = read_log(settings, choice(long_log))
    next(batches)
    [process] = reading_processes()
    until(lambda: is_waiting(process.pid), within_seconds=SOON, what="the reading process waits for room in the pipe")
    process.kill()
    with pytest.raises(LogError, match=r"long\.jsonl: the process that read it ended with -9"):
        list(batches)
    assert reading_processes() == []


def is_waiting(process_id: int | None) -> bool:
    return psutil.Process(process_id).status() == psutil.STATUS_SLEEPING


def test_a_broken_catalogue_is_told_as_it_is_for_a_short_log(
    settings: Settings, long_log: Path, tmp_path: Path, lines: list[bytes], capfd: pytest.CaptureFixture[str]
) -> None:
    """The reading process ended with a traceback on standard error, and the catalogue's name was only in there."""
    folder = settings.data_dir / "catalogues" / "tiktok"
    folder.mkdir(parents=True)
    (folder / "fr.toml").write_text("nonsense = [")
    for path in (long_log, written(tmp_path / "short.jsonl", b"".join(lines[:9]))):
        with pytest.raises(Exception, match=r"tiktok/fr\.toml: "):
            list(read_log(settings, choice(path)))
    assert capfd.readouterr() == ("", "")


def test_a_number_that_no_message_holds_costs_its_line_alone(
    settings: Settings, tmp_path: Path, lines: list[bytes]
) -> None:
    absurd = made_line(9_999, random.Random(6), f"Camille and {10**22} others liked your video")
    path = written(tmp_path / "absurd.jsonl", b"".join([*lines, absurd]))
    batches = list(read_log(settings, choice(path)))
    assert len(arrivals_of(batches)) == LINES - 1
    assert "does not fit" in str(problems_of(batches)[-1])


def is_born(child: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return "veilleur.app.reading_process" in child.cmdline()
    return False


def holds_the_log_open(child: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return any(file.path.endswith(".jsonl") for file in child.open_files())
    return False


@pytest.mark.fault
@pytest.mark.parametrize("is_there", [is_born, holds_the_log_open])
def test_ctrl_c_during_a_long_log_says_nothing_but_the_code(
    settings: Settings, tmp_path: Path, lines: list[bytes], is_there: Callable[[psutil.Process], bool]
) -> None:
    """The terminal interrupts the reading process too, which answered with a traceback.

    The log is long enough for the interrupt: one read within a second was once stored before the signal was sent.
    """
    log = written(tmp_path / "longer.jsonl", b"".join(lines * TIMES_LONGER))
    command = [sys.executable, "-m", "veilleur.cli.entry", "replay", str(log)]
    environment = {**os.environ, "VEILLEUR_DATA_DIR": str(settings.data_dir)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, start_new_session=True
    ) as process:
        children = psutil.Process(process.pid).children
        until(lambda: any(map(is_there, children())), within_seconds=SOON, what="the reading process is there")
        os.killpg(process.pid, signal.SIGINT)
        out, errors = process.communicate(timeout=SOON)
    assert (process.returncode, out) == (130, b"")
    assert b"Traceback" not in errors


def test_the_process_that_reads_loads_no_database() -> None:
    """Broken once: a key was imported from beside its table, and the process began with 13 MiB more."""
    looking = "import sys, veilleur.app.reading_process; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", looking], check=False).returncode == 0
