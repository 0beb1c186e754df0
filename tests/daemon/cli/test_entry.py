"""The process itself: streams, exit codes, and what is imported before a command is known."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.daemon.cli.conftest import Keep
from tests.daemon.store.arrivals import arrival, sighting

SERVERS = ("fastapi", "uvicorn", "paho", "nats", "starlette")
DATABASE = ("sqlalchemy", "alembic", "psycopg")


def start(*arguments: str, **kwargs: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "veilleur.cli.entry", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **kwargs)  # type: ignore[call-overload, no-any-return] # passed through


@pytest.mark.usefixtures("data_dir")
@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [(("--help",), SERVERS + DATABASE), (("--version",), SERVERS + DATABASE), (("mentions",), SERVERS)],
)
def test_a_command_imports_only_what_it_needs(arguments: tuple[str, ...], unwanted: tuple[str, ...]) -> None:
    program = (
        "import sys\nfrom veilleur.cli.entry import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit:\n    print(sorted({unwanted!r} & sys.modules.keys()))"
    ).replace(repr(unwanted), f"set({unwanted!r})")

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.usefixtures("data_dir")
def test_the_token_and_its_explanation_use_different_streams() -> None:
    with start("token", "create", "x") as process:
        out, err = process.communicate()

    assert process.returncode == 0
    assert out.startswith(b"veil_")
    assert out.count(b"\n") == 1
    assert b"shown only now" in err


@pytest.mark.parametrize("mentions", [1, 1_000])
def test_a_reader_that_leaves_early_is_no_error(keep: Keep, mentions: int) -> None:
    keep(*(arrival(n, sighting(f"{n} " + "word " * 300)) for n in range(1, mentions + 1)))

    with start("mentions", "--format", "jsonl", env={**os.environ, "PYTHONUNBUFFERED": ""}) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        err = process.stderr.read()

    assert err == b""
    assert process.returncode == 1


@pytest.mark.usefixtures("data_dir")
def test_an_ascii_terminal_breaks_nothing(keep: Keep) -> None:
    keep(arrival(1, sighting("école 🚇")))

    with start("mentions", env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}) as process:
        out, _ = process.communicate()

    assert "école 🚇".encode() in out


@pytest.mark.parametrize(("level", "has_traceback"), [("info", False), ("debug", True)])
def test_what_nobody_expected_is_one_line_and_a_traceback_on_request(
    data_dir: Path, level: str, has_traceback: bool
) -> None:
    broken = data_dir / "sqlalchemy.py"
    broken.write_text("raise RuntimeError('boom')")
    env = {**os.environ, "PYTHONPATH": str(data_dir), "VEILLEUR_LOG_LEVEL": level}

    with start("mentions", env=env) as process:
        out, err = process.communicate()

    assert (process.returncode, out) == (1, b"")
    assert err.splitlines()[-1] == b"veilleur: unexpected RuntimeError: boom (details with VEILLEUR_LOG_LEVEL=debug)"
    assert (b"Traceback" in err) is has_traceback
    assert (err.count(b"\n") == 1) is not has_traceback
