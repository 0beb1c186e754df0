"""Looks at the tablet's own notification list by Termux:API's `termux-notification-list`."""

from __future__ import annotations

from typing import Final

from veilleur_bridge.delivery import LogProblem
from veilleur_bridge.sources.command_run import CommandOutput, CommandRun
from veilleur_bridge.sources.list_changes import ActiveList
from veilleur_bridge.sources.look import Look, Problem, Trouble
from veilleur_bridge.sources.raw_notification import RawNotification
from veilleur_bridge.sources.termux_list import read_list, recognise

PROGRAM: Final = "termux-notification-list"
_ALLOW: Final = (
    "allow Termux:API under Settings → Notifications → Device and app notifications (Android 13 and later: first its ⋮ "
    "→ Allow restricted settings)"
)


class TermuxList:
    """The active notifications of the tablet that this runs on."""

    def __init__(self, run: CommandRun, *, program: str = PROGRAM) -> None:
        self._run = run
        self._command = (program,)

    def look(self) -> Look:
        """Ask Termux:API once; takes as long as it takes, at most the run's time-out."""
        try:
            printed = self._run.run(self._command)
        except OSError:
            advice = (
                f"{self._command[0]} cannot be started: install the app Termux:API, then run `pkg install termux-api`"
            )
            return Look(trouble=Trouble(Problem.TERMUX_API_MISSING, advice))
        return read_look(printed)

    def cancel(self) -> None:
        """End a look that is under way."""
        self._run.cancel()


def read_look(printed: CommandOutput) -> Look:
    """Return what the printed list shows; its times are those of this machine's zone. Pure but for that zone."""
    if not printed.output.strip():
        why = "does not answer: is the app Termux:API installed?" if printed.timed_out else "printed no list:"
        return Look(trouble=Trouble(Problem.TERMUX_API_SILENT, f"Termux:API {why} {_ALLOW}"))
    if not recognise(printed.output.splitlines()):
        return Look(trouble=Trouble(Problem.LIST_GARBLED, f"Termux:API printed no list of notifications: {_ALLOW}"))
    found = list(read_list(iter((printed.output,)), "termux", None))
    notifications = [item for item in found if isinstance(item, RawNotification)]
    unreadable = [item for item in found if isinstance(item, LogProblem)]
    if not unreadable:
        return Look(ActiveList(notifications, is_whole=printed.exit_code == 0))
    is_cut = any(problem.ended_early for problem in unreadable)
    trouble = Trouble(
        Problem.DUMP_CUT if is_cut else Problem.RECORD_UNREADABLE,
        f"{len(unreadable)} entries of Termux:API's list cannot be read: {unreadable[0].reason}",
    )
    return Look(ActiveList(notifications, is_whole=False), trouble)
