"""The console script: every error that reaches it becomes one line and an exit code."""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Final, NoReturn

from veilleur.cli.output.terminal import say
from veilleur.cli.output.visible import in_one_line
from veilleur.cli.root import build_cli
from veilleur.model.errors import QueryError, SettingsError, VeilleurError
from veilleur_bridge.errors import BridgeError, LogError

FAILED: Final = 1
UNUSABLE: Final = 2
INTERRUPTED: Final = 130
_UNUSABLE_KINDS: Final = (LogError, QueryError, SettingsError)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command (default: this process's arguments) and end the process.

    Ends with 0; 1 when it failed; 2 when what was asked or given cannot be read; 130 when interrupted.
    """
    _speak_utf8()
    try:
        _run(arguments)
    except (VeilleurError, BridgeError) as error:
        _end(_sentence(error), UNUSABLE if isinstance(error, _UNUSABLE_KINDS) else FAILED)
    except BrokenPipeError:
        _stop_writing()
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except OSError as error:
        _end(f"{error.filename}: {error.strerror}" if error.filename else str(error), FAILED)
    except Exception as error:  # the CLI's boundary: a person gets a sentence, never a traceback
        if os.environ.get("VEILLEUR_LOG_LEVEL", "").lower() == "debug":
            traceback.print_exc()
        _end(f"unexpected {type(error).__name__}: {error} (details with VEILLEUR_LOG_LEVEL=debug)", FAILED)
    sys.exit(0)


def _run(arguments: Sequence[str] | None) -> None:
    try:
        build_cli()(arguments, prog_name="veilleur")
    finally:
        # Few lines wait in the buffer until here: their reader may be gone.
        sys.stdout.flush()


def _end(sentence: str, code: int) -> NoReturn:
    say(f"veilleur: {in_one_line(sentence)}")
    sys.exit(code)


def _sentence(error: Exception) -> str:
    return f"the query cannot be read: {error}" if isinstance(error, QueryError) else str(error)


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _stop_writing() -> None:
    # Python flushes standard output once more as it ends: that must not fail again.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
