"""Looks at a phone's notification list over adb; what the phone withholds or adb refuses becomes a trouble."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from veilleur_bridge.delivery import LogProblem
from veilleur_bridge.sources.command_run import CommandOutput, CommandRun
from veilleur_bridge.sources.dumpsys.reader import read_dump, recognise
from veilleur_bridge.sources.imported import MISSING_EXTRA
from veilleur_bridge.sources.list_changes import ActiveList
from veilleur_bridge.sources.look import Look, Problem, Trouble
from veilleur_bridge.sources.raw_notification import RawNotification

# The mark proves that the dump came whole; it carries dumpsys's exit code, which old adb does not, and the language.
SHELL_COMMAND: Final = 'dumpsys notification --noredact; echo "veilleur-end $? $(getprop persist.sys.locale)"'
_END: Final = re.compile(
    rb"^veilleur-end (?P<code>\d+) ?(?P<locale>[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*)?\s*\Z", re.MULTILINE
)
_END_WITHIN_BYTES: Final = 200
_DUMP_TIMED_OUT: Final = re.compile(rb"^\*\*\* SERVICE '?notification'? DUMP TIMEOUT", re.MULTILINE)
_REFUSED: Final = re.compile(rb"^(?:Permission Denial|Can't find service)", re.MULTILINE)
_SNIFFED_LINES: Final = 100

_COMPLAINTS: Final = tuple(
    (re.compile(words, re.IGNORECASE), Trouble(problem, advice))
    for words, problem, advice in (
        (
            "unauthorized|still authorizing",
            Problem.DEVICE_UNAUTHORIZED,
            "the phone has not allowed this computer: unlock it and answer “Allow USB debugging?”",
        ),
        (
            "more than one device",
            Problem.SEVERAL_DEVICES,
            "several phones are connected: name one of `adb devices` by --serial",
        ),
        (
            "device offline|still connecting|error: closed|protocol fault|connection reset",
            Problem.DEVICE_OFFLINE,
            "the phone does not answer adb: unplug it and plug it in again",
        ),
        (
            "no devices|device '[^']*' not found|device not found",
            Problem.NO_DEVICE,
            "adb sees no such phone: connect it, and switch USB debugging on in its developer options",
        ),
        (
            "permissions",
            Problem.ADB_FAILED,
            "adb may not use the USB port: install your system's udev rules for Android, then run `adb kill-server`",
        ),
    )
)


class AdbList:
    """The active notifications of one phone; `serial` None takes the only one that is connected."""

    def __init__(self, run: CommandRun, *, adb: str = "adb", serial: str | None = None) -> None:
        self._run = run
        self._command = (adb, *(("-s", serial) if serial else ()), "shell", SHELL_COMMAND)

    def look(self) -> Look:
        """Ask the phone once; takes as long as it takes, at most the run's time-out."""
        try:
            printed = self._run.run(self._command)
        except FileNotFoundError:
            return _nothing(
                Problem.ADB_MISSING, "adb is not installed: install android-tools (platform-tools), or name it by --adb"
            )
        except OSError as error:
            return _nothing(Problem.ADB_MISSING, f"adb cannot be started ({error.strerror}): name another by --adb")
        return read_look(printed)

    def cancel(self) -> None:
        """End a look that is under way."""
        self._run.cancel()


def read_look(printed: CommandOutput) -> Look:
    """Return what adb's output shows. Pure."""
    end = _END.search(printed.output, max(0, len(printed.output) - _END_WITHIN_BYTES))
    dump = printed.output[: end.start()] if end else printed.output
    if not _is_dump(dump):
        return Look(trouble=_trouble_without_dump(printed, dump, came_to_its_end=end is not None))
    came_whole = end is not None and end["code"] == b"0" and not _DUMP_TIMED_OUT.search(dump[-4096:])
    found = list(read_dump(iter((dump,)), "adb"))
    if not came_whole and found and isinstance(found[-1], RawNotification):
        found.pop()
    notifications = [item for item in found if isinstance(item, RawNotification)]
    unreadable = [item for item in found if isinstance(item, LogProblem)]
    locale = end["locale"].decode() if end and end["locale"] else None
    shown = ActiveList(notifications, is_whole=came_whole and not unreadable)
    return Look(shown, _trouble_with_dump(notifications, unreadable, came_whole=came_whole), locale)


def _is_dump(dump: bytes) -> bool:
    return recognise(dump.lstrip().split(b"\n", _SNIFFED_LINES)[:_SNIFFED_LINES])


def _trouble_without_dump(printed: CommandOutput, dump: bytes, *, came_to_its_end: bool) -> Trouble:
    for words, trouble in _COMPLAINTS:
        if words.search(printed.complaint):
            return trouble
    if printed.timed_out:
        return Trouble(Problem.ADB_TIMED_OUT, "the phone took too long to answer: unlock it, or try another cable")
    if _REFUSED.search(dump):
        return Trouble(
            Problem.DUMP_REFUSED, "the phone refuses its notification list: is USB debugging limited by its owner?"
        )
    if not dump.strip() and not came_to_its_end:
        last_line = printed.complaint.splitlines()[-1][:120] if printed.complaint else f"exit code {printed.exit_code}"
        return Trouble(Problem.ADB_FAILED, f"adb printed nothing ({last_line}): run `adb kill-server` and try again")
    if not dump.strip():
        return Trouble(Problem.DUMP_EMPTY, "the phone printed an empty list of services: restart it")
    return Trouble(
        Problem.DUMP_GARBLED,
        "the phone printed something that is no notification list: report its model and Android version",
    )


def _trouble_with_dump(
    notifications: Sequence[RawNotification], unreadable: Sequence[LogProblem], *, came_whole: bool
) -> Trouble | None:
    if not came_whole:
        return Trouble(Problem.DUMP_CUT, "the list broke off before its end; what came whole was taken")
    if unreadable:
        return Trouble(
            Problem.RECORD_UNREADABLE,
            f"{len(unreadable)} notifications of the list cannot be read: {unreadable[0].reason}",
        )
    if any(MISSING_EXTRA in (found.notification.extras or {}) for found in notifications):
        return Trouble(
            Problem.DUMP_REDACTED, "this phone withholds words from adb: use the companion app or Termux there"
        )
    return None


def _nothing(problem: Problem, advice: str) -> Look:
    return Look(trouble=Trouble(problem, advice))
