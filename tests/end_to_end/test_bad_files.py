"""Files and settings that cannot be used: one line that says why, the right exit code, and never a traceback."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.conftest import RunHere
from tests.end_to_end.test_any_order import LINES
from tests.servers.daemon import Installation, Ran

FAILED, UNUSABLE = 1, 2


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return Installation(tmp_path_factory.mktemp("files"))


def said_in_one_line(ran: Ran) -> str:
    """Return the one line that a failed command said; nothing else was printed."""
    (line,) = ran.err.splitlines()
    assert line.startswith("veilleur: ")
    assert ran.out == ""
    return line


def make_binary(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 64)


def make_empty(path: Path) -> None:
    path.touch()


def make_torn_header(path: Path) -> None:
    path.write_bytes(gzip.compress(LINES[0])[:6])


UNREADABLE: dict[str, Callable[[Path], object]] = {
    "binary.bin": make_binary,
    "empty.jsonl": make_empty,
    "folder": Path.mkdir,
    "torn.jsonl.gz": make_torn_header,
    "missing.jsonl": Path,
}


@pytest.mark.parametrize(("name", "make"), UNREADABLE.items(), ids=UNREADABLE.keys())
def test_a_file_that_is_no_log_ends_with_2_and_is_named(
    installation: Installation, tmp_path: Path, name: str, make: Callable[[Path], object]
) -> None:
    make(tmp_path / name)

    ran = installation.run("replay", str(tmp_path / name))

    assert ran.code == UNUSABLE
    assert name in said_in_one_line(ran)


@pytest.mark.parametrize("ending", [".gz", ""])
def test_of_a_file_that_ends_early_everything_before_is_kept(tmp_path: Path, run_here: RunHere, ending: str) -> None:
    whole = gzip.compress(b"".join(LINES)) if ending else b"".join(LINES)
    cut = whole[: len(whole) * 2 // 3]
    (tmp_path / f"cut.jsonl{ending}").write_bytes(cut)
    readable = zlib.decompressobj(wbits=31).decompress(cut) if ending else cut
    installation = Installation(tmp_path / "kept")

    ran = installation.run("replay", str(tmp_path / f"cut.jsonl{ending}"))

    assert ran.code == FAILED
    assert [line.split(":")[0] for line in ran.err.splitlines()[:-1]] == [f"cut.jsonl{ending}"]
    assert stored_seqs(run_here, installation) == list(range(1, readable.count(b"\n") + 1))


def test_lines_that_cannot_be_read_are_named_by_number_and_the_good_ones_among_them_stored(
    tmp_path: Path, run_here: RunHere
) -> None:
    bad = {
        4: b"\xff\xfe rien\n",
        6: b"pas du JSON\n",
        7: LINES[20].replace(b'"v":1', b'"v":9'),
        9: LINES[21].replace(b"\n", b"\xe9\n"),
        12: b"[" * 100_000 + b"\n",
        13: LINES[22].decode().strip().encode("utf-16") + b"\n",
    }
    good = iter(LINES)
    log = tmp_path / "mixed.jsonl"
    log.write_bytes(b"".join(bad.get(number) or next(good) for number in range(1, 16)))
    installation = Installation(tmp_path / "kept")

    ran = installation.run("replay", str(log))

    assert ran.code == FAILED
    *named, took = ran.err.splitlines()
    assert took.endswith("a second)")
    assert {int(line.split(":")[1]) for line in named} == bad.keys()
    assert [line for line in named if len(line) > 200 or "Traceback" in line] == []
    assert stored_seqs(run_here, installation) == list(range(1, 15 - len(bad) + 1))


def stored_seqs(run_here: RunHere, installation: Installation) -> list[int]:
    listed = run_here(installation, "notifications", "--format", "jsonl", "--all")
    return sorted(json.loads(line)["seq"] for line in listed.out.splitlines())


UNUSABLE_COMMANDS = {
    "a query that cannot be read": (UNUSABLE, ["mentions", "kind:rien"], {}, "column"),
    "a port that is none": (UNUSABLE, ["serve"], {"VEILLEUR_HTTP_PORT": "huit"}, "VEILLEUR_HTTP_PORT"),
    "no broker to take from": (FAILED, ["ingest"], {}, "VEILLEUR_MQTT_URL"),
    "a broker address that is none": (FAILED, ["ingest"], {"VEILLEUR_MQTT_URL": "nulle part"}, "mqtt://"),
    "a database that is none": (FAILED, ["mentions"], {"VEILLEUR_DATABASE_URL": "nulle:part"}, "VEILLEUR_DATABASE_URL"),
    "a device that no topic can hold": (FAILED, ["device", "add", "Salon 1"], {}, "cannot name a device"),
}


@pytest.mark.parametrize(
    ("code", "words", "settings", "advice"), UNUSABLE_COMMANDS.values(), ids=UNUSABLE_COMMANDS.keys()
)
def test_what_cannot_be_used_is_told_in_one_line_that_says_what_to_do(
    tmp_path: Path, run_here: RunHere, code: int, words: list[str], settings: dict[str, str], advice: str
) -> None:
    ran = run_here(Installation(tmp_path, settings=settings), *words)

    assert ran.code == code
    assert advice in said_in_one_line(ran)
